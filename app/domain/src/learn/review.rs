//! When what was learnt is asked again: boosters of a minute and a half, at growing distances.

use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// Days after a lesson was finished at which its boosters are due. What is asked again just before it would be forgotten lasts
/// longest, and the best distance grows with how long it shall last, to a tenth or a fifth of that (Cepeda, Vul, Rohrer, Wixted
/// & Pashler: Spacing effects in learning, Psychological Science 19, 2008); so the distances grow.
pub const REVIEW_DAYS: [u64; 4] = [7, 30, 90, 180];
/// After a booster that was not passed it is asked again so soon, and the distance does not grow.
pub const AGAIN_DAYS: u64 = 7;
/// Share of a booster's questions right at the first try that is a pass, in percent: of three at least two.
pub const REVIEW_PASS_PERCENT: u8 = 66;

/// A booster to come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Due {
    /// From this day on it is offered.
    pub day: NaiveDate,
    /// Which of [`REVIEW_DAYS`], from 0.
    pub nth: usize,
}

/// The next booster of a lesson that was finished on this day, after the boosters so far; `None` when all were passed. A booster
/// that was done before it was due is practice and changes nothing; one that was late moves those after it.
pub fn next_review(finished: NaiveDate, reviews: &BTreeMap<NaiveDate, bool>) -> Option<Due> {
    let after = |day: NaiveDate, days: u64| day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    let mut due = Due { day: after(finished, REVIEW_DAYS[0]), nth: 0 };
    for (&day, &passed) in reviews {
        if day < due.day {
            continue;
        }
        if !passed {
            due.day = after(day, AGAIN_DAYS);
            continue;
        }
        let next = REVIEW_DAYS.get(due.nth + 1)?;
        due = Due { day: after(day, next - REVIEW_DAYS[due.nth]), nth: due.nth + 1 };
    }
    Some(due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default() + Days::new(number)
    }

    fn due(reviews: &[(u64, bool)]) -> Option<(u64, usize)> {
        let reviews = reviews.iter().map(|(number, passed)| (day(*number), *passed)).collect();
        let due = next_review(day(0), &reviews)?;
        Some(((due.day - day(0)).num_days().unsigned_abs(), due.nth))
    }

    #[test]
    fn distances_grow_while_boosters_are_passed() {
        type Case<'a> = (&'a [(u64, bool)], Option<(u64, usize)>);
        let cases: [Case<'_>; 9] = [
            (&[], Some((7, 0))),
            (&[(7, true)], Some((30, 1))),
            (&[(7, true), (30, true)], Some((90, 2))),
            (&[(7, true), (30, true), (90, true)], Some((180, 3))),
            (&[(7, true), (30, true), (90, true), (180, true)], None),
            // Before it is due it changes nothing.
            (&[(3, true), (5, false)], Some((7, 0))),
            // Late: what comes after keeps its distance.
            (&[(20, true)], Some((43, 1))),
            // Not passed: again in a week, as far as before.
            (&[(7, true), (30, false)], Some((37, 1))),
            (&[(7, true), (30, false), (37, true)], Some((97, 2))),
        ];
        for (reviews, expected) in cases {
            assert_eq!(due(reviews), expected, "{reviews:?}");
        }
    }

    proptest! {
        /// Nobody is asked on the day of the last booster again, nor more often than once in a week.
        #[test]
        fn nobody_is_nagged(reviews in proptest::collection::btree_map(0..400u64, any::<bool>(), 0..20)) {
            let reviews: Vec<(u64, bool)> = reviews.into_iter().collect();
            let mut last_due = None;
            for count in 0..=reviews.len() {
                let now = due(&reviews[..count]);
                if let (Some((last, _)), Some((now, _))) = (last_due, now) {
                    prop_assert!(now == last || now >= reviews[count - 1].0 + AGAIN_DAYS);
                }
                last_due = now;
            }
        }
    }
}
