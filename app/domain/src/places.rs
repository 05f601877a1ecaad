//! Administrative units: the 75 communes and wards of Sơn La, what they were made from, and how people find theirs.

pub mod changes;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The code of a commune or ward in the list of the National Statistics Office (Quyết định 19/2025/QĐ-TTg): five digits,
/// leading zeros included. Names are never keys: they repeat, and they change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitCode([u8; 5]);

impl UnitCode {
    pub fn as_str(&self) -> &str {
        // Only digits get in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for UnitCode {
    type Err = NotACode;
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let digits: [u8; 5] = text.as_bytes().try_into().map_err(|_| NotACode)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(Self(digits)) } else { Err(NotACode) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotACode;

impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a unit code has five digits")
    }
}

impl fmt::Display for UnitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for UnitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for UnitCode {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for UnitCode {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <std::borrow::Cow<'de, str>>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitKind {
    /// *xã*
    Commune,
    /// *phường*
    Ward,
}

/// A commune-level unit with everything the pages say about it.
#[derive(Clone, PartialEq, Debug)]
pub struct Unit {
    pub code: UnitCode,
    /// With its kind: "Xã Mường É".
    pub name: String,
    /// Without it: "Mường É".
    pub short_name: String,
    pub kind: UnitKind,
    /// The district before 1 July 2025, with its kind: "Huyện Thuận Châu".
    pub former_district: String,
    /// The units it was made from, with their kinds; itself when it stayed as it was.
    pub predecessors: Vec<String>,
    pub population: u32,
    /// People of 15 and over: the denominator of every percentage.
    pub adults: u32,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    /// Touches Laos.
    pub border: bool,
    /// Where the number of adults stands and of which day it is, if it has a source of its own.
    pub adults_source: Option<(NaiveDate, String)>,
    /// People of it may live in a unit that was split off since, and have not said so yet.
    pub estimated: bool,
    /// Column and row in the tile map, from the top left.
    pub tile: (u8, u8),
}

/// Which unit an abolished one became part of, so that people count where they live by today's boundaries.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Homes(std::collections::BTreeMap<UnitCode, UnitCode>);

impl Homes {
    /// From each abolished unit to the one that took all of it in; that may have been abolished since.
    pub fn new(became: impl IntoIterator<Item = (UnitCode, UnitCode)>) -> Self {
        let became: std::collections::BTreeMap<UnitCode, UnitCode> = became.into_iter().collect();
        let last = |mut unit: UnitCode| {
            // A unit whose code is used again would lead in a circle.
            for _ in 0..became.len() {
                match became.get(&unit) {
                    Some(next) if *next != unit => unit = *next,
                    _ => break,
                }
            }
            unit
        };
        Self(became.keys().map(|unit| (*unit, last(*unit))).collect())
    }

