//! A learner: who proves to be the same person again, what they told us, and what they agreed to. Those who work here: `staff`.

mod card;
pub mod staff;

pub use card::{
    CERTIFICATE_LENGTH, CODE_LENGTH, CardCode, CardFault, CertificateCode, RANDOM_BYTES, RECOVERY_LENGTH, RecoveryCode,
    SYMBOLS,
};

use crate::{places::UnitCode, time::Month};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The id a phone makes for a learner: 16 random bytes, written as 32 hex digits. It says nothing about anybody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LearnerId(pub Uuid);

impl fmt::Display for LearnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.simple())
    }
}

impl FromStr for LearnerId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        Ok(Self(Uuid::from_bytes(bytes_of_hex(text).ok_or(NotAnId)?)))
    }
}

impl Serialize for LearnerId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LearnerId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <std::borrow::Cow<'de, str>>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Neither an id nor a secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id has 32 hex digits, a secret 64")
    }
}

/// What a phone proves itself with: 32 random bytes, 64 hex digits. The server keeps only its hash, and it is never
/// printed: `Debug` hides it and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// 64 hex digits, as cookies carry them.
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl FromStr for Secret {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        Ok(Self(bytes_of_hex(text).ok_or(NotAnId)?))
    }
}

/// An id with its secret, as the cookie carries them: `<id>.<secret>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credentials {
    pub id: LearnerId,
    pub secret: Secret,
}

impl Credentials {
    pub fn to_cookie(&self) -> String {
        format!("{}.{}", self.id, self.secret.to_hex())
    }
}

impl FromStr for Credentials {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (id, secret) = text.split_once('.').ok_or(NotAnId)?;
        Ok(Self { id: id.parse()?, secret: secret.parse()? })
    }
}

/// What a phone may append a learner's events with, and nothing else: it opens no page and reads nothing. A family phone keeps
/// it in the clear, so that what one person did goes out while another is playing. Made from the secret as
/// HMAC-SHA256(secret, [`APPEND_LABEL`]), so that it need not be agreed on.
pub const APPEND_LABEL: &[u8] = b"hocso append 1";

fn bytes_of_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let value = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}

/// Declares an enum whose variants have one stable name each, in the database, on the wire and in forms.
macro_rules! named_values {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name { $($(#[$note])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name, in the database and on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use named_values;

named_values! {
    /// As on the identity card, or not said.
    Sex { Female = "female", Male = "male", Unstated = "unstated" }
}

named_values! {
    /// The peoples of Sơn La by the 2019 census and the 2015 split; everyone else is `Other`.
    EthnicGroup {
        Thai = "thai", Kinh = "kinh", Mong = "mong", Muong = "muong", XinhMun = "xinh_mun", Dao = "dao",
        KhoMu = "kho_mu", LaHa = "la_ha", Khang = "khang", Lao = "lao", Tay = "tay", Hoa = "hoa", Other = "other",
    }
}

impl EthnicGroup {
    /// The people's own official name. Proper names are not translated.
    pub fn name(self) -> &'static str {
        match self {
            Self::Thai => "Thái",
            Self::Kinh => "Kinh",
            Self::Mong => "Mông",
            Self::Muong => "Mường",
            Self::XinhMun => "Xinh Mun",
            Self::Dao => "Dao",
            Self::KhoMu => "Khơ Mú",
            Self::LaHa => "La Ha",
            Self::Khang => "Kháng",
            Self::Lao => "Lào",
            Self::Tay => "Tày",
            Self::Hoa => "Hoa",
            Self::Other => "Khác",
        }
    }
}

named_values! {
    /// Ages are counted in these bands; 15 is where the denominator "adults" begins.
    AgeBand {
        Under15 = "0-14", From15 = "15-24", From25 = "25-34", From35 = "35-44", From45 = "45-54", From55 = "55-64",
        From65 = "65+",
    }
}

impl AgeBand {
    /// The band in a month: the month's year minus the birth year (design §3), so it never needs a birthday.
    pub fn of(birth_year: BirthYear, month: Month) -> Self {
        match month.year() - birth_year.get() {
            ..=14 => Self::Under15,
            15..=24 => Self::From15,
            25..=34 => Self::From25,
            35..=44 => Self::From35,
            45..=54 => Self::From45,
            55..=64 => Self::From55,
            65.. => Self::From65,
        }
    }

    pub fn is_adult(self) -> bool {
        self != Self::Under15
    }
}

/// A year of birth between [`OLDEST_YEARS`] and [`YOUNGEST_YEARS`] ago: whoever knows their year only, knows enough.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BirthYear(i32);

/// The oldest person ever recorded lived 122 years; older is a slip of the finger.
pub const OLDEST_YEARS: i32 = 120;
/// Children read at six; younger ones learn on somebody's lap and are not counted.
pub const YOUNGEST_YEARS: i32 = 6;
/// Under this age a parent consents (Law 91/2025/QH15 and design §3, Consent).
pub const CONSENT_YEARS: i32 = 16;

impl BirthYear {
    /// `None` when nobody of that year can be learning in `this_year`.
    pub fn new(year: i32, this_year: i32) -> Option<Self> {
        (this_year - OLDEST_YEARS..=this_year - YOUNGEST_YEARS).contains(&year).then_some(Self(year))
    }

    /// A year that was checked when it was stored.
    pub fn stored(year: i32) -> Self {
        Self(year)
    }

    pub fn get(self) -> i32 {
        self.0
    }

    /// Whether a parent must agree. By year alone the sixteenth birthday may still be ahead, so this asks once too often
    /// rather than once too seldom.
    pub fn needs_guardian(self, this_year: i32) -> bool {
        this_year - self.0 <= CONSENT_YEARS
    }
}

/// What a learner told us, and all that is known about them. No name, no number, no address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub unit: UnitCode,
    pub birth_year: BirthYear,
    pub sex: Sex,
}

/// The wording that people agree to now. Changing what is agreed to means a new number and a new question.
pub const CONSENT_VERSION: u16 = 1;

/// That their learning may be counted. The ethnic group is agreed to apart, by stating it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub version: u16,
    /// A parent agreed too.
    #[serde(default)]
    pub guardian: bool,
}

/// Why a profile or a consent is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProfileFault {
    UnknownUnit,
    BirthYear,
    Guardian,
    ConsentVersion,
}

