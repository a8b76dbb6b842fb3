#!/bin/sh
# Pictures of all pages at several windows, to be compared: film-brain-1.png, film-bone-1.png, ...
#
#     4-windows.sh folder-for-pictures film.tif...
set -eu
out=$1
shift

mkdir -p "$out"
status=0
for preset in brain subdural bone; do
    xlightbox --render "$out/%n-$preset-%p.png" --force --pages all --size 512x512 \
        --preset $preset "$@" || status=1
done
exit $status
