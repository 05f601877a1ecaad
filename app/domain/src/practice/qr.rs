//! VietQR codes: really parsed, and for practice made so that nothing can pay them.
//!
//! The form is EMVCo's QR Code Specification for Payment Systems, Merchant-Presented Mode (fields of a two-digit tag, a two-digit
//! length and a value, ended by a checksum) with NAPAS's field 38 (QR Format T&C 1.0, 09/2021).

/// NAPAS's name in field 38: what banks' applications look for.
const NAPAS: &str = "A000000727";
/// The name that practice codes have in its place: no application knows whom to ask.
const PRACTICE: &str = "MAU.HOCSO";
/// The bank of practice codes: no bank has this number.
const PRACTICE_BANK: &str = "000000";
/// Letters of a note in a code; longer ones make the code too fine for a cheap camera.
pub const NOTE_LETTERS_MAX: usize = 25;

/// What a code says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payload {
    /// Whose form the account is in: NAPAS's, or that of practice codes.
    pub scheme: String,
    pub bank: String,
    pub account: String,
    /// In đồng; `None` when the payer types it.
    pub amount: Option<u64>,
    pub note: Option<String>,
    pub crc: Crc,
}

/// The checksum at the end of a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Crc {
    Right,
    /// Every bit the other way round: the mark of a practice code, which every application refuses.
    Practice,
    Wrong,
}

impl Payload {
    /// Whether any application could pay it. Practice codes fail on four counts, each enough: scheme, bank, account, checksum.
    pub fn is_payable(&self) -> bool {
        self.scheme == NAPAS
            && self.crc == Crc::Right
            && self.bank != PRACTICE_BANK
            && !self.account.starts_with("0000")
    }

    pub fn is_practice(&self) -> bool {
        self.scheme == PRACTICE && self.crc == Crc::Practice
    }
}

/// Why a text is no code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QrFault {
    /// Other letters than ASCII.
    NotAscii,
    /// A field that is cut off, or has no two-digit tag and length.
    Cut,
    /// A field twice.
    Twice,
    /// No field of this tag.
    Missing(&'static str),
    /// A value that is none for its field.
    BadValue(&'static str),
    /// Something stands behind the checksum.
    AfterChecksum,
}

/// CRC-16/CCITT-FALSE: polynomial 0x1021, beginning with 0xFFFF, no reflection (EMVCo, clause 4.7.3).
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc, byte| {
        (0..8).fold(
            crc ^ (u16::from(*byte) << 8),
            |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 },
        )
    })
}

/// Fields in their order: (tag, value).
fn fields(text: &str) -> Result<Vec<(&str, &str)>, QrFault> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (tag, length) = (rest.get(..2).ok_or(QrFault::Cut)?, rest.get(2..4).ok_or(QrFault::Cut)?);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(tag) || !digits(length) {
            return Err(QrFault::Cut);
        }
        let end = 4 + length.parse::<usize>().map_err(|_| QrFault::Cut)?;
        let value = rest.get(4..end).ok_or(QrFault::Cut)?;
        if found.iter().any(|(known, _)| *known == tag) {
            return Err(QrFault::Twice);
        }
        found.push((tag, value));
        rest = &rest[end..];
    }
    Ok(found)
}

fn field<'a>(fields: &[(&str, &'a str)], tag: &'static str) -> Result<&'a str, QrFault> {
    fields.iter().find(|(known, _)| *known == tag).map(|(_, value)| *value).ok_or(QrFault::Missing(tag))
}

/// Reads a code strictly. A wrong checksum is no fault of reading: the payload says so, and an application would refuse it.
pub fn read_code(text: &str) -> Result<Payload, QrFault> {
    if !text.is_ascii() {
        return Err(QrFault::NotAscii);
    }
    let top = fields(text)?;
    if field(&top, "00")? != "01" {
        return Err(QrFault::BadValue("00"));
    }
    let checksum = field(&top, "63")?;
    if top.last().map(|(tag, _)| *tag) != Some("63") {
        return Err(QrFault::AfterChecksum);
    }
    let says = u16::from_str_radix(checksum, 16).ok().filter(|_| checksum.len() == 4).ok_or(QrFault::BadValue("63"))?;
    let counted = crc16(&text.as_bytes()[..text.len() - 4]);
    let crc = match says {
        _ if says == counted => Crc::Right,
        _ if says == !counted => Crc::Practice,
        _ => Crc::Wrong,
    };
    let amount = match field(&top, "54") {
        Ok(amount) => Some(amount.parse().map_err(|_| QrFault::BadValue("54"))?),
        Err(_) => None,
    };
    let receiver = fields(field(&top, "38")?)?;
    let at_bank = fields(field(&receiver, "01")?)?;
    let note = field(&top, "62").ok().map(fields).transpose()?;
    let note = note.and_then(|more| field(&more, "08").ok().map(str::to_owned));
    let (bank, account) = (field(&at_bank, "00")?, field(&at_bank, "01")?);
    if bank.len() != 6 || !bank.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(QrFault::BadValue("38.01.00"));
    }
    if account.is_empty() || account.len() > 19 {
        return Err(QrFault::BadValue("38.01.01"));
    }
    Ok(Payload {
        scheme: field(&receiver, "00")?.to_owned(),
        bank: bank.to_owned(),
        account: account.to_owned(),
        amount,
        note,
        crc,
    })
}

