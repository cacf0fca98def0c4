#!/bin/sh
# Host instructions per 704 instruction, by valgrind --tool=callgrind.
#
#   tests/perf/callgrind.sh [KERNEL...]        names: int fp mul mixed random-SEED tape assembly trace condition
#                                            watch
#
# trace: the kernel int with a line of a trace for each instruction. condition and watch: that kernel in the monitor, with a
# breakpoint in its loop whose condition never holds, and with one on a word that nobody writes; a condition is looked at
# once in four instructions.
#
# Each kernel runs twice, to two cycle limits (tape and assembly: two numbers of records), and the figure is the
# difference in host instructions over the difference in 704 instructions: start-up is not in it. The figure hardly
# moves from run to run or machine to machine.
#
# EMU704          the program under test, default target/release/emu704
# EMU704_KERNELS  a directory with int-small.oct, fp-small.oct, mul-small.oct, tape-small.oct and tape.oct;
#                 default: the kernels of programs/kernels
# EMU704_MAX      fail when a figure is above this many percent of what it was last (int 13, fp 25, mul 16; no others)
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

# at_breakpoint CYCLES BREAKPOINT: the same for a run in the monitor, of which the machine without one knows the instructions
at_breakpoint() {
    printf 'break %s\nbreak cycle %s\ngo\n' "$2" "$1" >"$work/script"
    count programs/kernels/int.sap --limit "$1"
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$EMU704" monitor programs/kernels/int.sap \
        --script "$work/script" >"$work/report" 2>"$work/log" || { cat "$work/log" "$work/report" >&2; exit 1; }
    host=$(sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' "$work/log")
}

# measure KERNEL CYCLES FILE
measure() {
    case $1 in
        trace) count "$3" --limit "$2" --trace "$work/trace" ;;
        condition) at_breakpoint "$2" 'LOOP if ac = 377777777777' ;;
        watch) at_breakpoint "$2" 'write 07777' ;;
        *) count "$3" --limit "$2" ;;
    esac
}

failed=0
[ $# -gt 0 ] || set -- int fp mul mixed random-1 tape assembly trace condition watch
printf '%-9s %14s %14s %8s\n' kernel '704' host per
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
        case $kernel in trace|condition|watch) file=int ;; *) file=$kernel ;; esac
        small=programs/kernels/$file.sap large=$small
    fi
    case $kernel in
        tape|assembly) count "$small" --ring 1 --ring 2 --sense 1 --quiet ;;
        *) measure "$kernel" 2000000 "$small" ;;
    esac
    host1=$host instructions1=$instructions
    case $kernel in
        tape|assembly) count "$large" --ring 1 --ring 2 --quiet ;;
        *) measure "$kernel" 8000000 "$large" ;;
    esac
    case $kernel in int) goal=13 ;; fp) goal=25 ;; mul) goal=16 ;; *) goal=0 ;; esac
    awk -v k="$kernel" -v h=$((host - host1)) -v i=$((instructions - instructions1)) -v goal=$goal \
        -v max="${EMU704_MAX:-0}" 'BEGIN {
            per = h / i
            printf "%-9s %14d %14d %8.1f\n", k, i, h, per
            exit goal && max && per > goal * max / 100
        }' || failed=1
done
exit $failed
