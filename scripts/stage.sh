# What scripts that show the viewer in an X server of their own have in common; sourced by them, from the top folder.
# They set: viewer, grab (the program made from tests/grab.c); they get: window, viewer_pid, ending.

seconds=60 # for any one thing to happen
server=
viewer_pid=
window=
scratch=$(mktemp -d "${TMPDIR:-/tmp}/xlightbox-stage.XXXXXX") || exit 1
ending=ppm
if grep -q '^#define HAVE_PNG 1' include/config.h 2>/dev/null; then ending=png; fi

say() {
    echo "${0##*/}: $*"
}

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# Tries COMMAND every 50 ms until it succeeds, for $seconds at most.
await() {
    turns=$((seconds * 20))
    until "$@"; do
        turns=$((turns - 1))
        if [ $turns -le 0 ]; then return 1; fi
        sleep 0.05
    done
}

# The value of $1 in the state that the window tells.
state() {
    xprop -id "$window" _XLIGHTBOX_STATE 2>/dev/null | sed -n "s/.*[ \"]$1=\([^ \"]*\).*/\1/p"
}

server_is_up() {
    kill -0 "$server" 2>/dev/null || fail 'Xvfb ended at once'
    [ -s "$scratch/display" ]
}

window_is_there() {
    kill -0 "$viewer_pid" 2>/dev/null || fail "$viewer ended before it showed a window"
    window=$(xdotool search --onlyvisible --class '^xlightbox$' 2>/dev/null | head -n 1)
    [ -n "$window" ]
}

picture_is_final() {
    kill -0 "$viewer_pid" 2>/dev/null || fail "$viewer ended early"
    [ "$(state idle)" = 1 ]
}

viewer_has_ended() {
    ! kill -0 "$viewer_pid" 2>/dev/null
}

# start_server SCREEN [OPTION...]: a server of that size and depth; $DISPLAY is it.
start_server() {
    screen=$1
    shift
    : >"$scratch/display"
    Xvfb -displayfd 3 -screen 0 "$screen" -nolisten tcp -noreset "$@" \
        3>"$scratch/display" 2>"$scratch/server.log" &
    server=$!
    await server_is_up || fail "Xvfb did not start: $(tail -n 1 "$scratch/server.log")"
    DISPLAY=:$(cat "$scratch/display")
    export DISPLAY
    unset XAUTHORITY
}

end_server() {
    kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
    server=
}

# start_viewer WORD...: until its picture is final.
start_viewer() {
    "$viewer" "$@" &
    viewer_pid=$!
    await window_is_there || fail "no window within $seconds s"
    await picture_is_final || fail "the picture was not final within $seconds s"
}

end_viewer() {
    xdotool key --window "$window" q 2>/dev/null # the window is gone before the key is released
    await viewer_has_ended || fail "the key q did not end it within $seconds s"
    wait "$viewer_pid" || fail "$viewer ended with status $?"
    viewer_pid=
}

clean_up() {
    trap - EXIT
    for process in $viewer_pid $server; do
        kill "$process" 2>/dev/null && wait "$process" 2>/dev/null
    done
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
