#!/bin/sh
# A picture of the window, with the tools of any X session: xdotool drives it, xwd (or ImageMagick's
# import) takes it.
#
#     1-xdotool.sh ct.tif bone.xwd        # or bone.png
#
# Presets are in Hounsfield units: the file's offset is named, as it does not name one itself.
# Needs xdotool, xwininfo, and xwd or import.
set -eu
file=$1 out=$2

xlightbox -geometry 900x700+0+0 --rescale 1,-1024 "$file" &
viewer=$!
trap 'kill $viewer 2>/dev/null || :' EXIT

# The window of this viewer and of no other one.
id=$(xdotool search --sync --onlyvisible --all --pid $viewer --class '^Xlightbox$' | head -n 1)
final() { xlightbox --id "$id" --remote 'wait idle 60'; }
final

xdotool key --window "$id" 4 # the window for bone
xdotool key --window "$id" z # one sample for a pixel
xdotool key --window "$id" plus
final

# The child `image` holds the picture and nothing else.
image=$(xwininfo -id "$id" -children | awk '/"image"/ { print $1 }')
case $out in
*.xwd) xwd -silent -id "$image" >"$out" ;;
*) import -window "$image" "$out" ;;
esac
xlightbox --id "$id" --remote quit
wait $viewer
trap - EXIT
