//! Numbers as people see them: a date is a number with a format, and a year is not 1961.0.

use chrono::{Days, NaiveDate};

/// What the format of a cell does to a number. Colours, separators and units are left out: nobody looks for them in a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Plain,
    /// Filled up with zeros to so many digits: `000`.
    Zeros(usize),
    Date,
    DateTime,
    /// Only the year of a date is shown.
    Year,
    Time,
}

/// Digits that a spreadsheet keeps of a number, so that 0.1 + 0.2 is 0.3.
const DIGITS: usize = 15;
/// The longest identity numbers have twelve digits; more zeros are decoration.
const ZEROS_MAX: usize = 20;

impl Format {
    /// The formats every program knows by number (ECMA-376 part 1, §18.8.30; 27–36 and 50–58 are dates in East Asia).
    pub(crate) fn builtin(id: u32) -> Self {
        match id {
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Self::Date,
            22 => Self::DateTime,
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Self::Time,
            _ => Self::Plain,
        }
    }

    /// A format written out: `dd/mm/yyyy;@`. Only what counts for positive numbers is looked at.
    pub(crate) fn of_code(code: &str) -> Self {
        let letters = bare_letters(code);
        let has = |letter: char| letters.contains(letter);
        let (year, day, time) = (has('y'), has('d'), has('h') || has('s'));
        if !letters.is_empty() && letters.len() <= ZEROS_MAX && letters.chars().all(|letter| letter == '0') {
            Self::Zeros(letters.len())
        } else if letters.starts_with("general") {
            Self::Plain
        } else if year && !day && !time && !has('m') {
            Self::Year
        } else if (year || day) && time {
            Self::DateTime
        } else if year || day || (has('m') && !time) {
            Self::Date
        } else if time {
            Self::Time
        } else {
            Self::Plain
        }
    }

    /// The number as it is shown; `since_1904` counts days from 1904, as old Macs did.
    pub(crate) fn show(self, number: f64, since_1904: bool) -> String {
        match self {
            Self::Zeros(digits) if number >= 0.0 && number.fract() == 0.0 => {
                format!("{:0>digits$}", plain(number))
            }
            Self::Time => clock(number),
            Self::Plain | Self::Zeros(_) => plain(number),
            Self::Date | Self::DateTime | Self::Year => match date(number, since_1904) {
                Some(date) if self == Self::Year => date.format("%Y").to_string(),
                Some(date) if self == Self::DateTime => format!("{} {}", date.format("%d/%m/%Y"), clock(number)),
                Some(date) => date.format("%d/%m/%Y").to_string(),
                None => plain(number),
            },
        }
    }
}

/// The first section of a format without what is quoted, escaped or bracketed, in lower case.
fn bare_letters(code: &str) -> String {
    let mut bare = String::new();
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '"' => while letters.next().is_some_and(|inside| inside != '"') {},
            // Shown as it is, as wide as, or repeated: the next letter is no code.
            '\\' | '_' | '*' => drop(letters.next()),
            '[' => {
                let inside: String = letters.by_ref().take_while(|inside| *inside != ']').collect();
                // `[h]` counts hours beyond a day; the rest are colours, conditions and languages.
                if matches!(inside.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    bare.push('h');
                }
            }
            _ => bare.extend(letter.to_lowercase()),
        }
    }
    bare.trim().to_owned()
}

/// With fifteen digits, without trailing zeros.
fn plain(number: f64) -> String {
    let rounded: f64 = format!("{number:.*e}", DIGITS - 1).parse().unwrap_or(number);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// Day 60 is 29 February 1900, which never was: Excel keeps a mistake of Lotus 1-2-3, so days before it are one off.
const DAY_THAT_NEVER_WAS: u64 = 60;
/// 31 December 9999, where calendars of spreadsheets end.
const LAST_DAY: f64 = 2_958_465.0;

fn date(number: f64, since_1904: bool) -> Option<NaiveDate> {
    if !(0.0..=LAST_DAY).contains(&number) {
        return None;
    }
    let day = number as u64;
    let (year, month, first, day) = match since_1904 {
        true => (1904, 1, 1, day),
        false if day < DAY_THAT_NEVER_WAS => (1899, 12, 31, day),
        false => (1899, 12, 30, day),
    };
    NaiveDate::from_ymd_opt(year, month, first)?.checked_add_days(Days::new(day))
}

/// Hours and minutes of the part of a day behind the point.
fn clock(number: f64) -> String {
    const MINUTES_OF_DAY: f64 = 1_440.0;
    let minutes = ((number.fract().abs() * MINUTES_OF_DAY).round() as u32) % 1_440;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_letters() {
        let cases = [
            ("General", Format::Plain),
            ("0", Format::Zeros(1)),
            ("000000000000", Format::Zeros(12)),
            ("#,##0", Format::Plain),
            ("0.00E+00", Format::Plain),
            ("#,##0\\ \"đồng\"", Format::Plain),
            ("[Red]#,##0;[Blue]-#,##0", Format::Plain),
            ("dd/mm/yyyy", Format::Date),
            ("dd/mm/yyyy;@", Format::Date),
            ("[$-42A]dd/mm/yyyy", Format::Date),
            ("[$-1010000]d/m/yyyy", Format::Date),
            ("\"Ngày\" dd \"tháng\" mm", Format::Date),
            ("mm/yyyy", Format::Date),
            ("yyyy", Format::Year),
            ("dd/mm/yyyy hh:mm", Format::DateTime),
            ("h:mm AM/PM", Format::Time),
            ("[h]:mm", Format::Time),
            ("@", Format::Plain),
        ];
        for (code, format) in cases {
            assert_eq!(Format::of_code(code), format, "{code}");
        }
    }

    #[test]
    fn numbers_are_shown_as_people_see_them() {
        let cases = [
            (Format::Plain, 2.0, "2"),
            (Format::Plain, 1961.0, "1961"),
            (Format::Plain, 0.1 + 0.2, "0.3"),
            (Format::Plain, -0.0, "0"),
            (Format::Plain, 14099000123.0, "14099000123"),
            (Format::Zeros(4), 7.0, "0007"),
            (Format::Zeros(1), 1961.0, "1961"),
            (Format::Date, 22467.0, "05/07/1961"),
            (Format::Date, 22467.75, "05/07/1961"),
            (Format::DateTime, 22467.75, "05/07/1961 18:00"),
            (Format::Year, 22467.0, "1961"),
            (Format::Time, 0.5, "12:00"),
            (Format::Date, 1.0, "01/01/1900"),
            (Format::Date, 61.0, "01/03/1900"),
            (Format::Date, -1.0, "-1"),
            (Format::Date, 1e300, &1e300.to_string()),
        ];
        for (format, number, shown) in cases {
            assert_eq!(format.show(number, false), shown, "{format:?} {number}");
        }
        assert_eq!(Format::Date.show(21005.0, true), "05/07/1961");
    }
}
