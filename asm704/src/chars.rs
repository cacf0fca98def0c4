//! The 64 characters: core code, tape code, card punches and graphic in one table.
//!
//! Core codes are the codes in memory. On BCD tape the zone bits 01 and 11 are swapped, and core 00 is written as 12
//! (so that no character is blank tape). Core 12 is not preserved. Sources: TAPE, CARD (docs/sources.md).

use std::sync::LazyLock;

/// The graphics of codes 13, 14, 34 and 74. UNVERIFIED: the choice of the default; keypunches had either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Graphics {
    /// The FORTRAN set: `=`, `'`, `)`, `(`; 20 is `+`.
    #[default]
    Fortran,
    /// The commercial set: `#`, `@`, lozenge (written `<`), `%`; 20 is `&`.
    Commercial,
}

/// Punches of a column: row 12 is 0o4000, 11 is 0o2000, 0 is 0o1000, 1 is 0o400 and so on to 9, 0o001.
pub type Punches = u16;

#[derive(Clone, Copy)]
struct Character {
    graphic: u8,
    tape: u8,
    punches: Punches,
}

const fn ch(graphic: char, tape: u8, punches: Punches) -> Character {
    Character { graphic: graphic as u8, tape, punches }
}

/// By core code. The graphics are those of FORTRAN, with stand-ins where the 704 had none.
#[rustfmt::skip]
static TABLE: [Character; 64] = [
    ch('0', 0o12, 0x200), // 00  0
    ch('1', 0o01, 0x100), // 01  1
    ch('2', 0o02, 0x080), // 02  2
    ch('3', 0o03, 0x040), // 03  3
    ch('4', 0o04, 0x020), // 04  4
    ch('5', 0o05, 0x010), // 05  5
    ch('6', 0o06, 0x008), // 06  6
    ch('7', 0o07, 0x004), // 07  7
    ch('8', 0o10, 0x002), // 10  8
    ch('9', 0o11, 0x001), // 11  9
    ch('_', 0o12, 0x082), // 12  8-2
    ch('=', 0o13, 0x042), // 13  8-3
    ch('\'', 0o14, 0x022), // 14  8-4
    ch(':', 0o15, 0x012), // 15  8-5
    ch('>', 0o16, 0x00a), // 16  8-6
    ch('{', 0o17, 0x006), // 17  8-7
    ch('+', 0o60, 0x800), // 20  12
    ch('A', 0o61, 0x900), // 21  12-1
    ch('B', 0o62, 0x880), // 22  12-2
    ch('C', 0o63, 0x840), // 23  12-3
    ch('D', 0o64, 0x820), // 24  12-4
    ch('E', 0o65, 0x810), // 25  12-5
    ch('F', 0o66, 0x808), // 26  12-6
    ch('G', 0o67, 0x804), // 27  12-7
    ch('H', 0o70, 0x802), // 30  12-8
    ch('I', 0o71, 0x801), // 31  12-9
    ch('?', 0o72, 0x882), // 32  12-8-2
    ch('.', 0o73, 0x842), // 33  12-8-3
    ch(')', 0o74, 0x822), // 34  12-8-4
    ch('[', 0o75, 0x812), // 35  12-8-5
    ch('<', 0o76, 0x80a), // 36  12-8-6
    ch('}', 0o77, 0x806), // 37  12-8-7
    ch('-', 0o40, 0x400), // 40  11
    ch('J', 0o41, 0x500), // 41  11-1
    ch('K', 0o42, 0x480), // 42  11-2
    ch('L', 0o43, 0x440), // 43  11-3
    ch('M', 0o44, 0x420), // 44  11-4
    ch('N', 0o45, 0x410), // 45  11-5
    ch('O', 0o46, 0x408), // 46  11-6
    ch('P', 0o47, 0x404), // 47  11-7
    ch('Q', 0o50, 0x402), // 50  11-8
    ch('R', 0o51, 0x401), // 51  11-9
    ch('!', 0o52, 0x482), // 52  11-8-2
    ch('$', 0o53, 0x442), // 53  11-8-3
    ch('*', 0o54, 0x422), // 54  11-8-4
    ch(']', 0o55, 0x412), // 55  11-8-5
    ch(';', 0o56, 0x40a), // 56  11-8-6
    ch('^', 0o57, 0x406), // 57  11-8-7
    ch(' ', 0o20, 0x000), // 60  (blank)
    ch('/', 0o21, 0x300), // 61  0-1
    ch('S', 0o22, 0x280), // 62  0-2
    ch('T', 0o23, 0x240), // 63  0-3
    ch('U', 0o24, 0x220), // 64  0-4
    ch('V', 0o25, 0x210), // 65  0-5
    ch('W', 0o26, 0x208), // 66  0-6
    ch('X', 0o27, 0x204), // 67  0-7
    ch('Y', 0o30, 0x202), // 70  0-8
    ch('Z', 0o31, 0x201), // 71  0-9
    ch('|', 0o32, 0x282), // 72  0-8-2
    ch(',', 0o33, 0x242), // 73  0-8-3
    ch('(', 0o34, 0x222), // 74  0-8-4
    ch('~', 0o35, 0x212), // 75  0-8-5
    ch('\\', 0o36, 0x20a), // 76  0-8-6
    ch('"', 0o37, 0x206), // 77  0-8-7
];