/// A code for practice: the same form and the same fields, and four things that make it unpayable. NAPAS's name is replaced by
/// [`PRACTICE`], the bank does not exist, the account begins with 0000, and the checksum has every bit the other way round.
///
/// `None` where account or note do not fit a code: an account has 1 to 19 digits, a note at most [`NOTE_LETTERS_MAX`] letters,
/// digits and spaces.
pub fn practice_code(account: &str, amount: Option<u64>, note: Option<&str>) -> Option<String> {
    let fits_account = (1..=19).contains(&account.len()) && account.bytes().all(|byte| byte.is_ascii_digit());
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ';
    let fits_note = note.is_none_or(|note| note.len() <= NOTE_LETTERS_MAX && note.bytes().all(fits));
    if !fits_account || !account.starts_with("0000") || !fits_note {
        return None;
    }
    let tagged = |tag: &str, value: &str| format!("{tag}{:02}{value}", value.len());
    let at_bank = tagged("00", PRACTICE_BANK) + &tagged("01", account);
    let receiver = tagged("00", PRACTICE) + &tagged("01", &at_bank) + &tagged("02", "QRIBFTTA");
    let kind = if amount.is_some() { "12" } else { "11" };
    let mut text = tagged("00", "01") + &tagged("01", kind) + &tagged("38", &receiver) + &tagged("53", "704");
    if let Some(amount) = amount {
        text += &tagged("54", &amount.to_string());
    }
    text += &tagged("58", "VN");
    if let Some(note) = note {
        text += &tagged("62", &tagged("08", note));
    }
    text += "6304";
    let checksum = !crc16(text.as_bytes());
    Some(format!("{text}{checksum:04X}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// NAPAS, QR Format T&C v1.0, example 6.1.3.
    const SAMPLE: &str = "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E";

    #[test]
    fn the_published_example_is_read() {
        let payload = read_code(SAMPLE).unwrap_or_else(|fault| panic!("{fault:?}"));
        let expected = Payload {
            scheme: NAPAS.to_owned(),
            bank: "970403".to_owned(),
            account: "0011012345678".to_owned(),
            amount: Some(180_000),
            note: Some("thanh toan don hang".to_owned()),
            crc: Crc::Right,
        };
        assert_eq!(payload, expected);
        assert!(payload.is_payable());
        assert_eq!(crc16(b"123456789"), 0x29b1, "the check value of CRC-16/CCITT-FALSE");
    }

    #[test]
    fn faults_are_named() {
        let cut = &SAMPLE[..40];
        // Example 6.1.1 of the same paper says 12 digits of account and has 13: a strict reader stumbles.
        let longer = SAMPLE.replace("011300110123456780208", "011200110123456780208");
        let cases = [
            ("", QrFault::Missing("00")),
            ("đ", QrFault::NotAscii),
            ("xx", QrFault::Cut),
            ("0002", QrFault::Cut),
            ("000201000201", QrFault::Twice),
            ("000202", QrFault::BadValue("00")),
            ("000201", QrFault::Missing("63")),
            ("00020163042E2E0102xx", QrFault::AfterChecksum),
            (cut, QrFault::Cut),
            (longer.as_str(), QrFault::Cut),
        ];
        for (text, fault) in cases {
            assert_eq!(read_code(text), Err(fault), "{text}");
        }
        let broken = SAMPLE.replace("18000", "99000");
        assert_eq!(
            read_code(&broken).map(|payload| payload.crc),
            Ok(Crc::Wrong),
            "a changed amount breaks the checksum"
        );
    }

    proptest! {
        /// Whatever a lesson puts into a practice code can be read, and can never be paid.
        #[test]
        fn practice_codes_are_unpayable(account in "0000[0-9]{1,15}", amount in proptest::option::of(1u64..500_000_000), note in proptest::option::of("[a-zA-Z0-9 ]{1,25}")) {
            let code = practice_code(&account, amount, note.as_deref());
            let payload = code.as_deref().map(read_code);
            let Some(Ok(payload)) = payload else { return Err(TestCaseError::fail(format!("{code:?}"))) };
            prop_assert_eq!((&payload.account, payload.amount, &payload.note), (&account, amount, &note));
            prop_assert!(payload.is_practice() && !payload.is_payable());
            // Each of the four alone is enough.
            let one_off = |change: &dyn Fn(&mut Payload)| {
                let mut real = Payload { scheme: NAPAS.into(), bank: "970403".into(), account: "1".into(), crc: Crc::Right, ..payload.clone() };
                prop_assert!(real.is_payable());
                change(&mut real);
                prop_assert!(!real.is_payable());
                Ok(())
            };
            one_off(&|real| real.scheme = payload.scheme.clone())?;
            one_off(&|real| real.bank = payload.bank.clone())?;
            one_off(&|real| real.account = payload.account.clone())?;
            one_off(&|real| real.crc = payload.crc)?;
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,120}") {
            let _ = read_code(&text);
        }

        /// Any one letter changed is noticed.
        #[test]
        fn a_changed_letter_is_noticed(place in 0..SAMPLE.len(), letter in 33u8..127) {
            let mut changed = SAMPLE.as_bytes().to_vec();
            // The checksum at the end is a number in hexadecimal digits, large or small.
            let same = changed[place] == letter || place >= SAMPLE.len() - 4 && changed[place].eq_ignore_ascii_case(&letter);
            prop_assume!(!same);
            changed[place] = letter;
            let changed = String::from_utf8(changed).unwrap_or_default();
            prop_assert!(!read_code(&changed).is_ok_and(|payload| payload.is_payable()), "{}", changed);
        }
    }

    #[test]
    fn what_does_not_fit_makes_no_code() {
        for (account, note) in
            [("", None), ("1234", None), ("0000a", None), ("00000000000000000000", None), ("00001", Some("rau củ"))]
        {
            assert_eq!(practice_code(account, None, note), None, "{account} {note:?}");
        }
    }
}
