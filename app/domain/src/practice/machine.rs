//! The simulator machine: screens, moves, mistakes and the ways back. `step` is a pure function.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Screens of one simulator: more are no longer one task.
pub const SCREENS_MAX: usize = 40;
/// Moves of one screen: more do not fit a phone, and each has one letter of a trail.
pub const MOVES_MAX: usize = 12;
/// Kinds of mistakes of one simulator; they stand in one byte.
pub const KINDS_MAX: usize = 8;
/// Letters of what is typed into a field: the longest number is an identity number of twelve digits.
pub const TYPED_LETTERS_MAX: usize = 24;

/// What a simulator does, without a word of text: all that stepping and scoring need, kept for every version ever released.
///
/// Written as text it is one line: screens are divided by `;`, an end is `.`, moves are divided by `,` and have the screen they
/// lead to, their mark (`w` a way, `r` right, `m2` the mistake of kind 2, `c5` recovers the kinds of the bits of 5) and how they
/// are made (nothing for a tap, `=0000##` for what is typed, `~4` for waiting four seconds).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Machine {
    pub screens: Vec<Screen>,
}

/// A screen without moves is an end.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Screen {
    pub moves: Vec<Move>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Move {
    /// The screen it leads to.
    pub to: u8,
    pub mark: Mark,
    pub by: By,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// A way around: back, looking about.
    Way,
    Right,
    /// Makes the mistake of this kind.
    Mistake(u8),
    /// Makes mistakes of these kinds good.
    Recovery(Kinds),
}

/// How a move is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum By {
    Tap,
    /// By typing what fits this pattern: digits as they are, `#` for any digit, `*` alone for anything.
    Typed(String),
    /// By waiting so many seconds.
    Wait(u8),
}

/// A set of kinds of mistakes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Kinds(pub u8);

impl Kinds {
    pub fn one(kind: u8) -> Self {
        Self(1u8.checked_shl(kind.into()).unwrap_or_default())
    }

    pub fn has(self, kind: u8) -> bool {
        self.0 & Self::one(kind).0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn count(self) -> u16 {
        self.0.count_ones() as u16
    }

    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Those in both.
    pub fn shared(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }
}

/// What somebody does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Act {
    /// Makes the move of this place on the screen.
    Move(u8),
    /// Asks what to touch.
    Hint,
    /// Touches something that does nothing, or types what does not fit.
    Slip,
}

/// Where somebody is and what has happened so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct State {
    pub screen: u8,
    /// Kinds of mistakes that are not yet made good.
    pub open: Kinds,
    /// Kinds of mistakes that were made.
    pub made: Kinds,
    pub mistakes: u16,
    /// Mistakes made good.
    pub recovered: u16,
    pub wrong_taps: u16,
    pub hints: u16,
    /// Time spent, in seconds.
    pub seconds: u32,
}

/// There is no such move here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotPossible;

/// One act, after `seconds`. What is not possible changes nothing. After an end nothing is possible.
pub fn step(machine: &Machine, state: &State, act: Act, seconds: u16) -> Result<State, NotPossible> {
    let screen = machine.screens.get(usize::from(state.screen)).ok_or(NotPossible)?;
    if screen.moves.is_empty() {
        return Err(NotPossible);
    }
    let mut next = *state;
    next.seconds = next.seconds.saturating_add(seconds.into());
    match act {
        Act::Hint => next.hints = next.hints.saturating_add(1),
        Act::Slip => next.wrong_taps = next.wrong_taps.saturating_add(1),
        Act::Move(place) => {
            let made = screen.moves.get(usize::from(place)).ok_or(NotPossible)?;
            next.screen = made.to;
            match made.mark {
                Mark::Way | Mark::Right => {}
                Mark::Mistake(kind) => {
                    next.mistakes = next.mistakes.saturating_add(1);
                    next.open = next.open.and(Kinds::one(kind));
                    next.made = next.made.and(Kinds::one(kind));
                }
                Mark::Recovery(kinds) => {
                    let good = next.open.shared(kinds);
                    next.recovered = next.recovered.saturating_add(good.count());
                    next.open = next.open.without(kinds);
                }
            }
        }
    }
    Ok(next)
}

