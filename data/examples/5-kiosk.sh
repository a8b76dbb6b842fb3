#!/bin/sh
# A screen that shows each image as it comes into a folder, without a window manager, for ever: what
# is run again when it ends.
#
#     5-kiosk.sh folder
#
# Ends with the X server, or by a signal.
set -eu
folder=$1

size=$(xwininfo -root | awk '/Width:/ { w = $2 } /Height:/ { h = $2 } END { print w "x" h }')
viewer=
trap 'kill $viewer 2>/dev/null; exit 0' INT TERM HUP
while :; do
    xlightbox -geometry "$size+0+0" --no-status --follow --watch --page-window auto "$folder" &
    viewer=$!
    status=0
    wait $viewer || status=$?
    [ $status != 3 ] || exit 0 # the X server has gone
    [ $status != 2 ] || exit 2
    sleep 1
done
