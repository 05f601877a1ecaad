//! What a person in a class is called, in whatever spelling their people have.

use crate::places::fold;
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// The longest name ever registered in Việt Nam has 30 letters with its spaces; names with a title, a by-name and a place fit
/// many times over.
pub const NAME_CHARACTERS_MAX: usize = 200;

/// A name as it is shown: composed (NFC), one space between words, nothing in it that cannot be seen. At least one letter and at
/// most [`NAME_CHARACTERS_MAX`] characters. Which letters is nobody's business: *K'Pă Bŏ*, *Giàng A Sử*, *H'Wen-Niê*.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct DisplayName(String);

/// Why a text is no name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameFault {
    /// Nothing that can be seen.
    Empty,
    /// More than [`NAME_CHARACTERS_MAX`].
    TooLong,
    /// Only digits and signs.
    NoLetter,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name has at least one letter and at most 200 characters")
    }
}

/// How names stand in a Vietnamese list: by the given name, which is the last word, then by what stands before it. Marks count
/// only between names that are otherwise the same.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SortKey {
    given: String,
    before: String,
    exact: String,
}

impl DisplayName {
    /// Cleans what was typed or read; see the type.
    pub fn parse(text: &str) -> Result<Self, NameFault> {
        let seen = text.chars().filter_map(|letter| match letter {
            // Before the controls, as line ends and tabs are both.
            letter if letter.is_whitespace() => Some(' '),
            letter if is_unseen(letter) => None,
            letter => Some(letter),
        });
        let composed: String = seen.nfc().collect();
        let mut name = String::with_capacity(composed.len());
        for word in composed.split_whitespace() {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(word);
        }
        if name.is_empty() {
            Err(NameFault::Empty)
        } else if name.chars().count() > NAME_CHARACTERS_MAX {
            Err(NameFault::TooLong)
        } else if !name.chars().any(char::is_alphabetic) {
            Err(NameFault::NoLetter)
        } else {
            Ok(Self(name))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whom this is compared with when somebody may be in a list twice: without marks, as many type them. A name in a script that
    /// has no such form is compared as it is.
    pub fn folded(&self) -> String {
        // Decomposed, as letters of other peoples (ŏ, ñ, ĭ) then lose their marks too.
        let folded = fold(&self.0.nfd().collect::<String>());
        if folded.is_empty() { self.0.to_lowercase() } else { folded }
    }

    pub fn sort_key(&self) -> SortKey {
        let folded = self.folded();
        let (before, given) = folded.rsplit_once(' ').unwrap_or(("", &folded));
        SortKey { given: given.to_owned(), before: before.to_owned(), exact: self.0.clone() }
    }
}

/// Characters that show nothing and change how others are shown or compared: controls, direction marks, joiners, fillers, tags.
/// Somebody could be in a list twice by them, or turn a row around.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DisplayName {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&<std::borrow::Cow<'de, str>>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> DisplayName {
        DisplayName::parse(text).unwrap_or_else(|fault| panic!("{text:?}: {fault:?}"))
    }

    #[test]
    fn names_are_cleaned_and_every_spelling_is_kept() {
        let cases: &[(&str, Result<&str, NameFault>)] = &[
            ("Lò Thị Ánh", Ok("Lò Thị Ánh")),
            ("  Lò\t Thị\n\u{a0}Ánh ", Ok("Lò Thị Ánh")),
            ("Lo\u{300} Thi\u{323} A\u{301}nh", Ok("Lò Thị Ánh")),
            ("Giàng A Sử", Ok("Giàng A Sử")),
            ("K'Pă Bŏ", Ok("K'Pă Bŏ")),
            ("H’Wen-Niê Kđăm", Ok("H’Wen-Niê Kđăm")),
            ("Lù Văn T. (Zế)", Ok("Lù Văn T. (Zế)")),
            ("ສົມພອນ", Ok("ສົມພອນ")),
            ("Ánh\u{202e}ìgnaig\u{202c}", Ok("Ánhìgnaig")),
            ("\u{feff}Á\u{200b}nh\u{200d}\u{ad}\u{7}", Ok("Ánh")),
            // The mark lands on its letter once what stood between is gone.
            ("A\u{200b}\u{301}nh", Ok("Ánh")),
            ("", Err(NameFault::Empty)),
            (" \u{200b}\u{3164}\u{2800} ", Err(NameFault::Empty)),
            ("0912 345 678", Err(NameFault::NoLetter)),
            ("---", Err(NameFault::NoLetter)),
        ];
        for (text, expected) in cases {
            assert_eq!(
                DisplayName::parse(text).as_ref().map(DisplayName::as_str),
                expected.as_ref().copied(),
                "{text:?}"
            );
        }
        assert!(DisplayName::parse(&"ấ".repeat(NAME_CHARACTERS_MAX)).is_ok());
        assert_eq!(DisplayName::parse(&"ấ".repeat(NAME_CHARACTERS_MAX + 1)), Err(NameFault::TooLong));
    }

    #[test]
    fn lists_are_sorted_by_given_name() {
        let mut names =
            ["Lò Văn Yên", "Quàng Thị Ánh", "Ánh", "Lò Thị Ánh", "lò thị anh", "Đèo Văn Bó", "Cà Văn Cường"].map(name);
        names.sort_by_cached_key(DisplayName::sort_key);
        let sorted = ["Ánh", "Lò Thị Ánh", "lò thị anh", "Quàng Thị Ánh", "Đèo Văn Bó", "Cà Văn Cường", "Lò Văn Yên"];
        assert_eq!(names.each_ref().map(DisplayName::as_str), sorted);
    }

    #[test]
    fn people_are_compared_without_marks() {
        assert_eq!(name("K'Pă Bŏ").folded(), "k pa bo");
        assert_eq!(name("LÒ THỊ ÁNH").folded(), name("Lo Thi Anh").folded());
        assert_ne!(name("ສົມ").folded(), name("ພອນ").folded());
    }

    #[test]
    fn a_name_is_a_string_on_the_wire() {
        let read: Result<DisplayName, _> = serde_json::from_str("\" Lò  Ánh \"");
        assert_eq!(
            read.map(|name| serde_json::to_string(&name).unwrap_or_default()).ok().as_deref(),
            Some("\"Lò Ánh\"")
        );
        assert!(serde_json::from_str::<DisplayName>("\"12\"").is_err());
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in proptest::collection::vec(any::<char>(), 0..60)) {
            let text: String = text.into_iter().collect();
            if let Ok(name) = DisplayName::parse(&text) {
                prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name.clone()));
                let _ = (name.folded(), name.sort_key());
            }
        }

        #[test]
        fn what_cannot_be_seen_changes_nothing(name in "[A-ZĐÂƯ][a-zạẵơ]{1,6} [A-Z][a-z]{1,6}", at in 0_usize..8, unseen in "[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{61c}\0-\u{8}]") {
            let mut letters: Vec<char> = name.chars().collect();
            letters.splice(at.min(letters.len())..at.min(letters.len()), unseen.chars());
            prop_assert_eq!(DisplayName::parse(&letters.into_iter().collect::<String>()), DisplayName::parse(&name));
        }
    }
}