/// Whether this profile may be kept with this consent. `unit_known`: the unit exists today.
pub fn check_profile(
    profile: &Profile,
    consent: Consent,
    unit_known: bool,
    this_year: i32,
) -> Result<(), ProfileFault> {
    if !unit_known {
        Err(ProfileFault::UnknownUnit)
    } else if BirthYear::new(profile.birth_year.get(), this_year).is_none() {
        Err(ProfileFault::BirthYear)
    } else if profile.birth_year.needs_guardian(this_year) && !consent.guardian {
        Err(ProfileFault::Guardian)
    } else if !(1..=CONSENT_VERSION).contains(&consent.version) {
        Err(ProfileFault::ConsentVersion)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_secrets_read_back() {
        let text = format!("{}.{}", "0a".repeat(16), "f3".repeat(32));
        let credentials: Credentials = text.parse().unwrap_or_else(|_| panic!("{text}"));
        assert_eq!(credentials.to_cookie(), text);
        assert_eq!(format!("{:?}", credentials.secret), "Secret(…)");
        for bad in ["", ".", "0a", &"zz".repeat(16), &format!("{}.{}", "0a".repeat(16), "f3".repeat(31))] {
            assert!(bad.parse::<Credentials>().is_err(), "{bad}");
        }
    }

    #[test]
    fn age_is_the_year_minus_the_birth_year() {
        let month = |number| Month::from_number(number).unwrap_or_else(|| panic!("{number}"));
        let cases = [
            (2012, 202611, AgeBand::Under15),
            (2011, 202601, AgeBand::From15),
            (2011, 202512, AgeBand::Under15),
            (1961, 202611, AgeBand::From65),
            (1962, 202611, AgeBand::From55),
        ];
        for (born, at, band) in cases {
            assert_eq!(AgeBand::of(BirthYear::stored(born), month(at)), band, "{born} in {at}");
        }
    }

    #[test]
    fn a_profile_needs_a_real_unit_a_possible_year_and_a_parent_for_the_young() {
        let unit = "03646".parse().unwrap_or_else(|_| unreachable!());
        let consent = Consent { version: 1, guardian: false };
        let with_parent = Consent { version: 1, guardian: true };
        let cases = [
            (1970, consent, true, Ok(())),
            (1970, consent, false, Err(ProfileFault::UnknownUnit)),
            (1905, consent, true, Err(ProfileFault::BirthYear)),
            (2021, with_parent, true, Err(ProfileFault::BirthYear)),
            (2020, with_parent, true, Ok(())),
            (2010, consent, true, Err(ProfileFault::Guardian)),
            (2009, consent, true, Ok(())),
            (1970, Consent { version: 0, guardian: false }, true, Err(ProfileFault::ConsentVersion)),
            (1970, Consent { version: 2, guardian: false }, true, Err(ProfileFault::ConsentVersion)),
        ];
        for (year, consent, known, expected) in cases {
            let profile = Profile { unit, birth_year: BirthYear::stored(year), sex: Sex::Female };
            assert_eq!(check_profile(&profile, consent, known, 2026), expected, "{year} {consent:?}");
        }
    }

    #[test]
    fn names_of_values_read_back() {
        for group in EthnicGroup::ALL {
            assert_eq!(EthnicGroup::parse(group.as_str()), Some(*group));
        }
        assert_eq!(Sex::parse("women"), None);
    }
}
