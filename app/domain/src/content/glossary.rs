//! Words that not everybody knows, and where a text uses them.

use std::collections::BTreeSet;

/// A word of the glossary with its meaning in one plain sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// Its anchor in addresses: the word in plain letters, with hyphens.
    pub id: String,
    /// The official word.
    pub word: String,
    pub means: String,
    /// What to say instead, where something is closer.
    pub say: Option<String>,
    /// How it stands in texts, in lower case; `None` for a word that means something else in most of them.
    pub form: Option<String>,
}

/// The terms that a text uses, in the order in which they first stand in it. Whole words only, and of two that begin at the
/// same place the longer: where "mã QR" stands, "mã" does not.
pub fn terms_in<'a>(terms: &'a [Term], text: &str) -> Vec<&'a Term> {
    let text = text.to_lowercase();
    let mut found: Vec<&Term> = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let longest = terms
            .iter()
            .filter(|term| term.form.as_ref().is_some_and(|form| stands_at(&text, at, form)))
            .max_by_key(|term| term.form.as_ref().map_or(0, String::len));
        if let Some(term) = longest {
            if !found.contains(&term) {
                found.push(term);
            }
            at += term.form.as_ref().map_or(0, String::len);
        } else {
            at += letter.len_utf8();
        }
    }
    found
}

fn stands_at(text: &str, at: usize, form: &str) -> bool {
    let begins = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    let ends = || text[at + form.len()..].chars().next().is_none_or(|after| !after.is_alphanumeric());
    begins && text[at..].starts_with(form) && ends()
}

/// Of several texts in a row, for each the terms that are new in it.
pub fn first_uses(terms: &[Term], texts: impl Iterator<Item = String>) -> Vec<Vec<&Term>> {
    let mut seen = BTreeSet::new();
    texts.map(|text| terms_in(terms, &text).into_iter().filter(|term| seen.insert(term.id.clone())).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(word: &str) -> Term {
        let (id, form) = (word.to_owned(), Some(word.to_lowercase()));
        Term { id, word: word.to_owned(), means: String::new(), say: None, form }
    }

    #[test]
    fn terms_are_found_as_whole_words_the_longest_first() {
        let terms = [term("Phí"), term("Lệ phí"), term("Mã QR"), term("OTP"), term("Đăng nhập")];
        let cases: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("Nộp lệ phí, rồi trả phí.", &["Lệ phí", "Phí"]),
            ("Phía trước có mã QR.", &["Mã QR"]),
            ("MÃ QR và mã qr là một.", &["Mã QR"]),
            ("ĐĂNG NHẬP bằng OTP", &["Đăng nhập", "OTP"]),
            ("otp1, xotp", &[]),
            ("(OTP)", &["OTP"]),
        ];
        for (text, expected) in cases {
            let found: Vec<&str> = terms_in(&terms, text).iter().map(|term| term.word.as_str()).collect();
            assert_eq!(found, expected, "{text}");
        }
        let texts = ["Mã OTP", "phí và OTP", "lệ phí"].map(str::to_owned);
        let first: Vec<Vec<&str>> = first_uses(&terms, texts.into_iter())
            .into_iter()
            .map(|terms| terms.into_iter().map(|term| term.word.as_str()).collect())
            .collect();
        assert_eq!(first, [vec!["OTP"], vec!["Phí"], vec!["Lệ phí"]]);
    }
}
