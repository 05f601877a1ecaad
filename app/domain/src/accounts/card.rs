//! Codes that people copy by hand: the learner card of twenty characters, which brings what somebody has learnt to another
//! phone, and the number of a certificate.

use std::{fmt, str::FromStr};

/// The characters of a code. Of every pair that is taken for one another when it is written by hand or read aloud (0 O D Q,
/// 1 I L, 2 Z, 5 S, 8 B, 6 G, U V) at most one is here. Their number is a prime, which the check character needs.
pub const SYMBOLS: &[u8; 23] = b"34679ACDEFHJKMNPRTVWXYZ";
/// Characters of a card: nineteen drawn ones, 23¹⁹ ≈ 2⁸⁶, more than anybody can try, and the check character.
pub const CODE_LENGTH: usize = 20;
/// Characters of a certificate: eleven drawn ones, 23¹¹ ≈ 2⁴⁹, so that nobody finds one by trying, and the check character.
pub const CERTIFICATE_LENGTH: usize = 12;
/// Characters of a recovery code of somebody who works here: fifteen drawn ones, 23¹⁵ ≈ 2⁶⁷, so that a hash of it cannot be turned
/// back by trying, and the check character.
pub const RECOVERY_LENGTH: usize = 16;
/// Bytes of randomness that surely suffice for a code: one in ten is thrown away, so forty would do for all but one in 10⁹.
pub const RANDOM_BYTES: usize = 64;
/// Random bytes from here on are thrown away, so that every character is as likely as any other: 10 × 23.
const FAIR_BELOW: u8 = 230;
/// Characters that are written together.
const GROUP: usize = 4;

/// A code whose check character is right. It may be a secret: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Code<const LENGTH: usize>([u8; LENGTH]);

pub type CardCode = Code<CODE_LENGTH>;
/// Stands on a certificate, for everyone to see.
pub type CertificateCode = Code<CERTIFICATE_LENGTH>;

/// Opens the account of somebody who works here once, when the phone with the second factor is lost.
pub type RecoveryCode = Code<RECOVERY_LENGTH>;

/// Why a text is no code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CardFault {
    /// So many characters, and not as many as such a code has.
    Length(usize),
    /// A character that no card has.
    Symbol(char),
    /// Every character could be right, but not all of them together: one is wrong, or two have changed places.
    Check,
}

impl<const LENGTH: usize> Code<LENGTH> {
    /// A code from random bytes; `None` when they do not suffice.
    pub fn from_random(bytes: &[u8]) -> Option<Self> {
        let fair = bytes.iter().filter(|byte| **byte < FAIR_BELOW).map(|byte| usize::from(*byte) % SYMBOLS.len());
        let drawn: Vec<usize> = fair.take(LENGTH - 1).collect();
        let mut code = [0; LENGTH];
        let last = (drawn.len() == LENGTH - 1).then(|| check(drawn.iter().copied()))?;
        for (place, value) in drawn.into_iter().chain([last]).enumerate() {
            code[place] = SYMBOLS[value];
        }
        Some(Self(code))
    }

    /// The characters without gaps: what is hashed, and what a QR code carries.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The check character: Σ i·vᵢ modulo 23 over the places i = 1 … 19. Modulo a prime every single wrong character changes it,
/// and so does every exchange of two different ones (Verhoeff, Error Detecting Decimal Codes, 1969; ISBN-10 is the same modulo
/// 11), the check character itself included, because no place has the weight −1.
fn check(values: impl Iterator<Item = usize>) -> usize {
    values.enumerate().map(|(place, value)| (place + 1) * value).sum::<usize>() % SYMBOLS.len()
}

impl<const LENGTH: usize> FromStr for Code<LENGTH> {
    type Err = CardFault;

