#!/bin/sh
# Host instructions per 704 instruction of a simulator of the SIMH family, by valgrind --tool=callgrind, to lay beside
# those of tests/perf/callgrind.sh.
#
#   tests/perf/peers.sh SIMULATOR [KERNEL ...]
#
# SIMULATOR       the program, as i704 of open-simh
# KERNEL          int fp mul mixed, of programs/kernels, or a core image in text with lines `ADDRESS WORD` in octal and a
#                 comment `start ADDRESS`; default int fp mul
# ASM704          the assembler, default target/release/asm704
# PEER_IC         name of the instruction counter there, default ic; pc in i7094
# PEER_SETUP      commands of the simulator that come first, default "set cpu 32k" twice: i704 has 16K after the first
#
# Each kernel runs twice, for 200,000 and for 1,200,000 instructions, and the figure is the difference in host
# instructions over the difference in 704 instructions: start-up is not in it.
set -eu
[ $# -ge 1 ] || { sed -n '2,16p' "$0" >&2; exit 2; }
peer=$1
shift
[ $# -gt 0 ] || set -- int fp mul
[ -x "$peer" ] || { echo "$peer: no program there" >&2; exit 2; }
command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 2; }
cd "$(dirname "$0")/../.."
assembler=${ASM704:-target/release/asm704}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
setup=${PEER_SETUP-"set cpu 32k
set cpu 32k"}

# count N: host instructions of N instructions of the loaded program
count() {
    { echo "$setup"; cat "$work/load"; echo "deposit ${PEER_IC-ic} $start"; echo "step $1"; echo quit; } >"$work/script"
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$peer" "$work/script" </dev/null >"$work/said" 2>"$work/log" || true
    host=$(sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' "$work/log")
    # a simulator that stops early, or does not know the words, has not run the program
    if [ -z "$host" ] || ! grep -i 'step expired' "$work/said" >/dev/null; then
        cat "$work/said" "$work/log" >&2
        echo "$peer did not run $1 instructions" >&2
        exit 1
    fi
}

printf '%-12s %14s %14s %8s\n' kernel '704' host per
for kernel in "$@"; do
    image=$kernel
    if [ ! -e "$image" ]; then
        image=$work/image
        "$assembler" --format oct "programs/kernels/$kernel.sap" -o - >"$image" 2>"$work/log" || { cat "$work/log" >&2; exit 2; }
    fi
    start=$(sed -n 's/^#.*start \([0-7]\{1,\}\).*/\1/p' "$image" | head -n 1)
    [ -n "$start" ] || { echo "$image: no start address in its comments" >&2; exit 2; }
    sed -n 's/^\([0-7]\{1,\}\) \{1,\}\([0-7]\{12\}\).*/deposit \1 \2/p' "$image" >"$work/load"
    count 200000
    before=$host
    count 1200000
    awk -v name="$(basename "$kernel" .oct)" -v host="$((host - before))" \
        'BEGIN { printf "%-12s %14d %14d %8.1f\n", name, 1000000, host, host / 1000000 }'
done
