//! What somebody did in a simulator, act by act, in a few bytes.

use super::machine::{Act, MOVES_MAX};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Bytes of a trail: some eight hundred acts, which is not practising any more; without JavaScript it travels in a form.
pub const TRAIL_BYTES_MAX: usize = 2_048;
/// Seconds that one act can have taken; whoever takes longer has laid the phone down.
pub const SECONDS_MAX: u16 = 999;

/// An act and the seconds since the one before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timed {
    pub act: Act,
    pub seconds: u16,
}

/// Acts in their order. As text each is a letter (`a` for the first move of the screen, `?` for a hint, `!` for a touch that did
/// nothing) and the seconds: `a3b12?0a1`. What was typed is not in it, only which move it made: it might be somebody's own.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Trail(Vec<Timed>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TrailFault {
    TooLong,
    Unreadable,
}

impl fmt::Display for TrailFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "a trail has at most {TRAIL_BYTES_MAX} bytes"),
            Self::Unreadable => f.write_str("this is no trail"),
        }
    }
}

impl Trail {
    pub fn acts(&self) -> &[Timed] {
        &self.0
    }

    /// Adds an act, unless the trail is full.
    pub fn push(&mut self, act: Act, seconds: u16) -> Result<(), TrailFault> {
        self.0.push(Timed { act, seconds: seconds.min(SECONDS_MAX) });
        if self.to_string().len() > TRAIL_BYTES_MAX {
            self.0.pop();
            return Err(TrailFault::TooLong);
        }
        Ok(())
    }
}

impl From<Vec<Timed>> for Trail {
    fn from(acts: Vec<Timed>) -> Self {
        Self(acts)
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Timed { act, seconds } in &self.0 {
            let letter = match act {
                Act::Move(place) => char::from(b'a'.saturating_add(*place)),
                Act::Hint => '?',
                Act::Slip => '!',
            };
            write!(f, "{letter}{seconds}")?;
        }
        Ok(())
    }
}

impl FromStr for Trail {
    type Err = TrailFault;

    fn from_str(text: &str) -> Result<Self, TrailFault> {
        if text.len() > TRAIL_BYTES_MAX {
            return Err(TrailFault::TooLong);
        }
        let mut acts = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let after = &rest[letter.len_utf8()..];
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let seconds: u16 = after[..digits].parse().map_err(|_| TrailFault::Unreadable)?;
            // One way to write a number, so that one trail has one text.
            let plain = digits == 1 || !after.starts_with('0');
            let act = match letter {
                '?' => Act::Hint,
                '!' => Act::Slip,
                'a'..='z' if (letter as usize - 'a' as usize) < MOVES_MAX => Act::Move(letter as u8 - b'a'),
                _ => return Err(TrailFault::Unreadable),
            };
            if seconds > SECONDS_MAX || !plain {
                return Err(TrailFault::Unreadable);
            }
            acts.push(Timed { act, seconds });
            rest = &after[digits..];
        }
        Ok(Self(acts))
    }
}

impl From<Trail> for String {
    fn from(trail: Trail) -> Self {
        trail.to_string()
    }
}

impl TryFrom<String> for Trail {
    type Error = TrailFault;
    fn try_from(text: String) -> Result<Self, TrailFault> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bad_trails_are_named() {
        for bad in ["a", "3", "a1000", "a03", "m1", "A1", "a1 b2", "a1-", "đ1", "a99999999999"] {
            assert_eq!(bad.parse::<Trail>(), Err(TrailFault::Unreadable), "{bad}");
        }
        let long = "a1".repeat(TRAIL_BYTES_MAX / 2);
        assert!(long.parse::<Trail>().is_ok());
        assert_eq!(format!("{long}a1").parse::<Trail>(), Err(TrailFault::TooLong));
        let mut full: Trail = long.parse().unwrap_or_default();
        assert_eq!(full.push(Act::Hint, 1), Err(TrailFault::TooLong));
        assert_eq!(full.to_string(), long, "what does not fit changes nothing");
    }

    proptest! {
        #[test]
        fn a_trail_is_read_as_it_is_written(acts in proptest::collection::vec((0..14u8, 0..=SECONDS_MAX), 0..200)) {
            let acts = acts.into_iter().map(|(act, seconds)| {
                let act = match act { 12 => Act::Hint, 13 => Act::Slip, place => Act::Move(place) };
                Timed { act, seconds }
            });
            let trail = Trail(acts.collect());
            prop_assert_eq!(trail.to_string().parse::<Trail>(), Ok(trail));
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,60}") {
            if let Ok(trail) = text.parse::<Trail>() {
                prop_assert_eq!(trail.to_string(), text);
            }
        }
    }
}
