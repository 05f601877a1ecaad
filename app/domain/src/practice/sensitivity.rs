//! Sensitivity d′: how well scams are told from what is genuine, apart from how suspicious somebody is.

use super::drill::DrillScore;

/// d′ = z(H) − z(F), with hit rate H (scams refused) and false-alarm rate F (genuine refused); Macmillan & Creelman, Detection
/// Theory, 2nd ed. 2005, ch. 1. Rates of 0 and 1 have no z, so both are corrected log-linearly, whether they need it or not:
/// H = (hits + ½) / (scams + 1), F = (false alarms + ½) / (genuine + 1) (Hautus 1995, Behavior Research Methods 27: 46–51).
///
/// 0 is guessing, 1 is telling apart, 2 and more is telling apart well; below 0 somebody trusts the wrong ones.
pub fn d_prime(score: &DrillScore) -> f64 {
    let rate = |count: u16, of: u16| (f64::from(count) + 0.5) / (f64::from(of) + 1.0);
    z(rate(score.hits, score.scams)) - z(rate(score.false_alarms, score.genuine))
}

/// The quantile of the standard normal distribution for 0 < p < 1, to seven digits: PPND7 of algorithm AS 241
/// (Wichura 1988, Applied Statistics 37: 477–484).
fn z(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        let above = ((59.109_374_720 * r + 159.291_132_02) * r + 50.434_271_938) * r + 3.387_132_717_9;
        let below = ((67.187_563_600 * r + 78.757_757_664) * r + 17.895_169_469) * r + 1.0;
        return q * above / below;
    }
    let r = (-(if q < 0.0 { p } else { 1.0 - p }).ln()).sqrt();
    let far = if r <= 5.0 {
        let r = r - 1.6;
        let above = ((0.170_238_211_03 * r + 1.306_728_481_6) * r + 2.756_815_390_0) * r + 1.423_437_277_7;
        above / ((0.120_211_329_75 * r + 0.737_001_642_50) * r + 1.0)
    } else {
        let r = r - 5.0;
        let above = ((0.017_337_203_997 * r + 0.428_682_943_37) * r + 3.081_226_386_0) * r + 6.657_905_115_0;
        above / ((0.012_258_202_635 * r + 0.241_978_942_25) * r + 1.0)
    };
    if q < 0.0 { -far } else { far }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn score(hits: u16, scams: u16, false_alarms: u16, genuine: u16) -> DrillScore {
        DrillScore { hits, scams, false_alarms, genuine, ..DrillScore::default() }
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        let cases = [
            (0.5, 0.0),
            (0.841_344_746, 1.0),
            (0.975, 1.959_963_985),
            (0.025, -1.959_963_985),
            (0.99, 2.326_347_874),
            (0.001, -3.090_232_306),
            (1e-10, -6.361_340_902),
            (1e-15, -7.941_345_326),
        ];
        for (p, expected) in cases {
            assert!((z(p) - expected).abs() < 1e-6, "{p}: {} for {expected}", z(p));
        }
    }

    #[test]
    fn d_prime_is_finite_at_zero_and_one() {
        // 3 of 3 refused, 0 of 3 genuine: H = 3.5/4, F = 0.5/4, d′ = 2 · z(0.875).
        assert!((d_prime(&score(3, 3, 0, 3)) - 2.300_698_760).abs() < 1e-6);
        assert!(d_prime(&score(3, 3, 3, 3)).abs() < 1e-12, "refusing everything tells nothing apart");
        assert!(d_prime(&score(0, 3, 0, 3)).abs() < 1e-12, "believing everything neither");
        assert!(d_prime(&score(0, 3, 3, 3)) < -2.0);
        assert_eq!(d_prime(&DrillScore::default()), 0.0);
    }

    proptest! {
        #[test]
        fn more_hits_and_fewer_false_alarms_are_better(scams in 1u16..50, genuine in 1u16..50, a in 0u16..50, b in 0u16..50) {
            let (hits, alarms) = (a % scams, b % genuine);
            let base = d_prime(&score(hits, scams, alarms, genuine));
            prop_assert!(d_prime(&score(hits + 1, scams, alarms, genuine)) > base);
            prop_assert!(d_prime(&score(hits, scams, alarms + 1, genuine)) < base);
            prop_assert!(base.is_finite());
        }
    }
}