/// What counts of something typed: its digits. Spaces and full stops are how people write numbers.
pub fn digits_of(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).take(TYPED_LETTERS_MAX).collect()
}

/// Whether typed digits fit a pattern.
fn fits(pattern: &str, digits: &str) -> bool {
    if pattern == "*" {
        return !digits.is_empty();
    }
    pattern.len() == digits.len()
        && pattern.bytes().zip(digits.bytes()).all(|(wanted, digit)| wanted == b'#' || wanted == digit)
}

impl Machine {
    pub fn screen(&self, place: u8) -> Option<&Screen> {
        self.screens.get(usize::from(place))
    }

    /// The move that typing this makes on a screen: the first whose pattern fits.
    pub fn typed(&self, screen: u8, typed: &str) -> Option<u8> {
        let digits = digits_of(typed);
        let moves = &self.screen(screen)?.moves;
        let place = moves.iter().position(|made| matches!(&made.by, By::Typed(pattern) if fits(pattern, &digits)))?;
        u8::try_from(place).ok()
    }

    /// Whether a state of it is one: the screen exists.
    pub fn holds(&self, state: &State) -> bool {
        usize::from(state.screen) < self.screens.len() && state.open.without(state.made).is_empty()
    }

    pub fn is_end(&self, screen: u8) -> bool {
        self.screen(screen).is_some_and(|screen| screen.moves.is_empty())
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, screen) in self.screens.iter().enumerate() {
            if place > 0 {
                f.write_str(";")?;
            }
            if screen.moves.is_empty() {
                f.write_str(".")?;
            }
            for (place, made) in screen.moves.iter().enumerate() {
                if place > 0 {
                    f.write_str(",")?;
                }
                write!(f, "{}", made.to)?;
                match made.mark {
                    Mark::Way => f.write_str("w")?,
                    Mark::Right => f.write_str("r")?,
                    Mark::Mistake(kind) => write!(f, "m{kind}")?,
                    Mark::Recovery(kinds) => write!(f, "c{}", kinds.0)?,
                }
                match &made.by {
                    By::Tap => {}
                    By::Typed(pattern) => write!(f, "={pattern}")?,
                    By::Wait(seconds) => write!(f, "~{seconds}")?,
                }
            }
        }
        Ok(())
    }
}

/// A text is not that of a machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TextFault;

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no machine")
    }
}

impl FromStr for Machine {
    type Err = TextFault;

    fn from_str(text: &str) -> Result<Self, TextFault> {
        let screen = |text: &str| {
            let moves = if text == "." { Some(Vec::new()) } else { text.split(',').map(read_move).collect() };
            moves.filter(|moves| moves.len() <= MOVES_MAX).map(|moves| Screen { moves })
        };
        let screens: Vec<Screen> = text.split(';').map(screen).collect::<Option<_>>().ok_or(TextFault)?;
        let known = |made: &Move| usize::from(made.to) < screens.len();
        let sound = screens.len() <= SCREENS_MAX && screens.iter().flat_map(|screen| &screen.moves).all(known);
        if sound { Ok(Self { screens }) } else { Err(TextFault) }
    }
}

impl From<Machine> for String {
    fn from(machine: Machine) -> Self {
        machine.to_string()
    }
}

impl TryFrom<String> for Machine {
    type Error = TextFault;
    fn try_from(text: String) -> Result<Self, TextFault> {
        text.parse()
    }
}