    /// Where somebody lives by today's boundaries who said `unit`.
    pub fn of(&self, unit: UnitCode) -> UnitCode {
        self.0.get(&unit).copied().unwrap_or(unit)
    }
}

/// How people's typing is compared: lower case, no marks, `đ` as `d`, anything else as one space (SOURCES.md §8).
///
/// Both composed (NFC) and decomposed (NFD) text come out the same.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().map(lower) {
        match base(letter) {
            Some(plain) => folded.push(plain),
            None if ('\u{0300}'..='\u{036f}').contains(&letter) => {}
            None if folded.ends_with(' ') || folded.is_empty() => {}
            None => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Lower case for the letters of Vietnamese. The whole of Unicode would weigh 8 KB on every phone.
fn lower(letter: char) -> char {
    let code = u32::from(letter);
    let lower = match letter {
        'A'..='Z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{dd}' => code + 32,
        'Ă' | 'Đ' | 'Ĩ' | 'Ũ' | 'Ơ' | 'Ư' => code + 1,
        '\u{1ea0}'..='\u{1ef9}' => code | 1,
        _ => code,
    };
    char::from_u32(lower).unwrap_or(letter)
}

/// Whether two names are the same but for capitals.
fn same_letters(a: &str, b: &str) -> bool {
    a.chars().map(lower).eq(b.chars().map(lower))
}

/// The letter under the marks, for every lower-case letter of Vietnamese.
fn base(letter: char) -> Option<char> {
    Some(match letter {
        'a'..='z' | '0'..='9' => letter,
        'à' | 'á' | 'ả' | 'ã' | 'ạ' | 'ă' | 'ằ' | 'ắ' | 'ẳ' | 'ẵ' | 'ặ' | 'â' | 'ầ' | 'ấ' | 'ẩ' | 'ẫ' | 'ậ' => {
            'a'
        }
        'è' | 'é' | 'ẻ' | 'ẽ' | 'ẹ' | 'ê' | 'ề' | 'ế' | 'ể' | 'ễ' | 'ệ' => 'e',
        'ì' | 'í' | 'ỉ' | 'ĩ' | 'ị' => 'i',
        'ò' | 'ó' | 'ỏ' | 'õ' | 'ọ' | 'ô' | 'ồ' | 'ố' | 'ổ' | 'ỗ' | 'ộ' | 'ơ' | 'ờ' | 'ớ' | 'ở' | 'ỡ' | 'ợ' => {
            'o'
        }
        'ù' | 'ú' | 'ủ' | 'ũ' | 'ụ' | 'ư' | 'ừ' | 'ứ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ỳ' | 'ý' | 'ỷ' | 'ỹ' | 'ỵ' => 'y',
        // `ð` stands for `đ` in some old texts.
        'đ' | 'ð' => 'd',
        _ => return None,
    })
}

/// The words people put before a name and how they shorten them, already folded, longest first.
const KIND_WORDS: [(&str, &str); 13] = [
    ("thanh pho ", "thanh pho"),
    ("thi tran ", "thi tran"),
    ("phuong ", "phuong"),
    ("thi xa ", "thi xa"),
    ("huyen ", "huyen"),
    ("tinh ", "tinh"),
    ("xa ", "xa"),
    ("tp ", "thanh pho"),
    ("tt ", "thi tran"),
    ("tx ", "thi xa"),
    ("p ", "phuong"),
    ("h ", "huyen"),
    ("x ", "xa"),
];

/// The kind of unit and its bare name: "x muong e" is a commune called "muong e".
fn kind_and_name(folded: &str) -> (Option<&'static str>, &str) {
    let split = KIND_WORDS.iter().find_map(|(word, kind)| Some((Some(*kind), folded.strip_prefix(word)?)));
    split.filter(|(_, name)| !name.is_empty()).unwrap_or((None, folded))
}

/// What a hit was found by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Via {
    Name,
    /// A unit that became part of it, as written before the merger.
    Predecessor(String),
    /// The district it belonged to until 1 July 2025.
    District(String),
}

/// How close a hit is; smaller is closer. Only the first two name a unit, the others merely suggest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Closeness {
    /// The same letters with the same marks.
    Exact,
    /// The same letters.
    Folded,
    /// Begins with what was typed.
    Prefix,
    /// Contains it at the beginning of a word.
    Word,
    /// One letter away (Chiềng Khoong, Chiềng Khương): never chosen for the person.
    Near,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Hit<'a> {
    pub unit: &'a Unit,
    pub closeness: Closeness,
    pub via: Via,
}

/// The shortest typing that is searched: one letter would list half the province.
pub const QUERY_LETTERS_MIN: usize = 2;
/// The longest typing that is looked at; the longest name has 24 letters with its kind and district.
pub const QUERY_LETTERS_MAX: usize = 80;
/// How many suggestions fit a phone without burying the right one.
pub const HITS_MAX: usize = 8;

/// Units for what was typed, closest first; a present name before an old one, an old one before a district.
///
/// At most [`HITS_MAX`], except when a former district is named in full: then all of its units are listed, as the person
/// may not know the new name at all.
pub fn search<'a>(units: &'a [Unit], typed: &str) -> Vec<Hit<'a>> {
    let typed = typed.trim();
    let wanted = fold(typed);
    if wanted.len() < QUERY_LETTERS_MIN || typed.chars().count() > QUERY_LETTERS_MAX {
        return Vec::new();
    }
    // A unit that ended is found by its name in the one that took it in.
    let today = units.iter().filter(|unit| unit.valid_to.is_none());
    let mut hits: Vec<Hit<'a>> = today.filter_map(|unit| best_hit(unit, typed, &wanted)).collect();
    hits.sort_unstable_by(|a, b| order_of(a).cmp(&order_of(b)));
    let near_is_noise = hits.first().is_some_and(|hit| hit.closeness < Closeness::Near);
    hits.retain(|hit| !near_is_noise || hit.closeness < Closeness::Near);
    let whole_district =
        hits.iter().filter(|hit| hit.closeness <= Closeness::Folded && matches!(hit.via, Via::District(_))).count();
    hits.truncate(HITS_MAX.max(whole_district));
    hits
}

