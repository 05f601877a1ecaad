//! What is practised with must be visibly unreal: no real name, no number that could be somebody's.

use crate::{form::Form, text::Said};

/// Names of banks, applications, networks and companies that people here meet, folded to lower case. A practice that named one
/// would teach to trust it, or be taken for it.
const REAL_NAMES: [&str; 38] = [
    "agribank",
    "vietcombank",
    "vietinbank",
    "bidv",
    "techcombank",
    "vpbank",
    "tpbank",
    "sacombank",
    "hdbank",
    "lpbank",
    "lienvietpostbank",
    "eximbank",
    "seabank",
    "ocb",
    "mbbank",
    "momo",
    "zalopay",
    "vnpay",
    "viettel",
    "vnpt",
    "mobifone",
    "vinaphone",
    "vietnamobile",
    "napas",
    "zalo",
    "facebook",
    "messenger",
    "telegram",
    "tiktok",
    "youtube",
    "google",
    "vneid",
    "vssid",
    "shopee",
    "lazada",
    "evn",
    "vietqr",
    "dichvucong",
];

/// As many digits make a number that might be somebody's account, telephone or identity card.
const NUMBER_DIGITS_MIN: usize = 9;
/// How every invented number begins.
const INVENTED: &str = "0000";
/// How every invented address ends.
const ADDRESS: &str = ".mau";

/// Notes what in a text of practice could be real.
pub(crate) fn check(form: &mut Form<'_, '_>, said: &Said) {
    let lower = said.text.to_lowercase();
    for word in lower.split(|letter: char| !letter.is_alphanumeric()) {
        if REAL_NAMES.contains(&word) {
            form.fault(said.start(), format!("“{word}” is real: practice uses invented names"));
        }
    }
    for number in numbers(&said.text) {
        if number.len() >= NUMBER_DIGITS_MIN && !number.starts_with(INVENTED) {
            form.fault(said.start(), format!("the number {number} could be somebody's: begin it with {INVENTED}"));
        }
    }
    for word in said.text.split_whitespace() {
        let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let host = word.rsplit("://").next().unwrap_or(word).split('/').next().unwrap_or_default();
        let looks_like_one = host.split('.').count() > 1
            && host.split('.').all(|part| {
                !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
            })
            && host.contains(|letter: char| letter.is_ascii_alphabetic());
        if looks_like_one && !host.ends_with(ADDRESS) {
            form.fault(said.start(), format!("the address “{host}” could be real: invented ones end in {ADDRESS}"));
        }
    }
}

/// The numbers of a text; single spaces inside belong to them.
fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut letters = text.chars().peekable();
    let mut number = String::new();
    while let Some(letter) = letters.next() {
        let goes_on = letter == ' ' && !number.is_empty() && letters.peek().is_some_and(char::is_ascii_digit);
        if letter.is_ascii_digit() {
            number.push(letter);
        } else if !goes_on && !number.is_empty() {
            found.push(std::mem::take(&mut number));
        }
    }
    found.extend(Some(number).filter(|number| !number.is_empty()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{faults::Faults, source::File};

    #[test]
    fn what_could_be_real_is_found() {
        let cases = [
            ("Ngân hàng Mẫu gọi từ 0000 123 456.", 0),
            ("Trả 20.000 đồng cho 12 người.", 0),
            ("Vào nganhangmau.mau/xac-thuc nhé.", 0),
            ("Mở Zalo ra.", 1),
            ("Gọi 0912 345 678 ngay.", 1),
            ("Bấm nganhang.com.vn.", 1),
            ("Bấm https://vneid.gov.vn/x", 3),
        ];
        for (text, count) in cases {
            let mut faults = Faults::default();
            let file = File { path: "x", text };
            check(&mut Form { file, start: 0, owner: "it", faults: &mut faults }, &Said::new(text, 0));
            let least = count.min(1);
            assert!(faults.0.len() >= least && (count > 0 || faults.0.is_empty()), "{text}: {faults}");
        }
    }
}
