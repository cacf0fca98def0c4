# A random program that never ends, as a core image: awk -v seed=1 -f random.awk >random.oct
#
# 1,000 instructions of the CPU, each operation as likely as any other, on 100 words of data; transfers go over one
# or two instructions, and one instruction in eight stores into the address of one further on.
function rnd(n) { seed = (seed * 16807) % 2147483647; return int(seed / 2147483647 * n) }
function word(op, tag, y) { printf "%05o %s%d%05o\n", at++, op, tag, y }
BEGIN {
    # an operation as prefix, decrement: 6 octal digits
    n = split("0500 0502 4500 0400 0402 0401 4400 0361 0200 4200 0221 0560 4600 4620 0601 0602 0600 0630 0622 4320 0320 4501 4602 0340 0300 0302 4300 4302 0260 4260 0241", memory, " ")
    m = split("0767 0771 0763 0765 4763 4773", shifts, " ")
    k = split("0100 4100 0120 4120 0140 4140 4140 0161 0162 0040", transfers, " ")
    s = split("0 1 2 3 6 10", senses, " ")
    print "# start 00100"
    at = 64
    for (i = 1; i <= 3; i++) word("0534" "00", 2 ^ (i - 1), 1536)
    while (at < 64 + 1000) {
        what = rnd(16)
        if (what < 9) word(memory[1 + rnd(n)] "00", rnd(3) == 0 ? 2 ^ rnd(3) : 0, 2048 + rnd(100))
        else if (what < 11) word(shifts[1 + rnd(m)] "00", 0, rnd(36))
        else if (what < 13) word(transfers[1 + rnd(k)] "00", 0, at + 1 + rnd(3))
        else if (what < 14) printf "%05o 0760000000%02d\n", at++, senses[1 + rnd(s)]
        else if (what < 15) printf "%05o %d%05o%d%05o\n", at++, 1 + rnd(3), rnd(4), 2 ^ rnd(3), at + 1
        else { word("0621" "00", 0, at + 1); word("0500" "00", 0, 2048 + rnd(100)) }
    }
    for (i = 0; i < 3; i++) printf "%05o 076100000000\n", at++
    printf "%05o 0020000%05o\n", at++, 64
    at = 2048
    while (at < 2048 + 100) {
        digits = 2 * rnd(2) + rnd(2) * 4
        for (i = 1; i < 12; i++) digits = digits rnd(8)
        printf "%05o %s\n", at++, digits
    }
}