fn order_of<'h>(hit: &'h Hit<'_>) -> (Closeness, u8, &'h str) {
    let via = match hit.via {
        Via::Name => 0,
        Via::Predecessor(_) => 1,
        Via::District(_) => 2,
    };
    (hit.closeness, via, hit.unit.code.as_str())
}

fn best_hit<'a>(unit: &'a Unit, typed: &str, wanted: &str) -> Option<Hit<'a>> {
    let name = closeness(&unit.name, typed, wanted).map(|closeness| Hit { unit, closeness, via: Via::Name });
    let old = unit.predecessors.iter().filter(|old| **old != unit.name).filter_map(|old| {
        let closeness = closeness(old, typed, wanted)?;
        Some(Hit { unit, closeness, via: Via::Predecessor(old.clone()) })
    });
    let district = closeness(&unit.former_district, typed, wanted)
        .filter(|closeness| *closeness < Closeness::Near)
        .map(|closeness| Hit { unit, closeness, via: Via::District(unit.former_district.clone()) });
    name.into_iter().chain(old).chain(district).min_by(|a, b| order_of(a).cmp(&order_of(b)))
}

fn closeness(name: &str, typed: &str, wanted: &str) -> Option<Closeness> {
    let folded = fold(name);
    let (kind, bare) = kind_and_name(&folded);
    let (kind_wanted, bare_wanted) = kind_and_name(wanted);
    let same_kind = kind_wanted.is_none() || kind_wanted == kind;
    if same_letters(name, typed) || same_letters(last_words(name, bare), typed) {
        Some(Closeness::Exact)
    } else if bare == bare_wanted && same_kind {
        Some(Closeness::Folded)
    } else if bare.starts_with(bare_wanted) || folded.starts_with(wanted) {
        Some(Closeness::Prefix)
    } else if bare.match_indices(' ').any(|(at, _)| bare[at + 1..].starts_with(bare_wanted)) {
        Some(Closeness::Word)
    } else if one_letter_apart(bare, bare_wanted) {
        Some(Closeness::Near)
    } else {
        None
    }
}

/// The end of `name` that has as many words as `bare`, with its marks.
fn last_words<'n>(name: &'n str, bare: &str) -> &'n str {
    let skip = name.split(' ').count().saturating_sub(bare.split(' ').count());
    skip.checked_sub(1).and_then(|nth| name.match_indices(' ').nth(nth)).map_or(name, |(at, _)| &name[at + 1..])
}

/// Whether one insertion, deletion or replacement leads from one to the other. Short words are left alone: with three
/// letters everything is near.
fn one_letter_apart(a: &str, b: &str) -> bool {
    const SHORTEST: usize = 4;
    if a.len() < SHORTEST || b.len() < SHORTEST || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same_start = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a.as_bytes()[same_start..], &b.as_bytes()[same_start..]);
    let (a_less, b_less) = (a.get(1..).unwrap_or_default(), b.get(1..).unwrap_or_default());
    a_less == b_less || a_less == b || a == b_less
}

