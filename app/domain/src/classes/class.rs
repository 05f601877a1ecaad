//! A class: where, when, what for, and the code that lets people in.

use crate::{
    accounts::named_values,
    content::{LessonId, TrackId},
    places::UnitCode,
    time::{DAY_MS, Millis},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Declares an id of sixteen random bytes, written as 32 hex digits.
macro_rules! ids {
    ($($(#[$about:meta])* $name:ident)+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = crate::accounts::NotAnId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                // The same form as a learner's id.
                text.parse::<crate::accounts::LearnerId>().map(|id| Self(id.0))
            }
        }
    )+};
}

ids! {
    ClassId
    /// Somebody on the roster of one class.
    MemberId
}

/// Digits of a join code: short enough to be written on a board and typed by somebody who dares not. Of a million codes a few
/// hundred are in use at a time, so trying is limited, and a code says nothing about anybody.
pub const JOIN_DIGITS: usize = 6;
/// How long a code lets people in; a class meets on market days, once a week.
pub const JOIN_FOR: Millis = 8 * DAY_MS;

/// The code that lets people into a class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct JoinCode([u8; JOIN_DIGITS]);

/// Not six digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAJoinCode;

impl JoinCode {
    /// From random bytes; each code is as likely as any other to one in 10¹².
    pub fn from_random(bytes: [u8; 8]) -> Self {
        let number = u64::from_le_bytes(bytes) % 10u64.pow(JOIN_DIGITS as u32);
        let mut digits = [b'0'; JOIN_DIGITS];
        for (place, digit) in digits.iter_mut().rev().enumerate() {
            *digit += (number / 10u64.pow(place as u32) % 10) as u8;
        }
        Self(digits)
    }

    pub fn as_str(&self) -> &str {
        // Only digits get in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// As it is read aloud: in two groups of three.
impl fmt::Display for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.as_str().split_at(JOIN_DIGITS / 2);
        write!(f, "{first} {second}")
    }
}

impl FromStr for JoinCode {
    type Err = NotAJoinCode;
    /// Reads what somebody typed: gaps and hyphens do not matter.
    fn from_str(text: &str) -> Result<Self, NotAJoinCode> {
        let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-' | b'.')).collect();
        let digits: [u8; JOIN_DIGITS] = digits.try_into().map_err(|_| NotAJoinCode)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(Self(digits)) } else { Err(NotAJoinCode) }
    }
}

/// What a class is for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// A whole track.
    Track(TrackId),
    /// Chosen lessons, in this order; never empty.
    Lessons(Vec<LessonId>),
}

/// Longest name of a class and of a place: a line on a phone.
pub const CLASS_NAME_CHARS_MAX: usize = 80;
/// People on one roster at most; as many as a file may have rows.
pub const MEMBERS_MAX: usize = 5_000;
/// How long a class may last, in days: a year of market days.
pub const CLASS_DAYS_MAX: i64 = 366;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Class {
    pub id: ClassId,
    pub name: String,
    pub unit: UnitCode,
    /// The house where it meets: "Nhà văn hóa bản Mường".
    pub place: String,
    pub plan: Plan,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// With the moment until which it lets people in; `None` when it was closed.
    pub code: Option<(JoinCode, Millis)>,
    pub made_at: Millis,
    pub closed_at: Option<Millis>,
}

named_values! {
    /// How somebody agreed to be counted.
    ConsentGiven { Aloud = "aloud", OnPhone = "on_phone" }
}

named_values! {
    /// Whether somebody was there. Who is not marked was not.
    Attendance { Present = "present", Late = "late", Excused = "excused" }
}

impl Attendance {
    pub fn is_there(self) -> bool {
        self != Self::Excused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits_as_they_are_typed() {
        for typed in ["012345", "012 345", " 012-345 ", "01.23.45"] {
            let code: JoinCode = typed.parse().unwrap_or_else(|_| panic!("{typed}"));
            assert_eq!((code.as_str(), code.to_string().as_str()), ("012345", "012 345"), "{typed}");
        }
        for bad in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(bad.parse::<JoinCode>(), Err(NotAJoinCode), "{bad}");
        }
        assert_eq!(JoinCode::from_random(123_456_789_012u64.to_le_bytes()).as_str(), "789012");
        assert_eq!(JoinCode::from_random([0; 8]).as_str(), "000000");
    }

    #[test]
    fn ids_read_back() {
        let id = MemberId(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("7".parse::<ClassId>().is_err());
    }
}
