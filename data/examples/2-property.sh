#!/bin/sh
# Commands and answers by properties of the window: xprop is all that is needed, on any machine from
# which the display can be reached.
#
#     2-property.sh film.tif out.png
#
# Of two programs that write commands at the same time one may be lost here; xlightbox --remote has
# no such gap.
set -eu
file=$1 out=$2

xlightbox -geometry 900x700+0+0 "$file" &
viewer=$!
trap 'kill $viewer 2>/dev/null || :' EXIT

# The window says itself whose it is.
window_of() {
    xwininfo -root -tree | awk '$1 ~ /^0x/ { print $1 }' | while read -r id; do
        case $(xprop -id "$id" _NET_WM_PID 2>/dev/null) in *"= $1") echo "$id" && break ;; esac
    done
}
until id=$(window_of $viewer) && [ -n "$id" ]; do sleep 0.05; done

# Writes commands and prints the answer, which is taken away when others are taken up.
command() {
    xprop -id "$id" -remove _XLIGHTBOX_RESULT
    xprop -id "$id" -f _XLIGHTBOX_COMMAND 8s -set _XLIGHTBOX_COMMAND "$1"
    until xprop -id "$id" _XLIGHTBOX_RESULT | grep -q ' = '; do sleep 0.05; done
    xprop -id "$id" _XLIGHTBOX_RESULT
}
until xprop -id "$id" _XLIGHTBOX_STATE | grep -q ' idle=1 '; do sleep 0.05; done

command 'preset lung; zoom 50%'
command "screenshot '$out' image force"
xprop -id "$id" _XLIGHTBOX_STATE
xprop -id "$id" -f _XLIGHTBOX_COMMAND 8s -set _XLIGHTBOX_COMMAND quit
wait $viewer || :
trap - EXIT
