#!/bin/sh
# Host instructions per 704 instruction, by valgrind --tool=callgrind.
#
#   tests/perf/callgrind.sh [KERNEL...]        names: int fp mul mixed random-SEED tape
#
# Each kernel runs twice, to two cycle limits (the tape kernel: two numbers of records), and the figure is the
# difference in host instructions over the difference in 704 instructions: start-up is not in it. The figure hardly
# moves from run to run or machine to machine.
#
# EMU704          the program under test, default target/release/emu704
# EMU704_KERNELS  a directory with int-small.oct, fp-small.oct, mul-small.oct, tape-small.oct and tape.oct;
#                 default: the kernels of programs/kernels
# EMU704_MAX      fail when a figure is above this many percent of its goal (int 20, fp 30, mul 25; others have none)
set -eu
cd "$(dirname "$0")/../.."
EMU704=${EMU704:-target/release/emu704}
[ -x "$EMU704" ] || { echo "$EMU704: build it with cargo build --release" >&2; exit 2; }
command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# count OUT ARGUMENTS...: host instructions and 704 instructions of a run
count() {
    status=0
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$EMU704" run "$@" --json \
        >"$work/report" 2>"$work/log" || status=$?
    case $status in
        0|5) ;;
        *) cat "$work/log" "$work/report" >&2; echo "emu704 run $* ended with $status" >&2; exit 1 ;;
    esac
    host=$(sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' "$work/log")
    instructions=$(sed -n 's/.*"instructions":\([0-9]*\).*/\1/p' "$work/report")
}

failed=0
[ $# -gt 0 ] || set -- int fp mul mixed random-1 tape
printf '%-8s %14s %14s %8s\n' kernel '704' host per
for kernel in "$@"; do
    if [ -n "${EMU704_KERNELS:-}" ] && [ -e "$EMU704_KERNELS/$kernel-small.oct" ]; then
        small=$EMU704_KERNELS/$kernel-small.oct large=$small
        if [ "$kernel" = tape ]; then
            large=$EMU704_KERNELS/tape.oct
        fi
    elif [ "${kernel#random-}" != "$kernel" ]; then
        small=$work/random.oct large=$small
        awk -v seed="${kernel#random-}" -f tests/perf/random.awk >"$small"
    else
        small=programs/kernels/$kernel.sap large=$small
    fi
    case $kernel in
        tape) count "$small" --ring 1 --sense 1 --quiet ;;
        *) count "$small" --limit 2000000 ;;
    esac
    host1=$host instructions1=$instructions
    case $kernel in
        tape) count "$large" --ring 1 --quiet ;;
        *) count "$large" --limit 8000000 ;;
    esac
    case $kernel in int) goal=20 ;; fp) goal=30 ;; mul) goal=25 ;; *) goal=0 ;; esac
    awk -v k="$kernel" -v h=$((host - host1)) -v i=$((instructions - instructions1)) -v goal=$goal \
        -v max="${EMU704_MAX:-0}" 'BEGIN {
            per = h / i
            printf "%-8s %14d %14d %8.1f\n", k, i, h, per
            exit goal && max && per > goal * max / 100
        }' || failed=1
done
exit $failed