fn read_move(text: &str) -> Option<Move> {
    let (to, rest) = split_number(text);
    let mut letters = rest.chars();
    let mark = letters.next()?;
    let (number, by) = split_number(letters.as_str());
    let number: Option<u8> = number.parse().ok();
    let mark = match mark {
        'w' => Mark::Way,
        'r' => Mark::Right,
        'm' => Mark::Mistake(number.filter(|kind| usize::from(*kind) < KINDS_MAX)?),
        'c' => Mark::Recovery(Kinds(number?)),
        _ => return None,
    };
    let by = match by.chars().next() {
        None => By::Tap,
        Some('=') => By::Typed(by[1..].to_owned()),
        Some('~') => By::Wait(by[1..].parse().ok()?),
        Some(_) => return None,
    };
    Some(Move { to: to.parse().ok()?, mark, by })
}

/// The digits a text begins with, and the rest.
fn split_number(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A transfer in small: 0 type the number, 1 check the name, 2 a stranger's name, 3 gone to a stranger, 4 end.
    pub(in crate::practice) const SMALL: &str = "1r=0000,2w=####;4r,0w;3m0,0r;4c1,3w;.";

    pub(in crate::practice) fn small() -> Machine {
        SMALL.parse().unwrap_or_else(|_| panic!("{SMALL}"))
    }

    #[test]
    fn a_machine_is_read_as_it_is_written() {
        assert_eq!(small().to_string(), SMALL);
        for bad in ["", "x", "1", "1r;", "9r;.", "0m8", "0q", "0r!", "0m", "0c", "0r~x", "0r~256", "300r;."] {
            assert!(bad.parse::<Machine>().is_err(), "{bad}");
        }
    }

    #[test]
    fn typing_finds_the_first_move_that_fits() {
        let machine = small();
        let cases =
            [("0000", Some(0)), ("00 0.0", Some(0)), ("0001", Some(1)), ("000", None), ("", None), ("abcd", None)];
        for (typed, place) in cases {
            assert_eq!(machine.typed(0, typed), place, "{typed}");
        }
        assert_eq!(machine.typed(1, "0000"), None, "nothing is typed there");
        assert_eq!(machine.typed(99, "0000"), None);
        assert!(fits("*", "1") && !fits("*", ""));
    }

    #[test]
    fn mistakes_stay_open_until_they_are_made_good() {
        let machine = small();
        let acts =
            |acts: &[Act]| acts.iter().try_fold(State::default(), |state, act| step(&machine, &state, *act, 2)).ok();
        let fallen = acts(&[Act::Move(1), Act::Move(0)]).unwrap_or_default();
        assert_eq!((fallen.screen, fallen.open, fallen.mistakes, fallen.seconds), (3, Kinds(1), 1, 4));
        let risen = acts(&[Act::Move(1), Act::Move(0), Act::Hint, Act::Slip, Act::Move(0)]).unwrap_or_default();
        assert_eq!((risen.screen, risen.open, risen.made, risen.recovered), (4, Kinds(0), Kinds(1), 1));
        assert_eq!((risen.hints, risen.wrong_taps), (1, 1));
        assert_eq!(acts(&[Act::Move(0), Act::Move(0), Act::Hint]), None, "nothing comes after the end");
        assert_eq!(acts(&[Act::Move(7)]), None);
    }

    proptest! {
        #[test]
        fn any_sequence_keeps_a_valid_state(acts in proptest::collection::vec((0..15u8, 0..2000u16), 0..200)) {
            let machine = small();
            let mut state = State::default();
            for (act, seconds) in acts {
                let act = match act { 13 => Act::Hint, 14 => Act::Slip, place => Act::Move(place) };
                let before = state;
                match step(&machine, &state, act, seconds) {
                    Ok(next) => state = next,
                    Err(NotPossible) => prop_assert_eq!(state, before),
                }
                prop_assert!(machine.holds(&state));
                prop_assert!(state.recovered <= state.mistakes);
                prop_assert!(u32::from(state.mistakes) >= u32::from(state.made.count()));
            }
        }
    }
}
