//! Texts with their places in a file, sentences and words.

/// A text and where its pieces stand in the file it was read from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) text: String,
    /// Where a piece begins in `text` and where it stands in the file, both in bytes.
    pieces: Vec<(usize, usize)>,
}

impl Said {
    pub(crate) fn new(text: &str, place: usize) -> Self {
        let mut said = Self::default();
        said.push(text, place);
        said
    }

    pub(crate) fn push(&mut self, text: &str, place: usize) {
        self.pieces.push((self.text.len(), place));
        self.text.push_str(text);
    }

    /// The place in the file of a place in the text.
    pub(crate) fn place(&self, inside: usize) -> usize {
        let piece = self.pieces.iter().rev().find(|(start, _)| *start <= inside);
        piece.map_or(0, |(start, place)| place + inside - start)
    }

    /// The place in the file where it begins.
    pub(crate) fn start(&self) -> usize {
        self.place(0)
    }
}

/// The sentences of a text and where each begins.
///
/// A sentence ends at `.`, `!`, `?` or `…` before white space or the end, so neither `1.000` nor `dichvucong.gov.vn` is cut.
/// Quotation marks that close may stand between; if the text then goes on in lower case, so does the sentence.
pub(crate) fn sentences(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, end) in text.match_indices(['.', '!', '?', '…']) {
        let rest = &text[at + end.len()..];
        let after = rest.trim_start_matches(['”', '’', '"', '\'', '»', ')']);
        let goes_on = after.len() < rest.len() && after.trim_start().starts_with(char::is_lowercase);
        if !goes_on && (after.is_empty() || after.starts_with(char::is_whitespace)) {
            let end = text.len() - after.len();
            found.push((start, &text[start..end]));
            start = end;
        }
    }
    found.push((start, &text[start..]));
    let trimmed = found.into_iter().map(|(start, sentence)| {
        let from_letter = sentence.trim_start();
        (start + sentence.len() - from_letter.len(), from_letter.trim_end())
    });
    trimmed.filter(|(_, sentence)| !sentence.is_empty()).collect()
}

/// How many words: what stands between white space and has a letter or digit.
pub(crate) fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// The words, and the numbers, of a text that have two capitals in a row, and where each begins.
pub(crate) fn capitals(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    text.split(|letter: char| !letter.is_alphanumeric()).filter_map(move |word| {
        // `split` leaves out one separator between two words.
        let start = next;
        next = start + word.len() + text[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        has_two_capitals(word).then_some((start, word))
    })
}

/// "1 point", "2 points".
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Whether two capitals stand side by side, Vietnamese ones included.
pub(crate) fn has_two_capitals(word: &str) -> bool {
    word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_uppercase() && b.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_one_breathes() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("Một. Hai! Ba? Bốn… Năm", &["Một.", "Hai!", "Ba?", "Bốn…", "Năm"]),
            ("Vào dichvucong.gov.vn, trả 1.234.567 đồng.", &["Vào dichvucong.gov.vn, trả 1.234.567 đồng."]),
            ("Thật à?! Thật...  Ừ.", &["Thật à?!", "Thật...", "Ừ."]),
            ("Bấm “Nộp hồ sơ.” Rồi chờ.", &["Bấm “Nộp hồ sơ.”", "Rồi chờ."]),
            ("Nó hỏi: “Ai đấy?” rồi tắt.", &["Nó hỏi: “Ai đấy?” rồi tắt."]),
            ("Một.\nHai.", &["Một.", "Hai."]),
        ];
        for (text, expected) in cases {
            let found = sentences(text);
            assert_eq!(found.iter().map(|(_, sentence)| *sentence).collect::<Vec<_>>(), *expected, "{text}");
            assert!(found.iter().all(|(at, sentence)| text[*at..].starts_with(sentence)), "{text}");
        }
    }

    #[test]
    fn words_have_letters() {
        for (text, count) in [("", 0), ("Bà con – nhớ 1.000 đồng !", 5), ("“Có”", 1)] {
            assert_eq!(words(text), count, "{text}");
        }
    }

    #[test]
    fn capitals_are_two_in_a_row() {
        let text = "VNeID, (OTP) Đà NẴNG, iOS: 4G, A/B, tên-ĐỂ";
        let found: Vec<_> = capitals(text).collect();
        assert_eq!(found.iter().map(|(_, word)| *word).collect::<Vec<_>>(), ["VNeID", "OTP", "NẴNG", "iOS", "ĐỂ"]);
        assert!(found.iter().all(|(at, word)| text[*at..].starts_with(word)));
    }

    #[test]
    fn a_place_is_that_of_its_piece() {
        let mut said = Said::new("một ", 10);
        said.push("hai", 20);
        assert_eq!([0, 4, 6, 8].map(|inside| said.place(inside)), [10, 14, 20, 22]);
    }
}
