#!/bin/sh
# Host instructions per 704 instruction of a simulator of the SIMH family, by valgrind --tool=callgrind, to lay beside
# those of tests/perf/callgrind.sh.
#
#   tests/perf/peers.sh SIMULATOR FILE.oct ...
#
# SIMULATOR       the program, as i704 of open-simh
# FILE.oct        a core image in text: lines `ADDRESS WORD  # comment` in octal; in its comments `start ADDRESS` and
#                 `instructions executed, ...: NUMBER`, up to and with the HTR that ends the program
# PEER_SETUP      commands of the simulator that come first, default "set cpu 32k" twice: i704 has 16K after the first
#
# The program runs to its HTR; a run that only loads it is taken off.
set -eu
[ $# -ge 2 ] || { sed -n '2,14p' "$0" >&2; exit 2; }
peer=$1
shift
[ -x "$peer" ] || { echo "$peer: no program there" >&2; exit 2; }
command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
setup=${PEER_SETUP-"set cpu 32k
set cpu 32k"}

# count COMMAND: host instructions of a run of the loaded program with that command
count() {
    { echo "$setup"; cat "$work/load"; echo "$1"; echo quit; } >"$work/script"
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$peer" "$work/script" </dev/null >"$work/said" 2>"$work/log" || true
    host=$(sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' "$work/log")
    [ -n "$host" ] || { cat "$work/said" "$work/log" >&2; echo "$peer gave no count" >&2; exit 1; }
}

printf '%-12s %14s %14s %8s\n' kernel '704' host per
for file in "$@"; do
    start=$(sed -n 's/^#.*start \([0-7]\{1,\}\).*/\1/p' "$file" | head -n 1)
    instructions=$(sed -n 's/^#.*instructions executed[^:]*: *\([0-9]\{1,\}\).*/\1/p' "$file" | head -n 1)
    [ -n "$start" ] && [ -n "$instructions" ] || { echo "$file: no start address or number of instructions in its comments" >&2; exit 2; }
    sed -n 's/^\([0-7]\{1,\}\) \{1,\}\([0-7]\{12\}\).*/d \1 \2/p' "$file" >"$work/load"
    count "echo loaded"
    before=$host
    count "go $start"
    # a simulator that stops at once, or does not know the words, has not run the program
    grep -i -E 'halt|HTR' "$work/said" >/dev/null || { cat "$work/said" >&2; echo "$file did not end at its HTR" >&2; exit 1; }
    awk -v name="$(basename "$file" .oct)" -v n="$instructions" -v host="$((host - before))" \
        'BEGIN { printf "%-12s %14d %14d %8.1f\n", name, n, host, host / n }'
done
