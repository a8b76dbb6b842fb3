#!/bin/sh
# A contact sheet of a folder: small pictures of all its images, each with its own window, side by
# side on one page. No display is needed.
#
#     3-contact-sheet.sh folder sheet.png
#
# Needs ImageMagick's montage.
set -eu
folder=$1 out=$2

work=$(mktemp -d "${TMPDIR:-/tmp}/sheet-XXXXXX")
trap 'rm -rf "$work"' EXIT
# What cannot be shown is told of and left out.
xlightbox --render "$work/%6i %n.png" --size 240x180 --jobs "$(nproc 2>/dev/null || echo 2)" "$folder" ||
    [ -n "$(ls "$work")" ]
montage -background black -fill white -geometry +4+4 -tile 4x "$work"/*.png "$out"