/// The unit that typing names beyond doubt, or `None`: the only one whose present or old name it is, letter for letter.
/// A near miss is never taken (nine pairs of communes are one letter apart), nor a name that two units share.
pub fn named<'a>(units: &'a [Unit], typed: &str) -> Option<&'a Unit> {
    let hits = search(units, typed);
    let first =
        hits.first().filter(|hit| hit.closeness <= Closeness::Folded && !matches!(hit.via, Via::District(_)))?;
    let alone =
        hits.iter().skip(1).all(|other| other.closeness > first.closeness || matches!(other.via, Via::District(_)));
    alone.then_some(first.unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(code: &str, name: &str, district: &str, old: &[&str]) -> Unit {
        Unit {
            code: code.parse().unwrap_or_else(|_| panic!("{code}")),
            name: name.to_owned(),
            short_name: name.split_once(' ').map_or(name, |(_, short)| short).to_owned(),
            kind: if name.starts_with("Phường") { UnitKind::Ward } else { UnitKind::Commune },
            former_district: district.to_owned(),
            predecessors: old.iter().map(|&name| name.to_owned()).collect(),
            population: 10_000,
            adults: 6_800,
            valid_from: NaiveDate::default(),
            valid_to: None,
            border: false,
            adults_source: None,
            estimated: false,
            tile: (0, 0),
        }
    }

    fn some_units() -> Vec<Unit> {
        vec![
            unit("03646", "Phường Tô Hiệu", "Thành phố Sơn La", &["Phường Quyết Thắng", "Phường Tô Hiệu"]),
            unit("03727", "Xã Mường É", "Huyện Thuận Châu", &["Xã Phổng Lập", "Xã Mường É"]),
            unit("03721", "Xã Thuận Châu", "Huyện Thuận Châu", &["Thị trấn Thuận Châu", "Xã Phổng Lăng"]),
            unit("04204", "Xã Chiềng Khoong", "Huyện Sông Mã", &["Xã Chiềng Khoong", "Xã Mường Cai"]),
            unit("04222", "Xã Chiềng Khương", "Huyện Sông Mã", &["Xã Chiềng Khương", "Xã Mường Sai"]),
            unit("03808", "Xã Mường La", "Huyện Mường La", &["Thị trấn Ít Ong", "Xã Chiềng Chung"]),
            unit("04246", "Xã Mường Lạn", "Huyện Sốp Cộp", &["Xã Mường Lạn"]),
            unit("04132", "Xã Chiềng Mai", "Huyện Mai Sơn", &["Xã Chiềng Chung", "Xã Chiềng Mai"]),
        ]
    }

    /// What was typed → the units suggested, closest first, and the one named beyond doubt.
    #[test]
    fn people_find_their_commune() {
        let cases: &[(&str, &[&str], Option<&str>)] = &[
            ("Mường É", &["03727"], Some("03727")),
            ("muong e", &["03727"], Some("03727")),
            ("xa muong e", &["03727"], Some("03727")),
            ("X. Mường É", &["03727"], Some("03727")),
            ("to hieu", &["03646"], Some("03646")),
            ("Quyết Thắng", &["03646"], Some("03646")),
            ("quyet thang", &["03646"], Some("03646")),
            ("mường la", &["03808", "04246"], Some("03808")),
            ("muong lan", &["04246"], Some("04246")),
            ("Thuận Châu", &["03721", "03727"], Some("03721")),
            ("huyện Thuận Châu", &["03721", "03727"], None),
            ("chieng khong", &["04204", "04222"], None),
            ("chieng khoang", &["04204"], None),
            ("Chiềng Chung", &["03808", "04132"], None),
            ("it ong", &["03808"], Some("03808")),
            ("tp son la", &["03646"], None),
            ("m", &[], None),
            ("", &[], None),
            ("Hà Nội", &[], None),
        ];
        let units = some_units();
        for (typed, suggested, named_code) in cases {
            let hits: Vec<String> = search(&units, typed).iter().map(|hit| hit.unit.code.to_string()).collect();
            assert_eq!(&hits, suggested, "suggestions for {typed:?}");
            assert_eq!(named(&units, typed).map(|unit| unit.code.to_string()).as_deref(), *named_code, "{typed:?}");
        }
    }

    #[test]
    fn composed_and_decomposed_text_fold_alike() {
        assert_eq!(fold("Đoàn Kết"), "doan ket");
        assert_eq!(fold("Đoa\u{300}n Kê\u{301}t"), "doan ket");
        assert_eq!(fold("  PHƯỜNG  Mộc-Châu. "), "phuong moc chau");
        assert_eq!(fold("hoà"), fold("hòa"));
    }

    #[test]
    fn capitals_of_vietnamese_have_small_letters() {
        let capitals = "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬEÈÉẺẼẸÊỀẾỂỄỆIÌÍỈĨỊOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢUÙÚỦŨỤƯỪỨỬỮỰYỲÝỶỸỴĐ ×9";
        let small: String = capitals.chars().map(lower).collect();
        assert_eq!(small, capitals.to_lowercase());
        assert_eq!(small.chars().map(lower).collect::<String>(), small);
    }

    #[test]
    fn a_code_is_five_digits() {
        for bad in ["", "3646", "036460", "0364a", "０３６４６"] {
            assert!(bad.parse::<UnitCode>().is_err(), "{bad}");
        }
        assert_eq!("03646".parse::<UnitCode>().map(|code| code.to_string()), Ok("03646".to_owned()));
    }

    proptest! {
        #[test]
        fn any_typing_is_survived(typed in "\\PC{0,90}") {
            let units = some_units();
            let hits = search(&units, &typed);
            prop_assert!(hits.len() <= units.len());
            if let Some(unit) = named(&units, &typed) {
                prop_assert!(hits[0].unit == unit && hits[0].closeness <= Closeness::Folded);
            }
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