/// The blank in core.
pub const BLANK: u8 = 0o60;

/// The graphic of a core code (6 bits; higher bits are ignored).
pub fn to_ascii(core: u8, graphics: Graphics) -> char {
    let core = core & 0o77;
    char::from(match (graphics, core) {
        (Graphics::Commercial, 0o13) => b'#',
        (Graphics::Commercial, 0o14) => b'@',
        (Graphics::Commercial, 0o20) => b'&',
        (Graphics::Commercial, 0o34) => b'<',
        (Graphics::Commercial, 0o74) => b'%',
        _ => TABLE[usize::from(core)].graphic,
    })
}

static FORTRAN: LazyLock<[u8; 64]> =
    LazyLock::new(|| std::array::from_fn(|code| to_ascii(code as u8, Graphics::Fortran) as u8));

/// The graphic of a core code on a FORTRAN keypunch, as in listings.
pub(crate) fn graphic(code: u8) -> char {
    char::from(FORTRAN[usize::from(code & 0o77)])
}

/// The core code of a graphic. Lower case counts as upper case, and both graphics of a code are accepted
/// (`=` and `#` are 13, `'` and `@` 14, `+` and `&` 20, `(` and `%` 74). `None` for a character that the 704 does not have.
pub fn from_ascii(graphic: char) -> Option<u8> {
    let graphic = graphic.to_ascii_uppercase();
    let graphic = match graphic {
        '#' => '=',
        '@' => '\'',
        '&' => '+',
        '%' => '(',
        other => other,
    };
    TABLE.iter().position(|c| char::from(c.graphic) == graphic).map(|core| core as u8)
}

/// True when a keypunch has a key for the character of a core code. The others have a graphic here only for display.
pub const fn has_key(core: u8) -> bool {
    !matches!(core & 0o17, 0o12 | 0o15..=0o17)
}

/// The BCD tape code of a core code, 6 bits without the parity bit.
#[inline]
pub const fn core_to_tape(core: u8) -> u8 {
    TABLE[(core & 0o77) as usize].tape
}

/// The core code of a BCD tape code: 12 comes back as 00.
#[inline]
pub const fn tape_to_core(tape: u8) -> u8 {
    let tape = tape & 0o77;
    if tape == 0o12 {
        return 0;
    }
    if tape & 0o20 != 0 { tape ^ 0o40 } else { tape }
}

/// The punches of a core code in a card column.
pub fn to_punches(core: u8) -> Punches {
    TABLE[usize::from(core & 0o77)].punches
}

/// The core code of a column; `None` if no character has these punches. 12-0 and 11-0 are read as 32 and 52.
pub fn from_punches(punches: Punches) -> Option<u8> {
    match punches {
        0o5000 => Some(0o32),
        0o3000 => Some(0o52),
        _ => TABLE.iter().position(|c| c.punches == punches).map(|core| core as u8),
    }
}

/// The core codes of a string; `Err` has the first character that the 704 does not have, with its position
/// (counted in characters from 0).
pub fn encode(text: &str) -> Result<Vec<u8>, (usize, char)> {
    text.chars().enumerate().map(|(i, c)| from_ascii(c).ok_or((i, c))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tape_column_of_the_table_is_the_rule() {
        for core in 0..64u8 {
            // zones 01 and 11 are swapped, and 00 is 12
            let zones = if core & 0o20 != 0 { core ^ 0o40 } else { core };
            let rule = if core == 0 { 0o12 } else { zones };
            assert_eq!(core_to_tape(core), rule, "core {core:02o}");
            if core != 0o12 {
                assert_eq!(tape_to_core(core_to_tape(core)), core);
            }
        }
    }

    #[test]
    fn punches_and_graphics_are_one_to_one() {
        for core in 0..64u8 {
            assert_eq!(from_punches(to_punches(core)), Some(core));
            assert_eq!(from_ascii(to_ascii(core, Graphics::Fortran)), Some(core));
        }
        // the lozenge's stand-in `<` is code 36 in the FORTRAN set, so commercial text comes back except for 34
        for core in (0..64u8).filter(|&c| c != 0o34) {
            assert_eq!(from_ascii(to_ascii(core, Graphics::Commercial)), Some(core));
        }
    }

    #[test]
    fn known_characters() {
        assert_eq!(from_ascii('a'), Some(0o21));
        assert_eq!(to_punches(0o21), 0o4400);
        assert_eq!(from_ascii(' '), Some(0o60));
        assert_eq!(to_punches(0o60), 0);
        assert_eq!(to_punches(0), 0o1000);
        assert_eq!(encode("A\u{e9}"), Err((1, '\u{e9}')));
    }
}
