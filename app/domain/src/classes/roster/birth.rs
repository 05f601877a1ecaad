//! A year of birth out of what people write. Day and month only have to exist; then they are forgotten.

use super::RowFault;
use crate::{
    accounts::{BirthYear, YOUNGEST_YEARS},
    places::fold,
};
use chrono::NaiveDate;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Birth {
    Unsaid,
    Year(BirthYear),
    /// Two digits, and the latest year they can mean.
    Century(BirthYear),
    Fault(RowFault),
}

/// Words that stand in a date: "ngày 5 tháng 7 năm 1961".
const DATE_WORDS: [&str; 5] = ["ngay", "thang", "nam", "sinh", "t"];
/// Longer text is no date, and is not taken apart.
const DATE_CHARACTERS_MAX: usize = 60;

/// Reads 1961, 05/07/1961, 5-7-61, 07/1961, 1961-07-05, 05071961, with a time of day or with words.
pub(super) fn read(text: &str, this_year: i32) -> Birth {
    let text = text.trim();
    if text.is_empty() {
        return Birth::Unsaid;
    }
    let Some(numbers) = numbers(text) else {
        return Birth::Fault(RowFault::BirthUnreadable);
    };
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    match numbers[..] {
        [year] if year.len() == 8 => {
            let (day, month, last) = (&year[..2], &year[2..4], &year[4..]);
            match dated(last, Some(month), Some(day), this_year) {
                Birth::Fault(_) => dated(&year[..4], Some(&year[4..6]), Some(&year[6..]), this_year),
                read => read,
            }
        }
        [year] => dated(year, None, None, this_year),
        [year, month] if year.len() == 4 => dated(year, Some(month), None, this_year),
        [month, year] => dated(year, Some(month), None, this_year),
        [year, month, day] if year.len() == 4 => dated(year, Some(month), Some(day), this_year),
        [day, month, year] => dated(year, Some(month), Some(day), this_year),
        _ => Birth::Fault(RowFault::BirthUnreadable),
    }
}

/// The numbers of a date; `None` when something else stands between them.
fn numbers(text: &str) -> Option<Vec<String>> {
    if text.chars().count() > DATE_CHARACTERS_MAX {
        return None;
    }
    // A time of day follows the date after a blank or a T.
    let date = match text.find(':') {
        Some(at) => text[..at].trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches(['T', ' ']),
        None => text,
    };
    let separators =
        |letter: char| matches!(letter, '/' | '-' | '.' | ',' | '–' | '\\' | '\'') || letter.is_whitespace();
    let mut numbers = Vec::new();
    for piece in date.split(separators).filter(|piece| !piece.is_empty()) {
        if piece.bytes().all(|digit| digit.is_ascii_digit()) {
            numbers.push(piece.to_owned());
        } else if !DATE_WORDS.contains(&fold(piece).as_str()) {
            return None;
        }
    }
    Some(numbers)
}

fn dated(year: &str, month: Option<&str>, day: Option<&str>, this_year: i32) -> Birth {
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|_| digits.len() <= 2);
    let unreadable = Birth::Fault(RowFault::BirthUnreadable);
    let Ok(written) = year.parse::<i32>() else {
        return unreadable;
    };
    let proposed = match year.len() {
        4 => None,
        2 => match latest(written, this_year) {
            Some(proposed) => Some(proposed),
            None => return unreadable,
        },
        _ => return unreadable,
    };
    let full = proposed.map_or(written, BirthYear::get);
    let exists = match (month, day) {
        (None, _) => true,
        (Some(month), day) => match (number(month), day.map_or(Some(1), number)) {
            (Some(month), Some(day)) => NaiveDate::from_ymd_opt(full, month, day).is_some(),
            _ => return unreadable,
        },
    };
    if !exists {
        return Birth::Fault(RowFault::BirthImpossible);
    }
    match (proposed, BirthYear::new(full, this_year)) {
        (Some(proposed), _) => Birth::Century(proposed),
        (None, Some(year)) => Birth::Year(year),
        (None, None) => Birth::Fault(RowFault::BirthYear { year: full }),
    }
}

/// The latest year with these last two digits in which a learner can be born.
fn latest(two_digits: i32, this_year: i32) -> Option<BirthYear> {
    let youngest = this_year - YOUNGEST_YEARS;
    BirthYear::new(youngest - (youngest - two_digits).rem_euclid(100), this_year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IMPOSSIBLE: Birth = Birth::Fault(RowFault::BirthImpossible);
    const UNREADABLE: Birth = Birth::Fault(RowFault::BirthUnreadable);

    #[test]
    fn years_are_read_from_what_people_write() {
        let year = |year| Birth::Year(BirthYear::stored(year));
        let century = |year| Birth::Century(BirthYear::stored(year));
        let out = |year| Birth::Fault(RowFault::BirthYear { year });
        let cases = [
            ("", Birth::Unsaid),
            ("  ", Birth::Unsaid),
            ("1961", year(1961)),
            (" 1961. ", year(1961)),
            ("05/07/1961", year(1961)),
            ("5-7-1961", year(1961)),
            ("05 . 07 . 1961", year(1961)),
            ("1961-07-05", year(1961)),
            ("05/07/1961 12:30", year(1961)),
            ("1961-07-05T00:00:00", year(1961)),
            ("05071961", year(1961)),
            ("19610705", year(1961)),
            ("07/1961", year(1961)),
            ("1961/7", year(1961)),
            ("Ngày 5 tháng 7 năm 1961", year(1961)),
            ("sinh năm 1961", year(1961)),
            ("61", century(1961)),
            ("5-7-61", century(1961)),
            ("'61", century(1961)),
            ("07/61", century(1961)),
            ("20", century(2020)),
            ("21", century(1921)),
            ("05", century(2005)),
            ("29/02/1960", year(1960)),
            ("29/02/1961", IMPOSSIBLE),
            ("31/02/1970", IMPOSSIBLE),
            ("31/02/70", IMPOSSIBLE),
            ("5/13/1970", IMPOSSIBLE),
            ("13/1970", IMPOSSIBLE),
            ("0/0/1970", IMPOSSIBLE),
            ("1850", out(1850)),
            ("2030", out(2030)),
            ("2021", out(2021)),
            ("2020", year(2020)),
            ("1906", year(1906)),
            ("1905", out(1905)),
            ("0000", out(0)),
            ("05/07/2030", out(2030)),
            ("năm", UNREADABLE),
            ("không rõ", UNREADABLE),
            ("1961?", UNREADABLE),
            ("22467", UNREADABLE),
            ("65 tuổi", UNREADABLE),
            ("1/2/3/4", UNREADABLE),
            ("123/7/1961", UNREADABLE),
            ("99999999999999999999", UNREADABLE),
            (":", UNREADABLE),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text, 2026), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[\\PC0-9/.: -]{0,30}") {
            let _ = read(&text, 2026);
        }

        #[test]
        fn every_day_gives_its_year(days in 0_u64..40_000) {
            let first = NaiveDate::from_ymd_opt(1907, 1, 1).unwrap_or_default();
            let day = first.checked_add_days(chrono::Days::new(days)).unwrap_or_default();
            for form in ["%d/%m/%Y", "%-d-%-m-%Y", "%Y-%m-%d", "%d.%m.%Y"] {
                let born: i32 = day.format("%Y").to_string().parse().unwrap_or_default();
                prop_assert_eq!(read(&day.format(form).to_string(), 2026), Birth::Year(BirthYear::stored(born)));
            }
        }
    }
}
