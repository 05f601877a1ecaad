//! What a class gained between the same questions asked before and after.

/// Fewer people say more about each of them than about the class, and an interval from them says nothing.
pub const GAIN_PEOPLE_MIN: usize = 10;

/// Somebody's points before and after. Only who answered both times is counted: otherwise a class would gain by whom it lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair {
    pub before: u16,
    pub after: u16,
}

/// All in thousandths of the most points that can be had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gain {
    pub people: usize,
    /// Means.
    pub before: i32,
    pub after: i32,
    /// Mean of what each person gained.
    pub difference: i32,
    /// Where that mean lies with 95 % confidence, for all whom such a class may teach; cut at a thousand.
    pub difference_low: i32,
    pub difference_high: i32,
    /// Hake's normalized gain in thousandths: how much of what could be gained was gained. `None` when all knew everything before.
    pub normalized: Option<i32>,
}

/// The 0.975 quantile of the normal distribution: 95 % lie between it and its negative.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// What was gained, or `None` under [`GAIN_PEOPLE_MIN`] people. Pairs with more points than `points_max` are no results and are
/// left out.
///
/// With d the differences within persons, n their number and s their standard deviation (divisor n − 1), the interval is
/// mean(d) ± t(n − 1; 0.975) · s / √n (Altman, *Practical Statistics for Medical Research*, 1991, §9.4, paired samples). The gain of
/// the class is g = (after − before) / (100 % − before) of its means (Hake, American Journal of Physics 66:64, 1998).
pub fn gain(pairs: &[Pair], points_max: u16) -> Option<Gain> {
    let results = || pairs.iter().filter(|pair| pair.before.max(pair.after) <= points_max);
    let people = results().count();
    if people < GAIN_PEOPLE_MIN || points_max == 0 {
        return None;
    }
    let n = people as f64;
    // Sums of whole numbers: the same in whatever order the people come.
    let before: i64 = results().map(|pair| i64::from(pair.before)).sum();
    let after: i64 = results().map(|pair| i64::from(pair.after)).sum();
    let squares: i64 = results().map(|pair| (i64::from(pair.after) - i64::from(pair.before)).pow(2)).sum();
    let sum = after - before;
    // n Σd² − (Σd)² is never negative, but for what gets lost in the digits of a float.
    let spread = i128::from(squares) * people as i128 - i128::from(sum).pow(2);
    let deviation = (spread as f64 / (n * (n - 1.0))).sqrt();
    let half = student_975(people - 1) * deviation / n.sqrt();

    let thousandths = |points: f64| (points / f64::from(points_max) * 1000.0).round() as i32;
    let mean = sum as f64 / n;
    let room = i64::from(points_max) * people as i64 - before;
    Some(Gain {
        people,
        before: thousandths(before as f64 / n),
        after: thousandths(after as f64 / n),
        difference: thousandths(mean),
        difference_low: thousandths(mean - half).max(-1000),
        difference_high: thousandths(mean + half).min(1000),
        normalized: (room > 0).then(|| (sum as f64 / room as f64 * 1000.0).round() as i32),
    })
}

/// The 0.975 quantile of Student's t (Abramowitz & Stegun, *Handbook of Mathematical Functions*, 26.7.5). From nine degrees of
/// freedom on, which is where [`GAIN_PEOPLE_MIN`] begins, it is right to the fourth decimal.
fn student_975(degrees: usize) -> f64 {
    let (z, v) = (NORMAL_975, degrees as f64);
    let odd = |coefficients: [f64; 5]| coefficients.iter().rev().fold(0.0, |sum, c| sum * z * z + c) * z;
    z + odd([1.0, 1.0, 0.0, 0.0, 0.0]) / (4.0 * v)
        + odd([3.0, 16.0, 5.0, 0.0, 0.0]) / (96.0 * v.powi(2))
        + odd([-15.0, 17.0, 19.0, 3.0, 0.0]) / (384.0 * v.powi(3))
        + odd([-945.0, -1920.0, 1482.0, 776.0, 79.0]) / (92_160.0 * v.powi(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Against the printed tables.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        let table = [(9, 2.2622), (10, 2.2281), (14, 2.1448), (19, 2.0930), (29, 2.0452), (60, 2.0003), (120, 1.9799)];
        for (degrees, quantile) in table {
            assert!((student_975(degrees) - quantile).abs() < 0.000_06, "{degrees}: {}", student_975(degrees));
        }
        assert!((student_975(1_000_000) - NORMAL_975).abs() < 0.000_01);
    }

    fn pairs(results: &[(u16, u16)]) -> Vec<Pair> {
        results.iter().map(|&(before, after)| Pair { before, after }).collect()
    }

    /// Differences 1, 1, 2, 2, 3, 3, 4, 4, 5, 5: mean 3, s = √(20/9) = 1.4907, half = 2.2622 · 1.4907 / √10 = 1.0664 points.
    #[test]
    fn a_class_that_gained() {
        let results = pairs(&[(2, 3), (2, 3), (2, 4), (2, 4), (2, 5), (2, 5), (2, 6), (2, 6), (2, 7), (2, 7)]);
        let expected = Gain {
            people: 10,
            before: 200,
            after: 500,
            difference: 300,
            difference_low: 193,
            difference_high: 407,
            normalized: Some(375),
        };
        assert_eq!(gain(&results, 10), Some(expected));
        assert_eq!(gain(&results[1..], 10), None);
    }

    #[test]
    fn classes_at_the_edges() {
        let full = gain(&pairs(&[(10, 10); 10]), 10);
        assert_eq!(full.map(|gain| (gain.difference, gain.normalized)), Some((0, None)));
        let lost =
            gain(&pairs(&[(9, 0); 12]), 10).map(|gain| (gain.difference_low, gain.difference_high, gain.normalized));
        assert_eq!(lost, Some((-900, -900, Some(-9000))));
        let mut with_slip = pairs(&[(1, 2); 10]);
        with_slip[0].after = 11;
        assert_eq!(gain(&with_slip, 10), None);
        assert_eq!(gain(&pairs(&[(0, 0); 10]), 0), None);
        assert_eq!(gain(&[], 10), None);
    }

    proptest! {
        #[test]
        fn the_mean_lies_in_its_interval(results in proptest::collection::vec((0_u16..=10, 0_u16..=10), 10..80)) {
            let mut results = pairs(&results);
            let gained = gain(&results, 10);
            prop_assert!(gained.is_some_and(|gain| gain.difference_low <= gain.difference && gain.difference <= gain.difference_high));
            results.reverse();
            prop_assert_eq!(gain(&results, 10), gained);
        }

        #[test]
        fn any_points_are_survived(results in proptest::collection::vec((any::<u16>(), any::<u16>()), 0..40), points_max: u16) {
            let _ = gain(&pairs(&results), points_max);
        }
    }
}