    /// Reads what somebody typed: gaps, hyphens and small letters do not matter.
    fn from_str(text: &str) -> Result<Self, CardFault> {
        let typed = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.'));
        let typed: Vec<char> = typed.map(|c| c.to_ascii_uppercase()).collect();
        let value = |c: &char| SYMBOLS.iter().position(|symbol| char::from(*symbol) == *c);
        let values = typed.iter().map(|c| value(c).ok_or(CardFault::Symbol(*c)));
        let values: Vec<usize> = values.collect::<Result<_, _>>()?;
        let [drawn @ .., last] = &values[..] else { return Err(CardFault::Length(0)) };
        if values.len() != LENGTH {
            return Err(CardFault::Length(values.len()));
        }
        if check(drawn.iter().copied()) != *last {
            return Err(CardFault::Check);
        }
        let mut code = [0; LENGTH];
        for (place, value) in values.into_iter().enumerate() {
            code[place] = SYMBOLS[value];
        }
        Ok(Self(code))
    }
}

/// As it is printed: in groups of four.
impl<const LENGTH: usize> fmt::Display for Code<LENGTH> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, group) in self.0.chunks(GROUP).enumerate() {
            if place > 0 {
                f.write_str("-")?;
            }
            f.write_str(std::str::from_utf8(group).unwrap_or_default())?;
        }
        Ok(())
    }
}

impl<const LENGTH: usize> fmt::Debug for Code<LENGTH> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FROM_ZERO_ON: &str = "3467-9ACD-EFHJ-KMNP-RTV7";

    fn code(bytes: &[u8]) -> CardCode {
        CardCode::from_random(bytes).unwrap_or_else(|| panic!("{bytes:?}"))
    }

    #[test]
    fn a_code_is_drawn_and_read_back() {
        let bytes: Vec<u8> = (0..RANDOM_BYTES as u8).collect();
        assert_eq!(code(&bytes).to_string(), FROM_ZERO_ON);
        let unfair: Vec<u8> = [FAIR_BELOW, 255].into_iter().chain(0..19).collect();
        assert_eq!(code(&unfair), code(&bytes), "what would make some characters likelier is thrown away");
        assert!(CardCode::from_random(&bytes[..18]).is_none());
        assert_eq!(format!("{:?}", code(&bytes)), "Code(…)");
        for typed in [FROM_ZERO_ON.to_lowercase(), FROM_ZERO_ON.replace('-', " "), FROM_ZERO_ON.replace('-', "")] {
            assert_eq!(typed.parse(), Ok(code(&bytes)), "{typed}");
        }
        let cases = [
            ("", CardFault::Length(0)),
            ("3467", CardFault::Length(4)),
            ("3467-9ACD-EFHJ-KMNP-RTV73", CardFault::Length(21)),
            ("3467-9ACD-EFHJ-KMNP-RTV0", CardFault::Symbol('0')),
            ("3467-9ACD-EFHJ-KMNP-RTVđ", CardFault::Symbol('đ')),
            ("3467-9ACD-EFHJ-KMNP-RTVY", CardFault::Check),
        ];
        for (typed, fault) in cases {
            assert_eq!(typed.parse::<CardCode>(), Err(fault), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_or_two_exchanged_characters_are_noticed(bytes in prop::array::uniform32(0u8..FAIR_BELOW)) {
            let right = code(&bytes);
            prop_assert_eq!(right.to_string().parse::<CardCode>(), Ok(right.clone()));
            for place in 0..CODE_LENGTH {
                for symbol in SYMBOLS.iter().filter(|symbol| **symbol != right.0[place]) {
                    let mut wrong = right.0;
                    wrong[place] = *symbol;
                    prop_assert_eq!(String::from_utf8_lossy(&wrong).parse::<CardCode>(), Err(CardFault::Check));
                }
                for other in (0..place).filter(|other| right.0[*other] != right.0[place]) {
                    let mut wrong = right.0;
                    wrong.swap(place, other);
                    prop_assert_eq!(String::from_utf8_lossy(&wrong).parse::<CardCode>(), Err(CardFault::Check));
                }
            }
        }
    }
}
