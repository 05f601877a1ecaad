//! Moments and months. UTC inside, UTC+7 for people: Việt Nam has one zone and no summer time.

use chrono::{DateTime, Datelike, Duration, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z, as phones and the server count them.
pub type Millis = i64;

pub const SECOND_MS: Millis = 1_000;
pub const HOUR_MS: Millis = 3_600 * SECOND_MS;
pub const DAY_MS: Millis = 24 * HOUR_MS;

/// The zone of the people we serve, in hours east of Greenwich (Asia/Ho_Chi_Minh).
const ZONE_HOURS: i64 = 7;

/// The calendar day of a moment for people in Việt Nam. Moments outside the calendar give 1970-01-01.
pub fn day_of(at: Millis) -> NaiveDate {
    DateTime::from_timestamp_millis(at)
        .map(|moment| (moment + Duration::hours(ZONE_HOURS)).date_naive())
        .unwrap_or_default()
}

/// The moment at which the day of a moment began in Việt Nam.
pub fn day_began(at: Millis) -> Millis {
    at - into_the_day(at)
}

/// Hours and minutes of a moment in Việt Nam.
pub fn clock_of(at: Millis) -> (u32, u32) {
    let minutes = (into_the_day(at) / (60 * SECOND_MS)) as u32;
    (minutes / 60, minutes % 60)
}

fn into_the_day(at: Millis) -> Millis {
    (at + ZONE_HOURS * HOUR_MS).rem_euclid(DAY_MS)
}

/// A day as it is stored: the number `YYYYMMDD`.
pub fn day_number(day: NaiveDate) -> i32 {
    day.year() * 10_000 + day.month() as i32 * 100 + day.day() as i32
}

/// From the stored number `YYYYMMDD`.
pub fn day_from_number(number: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(number / 10_000, (number / 100 % 100) as u32, (number % 100) as u32)
}

/// A calendar month in Việt Nam, stored and sent as the number `YYYYMM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(i32);

impl Month {
    /// `None` unless the month is 1 to 12 and the year 1970 to 9999.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        let fits = (1970..=9999).contains(&year) && (1..=12).contains(&month);
        fits.then(|| Self(year * 100 + month as i32))
    }

    /// From the stored number `YYYYMM`.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::new(number / 100, (number % 100) as u32)
    }

    pub fn of(at: Millis) -> Self {
        Self::of_day(day_of(at))
    }

    pub fn of_day(day: NaiveDate) -> Self {
        Self(day.year() * 100 + day.month() as i32)
    }

    pub fn number(self) -> i32 {
        self.0
    }

    pub fn year(self) -> i32 {
        self.0 / 100
    }

    pub fn month(self) -> u32 {
        (self.0 % 100) as u32
    }

    /// From `2026-11`, as [`fmt::Display`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits =
            year.len() == 4 && month.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        Self::new(year.parse().ok()?, month.parse().ok()?).filter(|_| digits)
    }

    pub fn last_day(self) -> NaiveDate {
        let next = self.next();
        let first = NaiveDate::from_ymd_opt(next.year(), next.month(), 1);
        first.and_then(|first| first.pred_opt()).unwrap_or_default()
    }

    pub fn previous(self) -> Self {
        if self.month() == 1 { Self((self.year() - 1) * 100 + 12) } else { Self(self.0 - 1) }
    }

    pub fn next(self) -> Self {
        if self.month() == 12 { Self((self.year() + 1) * 100 + 1) } else { Self(self.0 + 1) }
    }
}

/// ISO 8601: `2026-11`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_viet_nam() {
        // 2026-11-22T17:00:00Z is midnight there.
        let midnight = 1_795_366_800_000;
        for (at, clock) in
            [(midnight, (0, 0)), (midnight + 90 * 60 * SECOND_MS, (1, 30)), (midnight + DAY_MS - 1, (23, 59))]
        {
            assert_eq!((day_began(at), clock_of(at)), (midnight, clock), "{at}");
        }
        assert_eq!(day_began(midnight - 1), midnight - DAY_MS);
    }

    #[test]
    fn a_month_begins_at_midnight_in_viet_nam() {
        // 2026-10-31T16:59:59Z is still October for people, one second later is November.
        let midnight = 1_793_466_000_000;
        assert_eq!(Month::of(midnight - 1).to_string(), "2026-10");
        assert_eq!(Month::of(midnight).to_string(), "2026-11");
    }

    #[test]
    fn months_count_over_new_year() {
        let january = Month::new(2026, 1).unwrap_or_else(|| unreachable!());
        assert_eq!(january.previous().to_string(), "2025-12");
        assert_eq!(january.previous().next(), january);
        assert_eq!(Month::from_number(202613), None);
        assert_eq!(Month::new(2026, 0), None);
        assert_eq!(Month::parse("2025-12"), Some(january.previous()));
        for bad in ["", "2025", "2025-13", "2025-1", "25-12", "+025-12", "2025-12-01", "tháng 12"] {
            assert_eq!(Month::parse(bad), None, "{bad}");
        }
        assert_eq!(january.previous().last_day().to_string(), "2025-12-31");
    }
}
