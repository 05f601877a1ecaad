//! A simulator with its words, as pages show it.

use super::machine::{Kinds, Machine, digits_of};
use crate::content::{LessonId, SkillId, Version};
use serde::{Deserialize, Serialize};

/// What scoring needs of a simulator, without a word of text: kept for every version ever released.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rehearsal {
    pub lesson: LessonId,
    pub version: Version,
    pub skills: Vec<SkillId>,
    pub machine: Machine,
}

/// A simulator: the machine, and everything people read on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Scenario {
    /// The lesson it stands beside.
    pub lesson: LessonId,
    pub version: Version,
    pub title: String,
    /// What the learner is asked to do.
    pub task: String,
    /// Said at the end.
    pub praise: String,
    pub skills: Vec<SkillId>,
    /// The slip of paper beside the phone.
    pub slip: Vec<SlipLine>,
    /// In the order of their numbers.
    pub mistakes: Vec<Mistake>,
    /// As many as the machine has.
    pub screens: Vec<ScreenWords>,
    pub machine: Machine,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlipLine {
    pub name: String,
    pub text: String,
}

/// A kind of mistake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    pub id: String,
    pub title: String,
    /// The invitation to make it on purpose.
    pub ask: String,
    /// Said when it is made good.
    pub lesson: String,
}

#[derive(Clone, PartialEq, Debug)]
pub struct ScreenWords {
    pub id: String,
    pub app: App,
    pub title: String,
    /// What there is to do.
    pub say: String,
    pub parts: Vec<Part>,
    pub field: Option<Field>,
    /// As many as the machine's screen has.
    pub moves: Vec<MoveWords>,
}

crate::accounts::named_values! {
    /// What a screen looks like.
    App { Home = "home", Bank = "bank", Id = "id", Sms = "sms", Chat = "chat", Call = "call", Web = "web", Shop = "shop" }
}

crate::accounts::named_values! {
    /// What a move's button looks like.
    Look {
        Main = "main", Plain = "plain", Quiet = "quiet", Danger = "danger", Tile = "tile", Row = "row", Link = "link",
        Answer = "answer", HangUp = "hang-up",
    }
}

crate::accounts::named_values! {
    FieldKind { Digits = "digits", Amount = "amount", Secret = "secret" }
}

/// A text in which what was typed can appear: pieces, and names of fields between them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Text {
    Words(String),
    /// What was typed into the field of this screen.
    Typed(u8),
}

/// A piece of a screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    Words(Vec<Text>),
    Big(Vec<Text>),
    Rows(Vec<(String, Vec<Text>)>),
    Notice(String),
    /// What the other side says or writes.
    Bubble(String),
    /// What the learner says or writes.
    Mine(String),
    /// Who calls or is called.
    Caller(String),
    /// The code itself, as its payload.
    Qr(String),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    pub label: String,
    pub kind: FieldKind,
    pub button: String,
    /// Said when what is typed leads nowhere.
    pub no: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MoveWords {
    /// What stands on the button; of a typed move nothing.
    pub label: String,
    pub look: Look,
    /// Of right moves and recoveries: one sentence why.
    pub why: Option<String>,
    /// Of mistakes: what came of it, and the way back.
    pub after: Option<String>,
}

impl Scenario {
    pub fn rehearsal(&self) -> Rehearsal {
        let Self { lesson, version, skills, machine, .. } = self.clone();
        Rehearsal { lesson, version, skills, machine }
    }

    /// The kinds of mistakes in a set.
    pub fn kinds(&self, kinds: Kinds) -> impl Iterator<Item = &Mistake> {
        (0..).zip(&self.mistakes).filter(move |(kind, _)| kinds.has(*kind)).map(|(_, mistake)| mistake)
    }
}

/// What was typed, as a screen shows it: an account number in groups of four, an amount with its unit, a secret as dots.
pub fn shown_value(kind: FieldKind, digits: &str) -> String {
    match kind {
        FieldKind::Digits => {
            let groups: Vec<String> =
                digits.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
            groups.join(" ")
        }
        FieldKind::Amount => {
            let plain = digits.trim_start_matches('0');
            let plain = if plain.is_empty() { "0" } else { plain };
            let mut grouped = String::new();
            for (place, digit) in plain.chars().enumerate() {
                if place > 0 && (plain.len() - place) % 3 == 0 {
                    grouped.push('.');
                }
                grouped.push(digit);
            }
            grouped + " đồng"
        }
        FieldKind::Secret => "•".repeat(digits.len()),
    }
}

/// What counts of something typed into a field of this kind: digits, and of an amount without the zeros before it, which change
/// nothing.
pub fn typed_value(kind: FieldKind, typed: &str) -> String {
    let digits = digits_of(typed);
    match kind {
        FieldKind::Digits | FieldKind::Secret => digits,
        FieldKind::Amount => digits.trim_start_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_as_a_phone_would() {
        let cases = [
            (FieldKind::Digits, "0000123456", "0000 1234 56"),
            (FieldKind::Digits, "", ""),
            (FieldKind::Amount, "50000", "50.000 đồng"),
            (FieldKind::Amount, "0500", "500 đồng"),
            (FieldKind::Amount, "1234567", "1.234.567 đồng"),
            (FieldKind::Amount, "", "0 đồng"),
            (FieldKind::Secret, "0000", "••••"),
        ];
        for (kind, digits, shown) in cases {
            assert_eq!(shown_value(kind, digits), shown, "{digits}");
        }
    }

    #[test]
    fn zeros_before_an_amount_change_nothing() {
        let cases = [
            (FieldKind::Amount, "050.000", "50000"),
            (FieldKind::Amount, "000", ""),
            (FieldKind::Digits, "0000 1234", "00001234"),
            (FieldKind::Secret, "000000", "000000"),
        ];
        for (kind, typed, counts) in cases {
            assert_eq!(typed_value(kind, typed), counts, "{typed}");
        }
    }
}
