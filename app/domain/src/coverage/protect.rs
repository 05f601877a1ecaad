//! The cell-key method: a little noise on every published count, the same noise for the same people.
//!
//! Each learner carries a secret [`RecordKey`]. The key of a cell is the sum of its members' keys modulo [`KEYS`], so it depends
//! on who is in the cell and on nothing else: the same people give the same noise in every table and month, and no average
//! over many tables takes it away. A [`Perturbation`] table says which noise a count with this key gets.
//!
//! Sources: Thompson, Broadfoot & Elazar, *Methodology for the Automatic Confidentialisation of Statistical Outputs from Remote
//! Servers at the Australian Bureau of Statistics* (UNECE 2013); Giessing & Tent, *Concepts for generalising tools implementing
//! the cell key method to the case of continuous variables* (UNECE 2019); Eurostat, *Handbook on Statistical Disclosure
//! Control*, chapter 5. The arithmetic is that of the package `cell-key-perturbation` of the UK's Office for National
//! Statistics; a test compares the two.

/// Record and cell keys are 0 up to this: one byte is enough for probabilities of 1/256, as in the ONS tables.
pub const KEYS: u64 = 256;
/// Nothing under this is published (design §3, Open numbers).
pub const PUBLIC_MIN: u64 = 10;
/// Percentages stand only over denominators of at least this many people (design §3, Open numbers).
pub const PUBLIC_DENOMINATOR_MIN: u64 = 30;
/// The greatest noise a table may have: what the pages promise to readers.
pub const NOISE_MAX: u64 = 5;
/// So many values must stay possible for every true count from 1 to 9 (design §3, Open numbers).
pub const POSSIBLE_MIN: u64 = 5;

/// A learner's secret key.
pub type RecordKey = u8;

/// How many people are in a cell, and the sum of their record keys.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counted {
    pub people: u64,
    pub keys: u64,
}

impl Counted {
    /// The key of the cell.
    pub fn key(self) -> u8 {
        (self.keys % KEYS) as u8
    }
}

impl std::ops::AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.people += other.people;
        self.keys += other.keys;
    }
}

/// A count of people as the public sees it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PublicCount {
    /// Nobody. Zeros are true.
    Zero,
    /// Somebody; the figure came out under ten.
    UnderTen,
    /// Nothing is said, not even whether it is nobody: more would give somebody away.
    Withheld,
    /// With noise, ten or more.
    About(u64),
}

impl PublicCount {
    /// Tenths of a percent of `denominator`, half up, from the published figure itself so that anyone can recompute it; `None`
    /// where no percentage is published.
    pub fn permille_of(self, denominator: u64) -> Option<u64> {
        match self {
            _ if denominator < PUBLIC_DENOMINATOR_MIN => None,
            Self::Zero => Some(0),
            Self::UnderTen | Self::Withheld => None,
            Self::About(people) => Some((people * 1000 + denominator / 2) / denominator),
        }
    }

    /// One number and one word, as files carry them.
    pub fn value(self) -> Option<u64> {
        match self {
            Self::Zero => Some(0),
            Self::UnderTen | Self::Withheld => None,
            Self::About(people) => Some(people),
        }
    }

    pub fn status(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::UnderTen => "under_ten",
            Self::Withheld => "withheld",
            Self::About(_) => "noisy",
        }
    }

    /// From what [`Self::value`] and [`Self::status`] gave.
    pub fn parse(value: Option<u64>, status: &str) -> Option<Self> {
        match (value, status) {
            (Some(0), "zero") => Some(Self::Zero),
            (None, "under_ten") => Some(Self::UnderTen),
            (None, "withheld") => Some(Self::Withheld),
            (Some(people), "noisy") if people >= PUBLIC_MIN => Some(Self::About(people)),
            _ => None,
        }
    }
}

/// One line of a table: for counts of `people` (the last such number stands for all above) the noise of some keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PerturbationRow {
    pub people: u64,
    pub noise: i8,
    pub first_key: u8,
    pub last_key: u8,
}

/// What is wrong with a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PerturbationFault {
    /// Of the row, from 0.
    pub row: usize,
    pub what: String,
}

/// Which noise a count with a key gets: for each count from 1 on a noise for every key; the last count stands for all above.
///
/// How the table of this program was made (`content/coverage/README.md` says it in full): among all symmetric distributions
/// on −D … D with variance V the one of greatest entropy, p(v) ∝ exp(−λv²), as Giessing & Tent do; D = 5, or the count where
/// that is less, so that nothing comes out negative; V = 3, or as much as D allows. Rounded to 256ths.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Perturbation {
    /// For counts 1, 2, … the noise of each key.
    noise: Vec<[i8; KEYS as usize]>,
    /// What was read, for files that say how a release was made.
    rows: Vec<PerturbationRow>,
}

impl Perturbation {
    /// Checks that every count has one noise for every key, bounded, with a mean of exactly zero, and none that makes a count
    /// negative.
    pub fn new(rows: Vec<PerturbationRow>) -> Result<Self, PerturbationFault> {
        let mut noise: Vec<[i8; KEYS as usize]> = Vec::new();
        let mut next_key = KEYS;
        for (number, row) in rows.iter().enumerate() {
            let fault = |what: String| PerturbationFault { row: number, what };
            if next_key == KEYS {
                noise.push([0; KEYS as usize]);
                next_key = 0;
            }
            let people = noise.len() as u64;
            if row.people != people {
                return Err(fault(format!("people is {}: the next count is {people}", row.people)));
            }
            if u64::from(row.first_key) != next_key || row.last_key < row.first_key {
                return Err(fault(format!("keys {} to {}: the next key is {next_key}", row.first_key, row.last_key)));
            }
            if u64::from(row.noise.unsigned_abs()) > NOISE_MAX.min(people) {
                return Err(fault(format!(
                    "noise {} of {people} people (at most {})",
                    row.noise,
                    NOISE_MAX.min(people)
                )));
            }
            if let Some(of_count) = noise.last_mut() {
                of_count[usize::from(row.first_key)..=usize::from(row.last_key)].fill(row.noise);
            }
            next_key = u64::from(row.last_key) + 1;
            let sum = |of_count: &[i8; KEYS as usize]| of_count.iter().map(|noise| i64::from(*noise)).sum::<i64>();
            if next_key == KEYS && noise.last().is_some_and(|of_count| sum(of_count) != 0) {
                return Err(fault(format!("the noise of {people} people does not have a mean of zero")));
            }
        }
        match rows.last() {
            Some(_) if next_key == KEYS && noise.len() as u64 >= NOISE_MAX => Ok(Self { noise, rows }),
            _ => Err(PerturbationFault { row: rows.len().saturating_sub(1), what: "the table is not complete".into() }),
        }
    }

    pub fn rows(&self) -> &[PerturbationRow] {
        &self.rows
    }

    /// The noise of so many people with this cell key; none for nobody.
    pub fn noise(&self, people: u64, key: u8) -> i64 {
        let Some(place) = people.checked_sub(1) else { return 0 };
        let place = usize::try_from(place).unwrap_or(usize::MAX).min(self.noise.len().saturating_sub(1));
        self.noise.get(place).map_or(0, |of_count| i64::from(of_count[usize::from(key)]))
    }

    /// What is published of a cell.
    pub fn publish(&self, cell: Counted) -> PublicCount {
        if cell.people == 0 {
            return PublicCount::Zero;
        }
        let noisy = cell.people.saturating_add_signed(self.noise(cell.people, cell.key()));
        if noisy < PUBLIC_MIN { PublicCount::UnderTen } else { PublicCount::About(noisy) }
    }

    /// Which true counts a published one leaves possible, by the table alone: from, to (both included). Everybody may know this.
    pub fn possible(&self, public: PublicCount) -> (u64, u64) {
        let fits = |people: u64| {
            let all = (0..KEYS).map(|key| self.publish(Counted { people, keys: key }));
            all.into_iter().any(|shown| shown == public)
        };
        match public {
            PublicCount::Zero => (0, 0),
            PublicCount::Withheld => (0, u64::MAX),
            PublicCount::UnderTen => {
                let most = (1..PUBLIC_MIN + NOISE_MAX).rev().find(|people| fits(*people));
                (1, most.unwrap_or(1))
            }
            PublicCount::About(shown) => {
                let near = shown.saturating_sub(NOISE_MAX).max(1)..=shown + NOISE_MAX;
                let least = near.clone().find(|people| fits(*people)).unwrap_or(shown);
                let most = near.rev().find(|people| fits(*people)).unwrap_or(shown);
                (least, most)
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The variance aimed at, for counts that allow it.
    const VARIANCE: f64 = 3.0;

    /// The table, derived anew: greatest entropy, symmetric, rounded to 256ths.
    fn derived() -> Vec<PerturbationRow> {
        let mut rows = Vec::new();
        for people in 1..=NOISE_MAX {
            let most = people.min(NOISE_MAX) as i32;
            let weights = |steepness: f64| -> Vec<f64> {
                (-most..=most).map(|noise| (-steepness * f64::from(noise * noise)).exp()).collect()
            };
            let variance = |steepness: f64| {
                let weights = weights(steepness);
                let squares = (-most..=most).map(|noise| f64::from(noise * noise));
                weights.iter().zip(squares).map(|(weight, square)| weight * square).sum::<f64>()
                    / weights.iter().sum::<f64>()
            };
            // The variance falls with the steepness: halve the interval until it is found.
            let (mut flat, mut steep) = (0.0, 10.0);
            while variance(0.0) > VARIANCE && steep - flat > 1e-12 {
                let middle = (flat + steep) / 2.0;
                if variance(middle) > VARIANCE { flat = middle } else { steep = middle }
            }
            let weights = weights(flat);
            let whole: f64 = weights.iter().sum();
            let mut keys: Vec<i32> =
                weights.iter().map(|weight| ((256.0 * weight / whole).round() as i32).max(1)).collect();
            let middle = most as usize;
            keys[middle] = 0;
            keys[middle] = 256 - keys.iter().sum::<i32>();
            let mut next = 0;
            for (noise, count) in (-most..=most).zip(keys) {
                let (first_key, last_key) = (next as u8, (next + count - 1) as u8);
                rows.push(PerturbationRow { people, noise: noise as i8, first_key, last_key });
                next += count;
            }
        }
        rows
    }

    pub(crate) fn table() -> Perturbation {
        Perturbation::new(derived()).unwrap_or_else(|fault| panic!("{fault:?}"))
    }

    #[test]
    fn the_table_is_what_its_derivation_says() {
        let text = include_str!("../../../../content/coverage/perturbation.csv");
        let lines = text.lines().skip(1).map(|line| {
            let numbers: Vec<i32> = line.split(',').filter_map(|number| number.parse().ok()).collect();
            let [people, noise, first, last] = numbers[..] else { panic!("{line}") };
            PerturbationRow { people: people as u64, noise: noise as i8, first_key: first as u8, last_key: last as u8 }
        });
        assert_eq!(lines.collect::<Vec<_>>(), derived());
    }

    #[test]
    fn noise_is_bounded_without_bias_and_as_wide_as_promised() {
        let table = table();
        for people in [1, 2, 3, 4, 5, 6, 9, 10, 100, 1_000_000] {
            let all: Vec<i64> = (0..=255).map(|key| table.noise(people, key)).collect();
            assert_eq!(all.iter().sum::<i64>(), 0, "{people}: no bias");
            assert!(all.iter().all(|noise| noise.unsigned_abs() <= NOISE_MAX.min(people)), "{people}");
            let variance = all.iter().map(|noise| noise * noise).sum::<i64>() as f64 / 256.0;
            let most = people.min(NOISE_MAX) as f64;
            let aim = VARIANCE.min(most * (most + 1.0) / 3.0);
            assert!((variance - aim).abs() < 0.1, "{people}: {variance}");
        }
        assert_eq!(table.noise(0, 17), 0);
    }

    type Spoil<'a> = &'a dyn Fn(&mut Vec<PerturbationRow>);

    #[test]
    fn a_table_with_a_fault_is_refused() {
        let good = derived();
        let spoilt = |spoil: Spoil<'_>| {
            let mut rows = good.clone();
            spoil(&mut rows);
            Perturbation::new(rows).err().map(|fault| fault.what).unwrap_or_default()
        };
        let cases: [(Spoil<'_>, &str); 6] = [
            (&|rows| rows.clear(), "not complete"),
            (&|rows| rows.truncate(10), "not complete"),
            (&|rows| rows[1].people = 2, "the next count is 1"),
            (&|rows| rows[1].first_key += 1, "the next key is 85"),
            (&|rows| rows[0].noise = -2, "at most 1"),
            (&|rows| rows[0].noise = 0, "mean of zero"),
        ];
        for (spoil, said) in cases {
            assert!(spoilt(spoil).contains(said), "{said}: {}", spoilt(spoil));
        }
    }

    #[test]
    fn what_is_published_leaves_enough_possible() {
        let table = table();
        assert_eq!(table.possible(PublicCount::Zero), (0, 0));
        assert_eq!(table.possible(PublicCount::UnderTen), (1, 14));
        assert_eq!(table.possible(PublicCount::About(10)), (5, 15));
        assert_eq!(table.possible(PublicCount::About(1_000)), (995, 1_005));
    }

    #[test]
    fn percentages_come_from_what_is_shown() {
        use PublicCount::{About, UnderTen, Withheld, Zero};
        assert_eq!(About(130).permille_of(1000), Some(130));
        assert_eq!(About(10).permille_of(29), None);
        assert_eq!((UnderTen.permille_of(1000), Withheld.permille_of(1000)), (None, None));
        assert_eq!(Zero.permille_of(1000), Some(0));
        for public in [Zero, UnderTen, Withheld, About(10), About(123)] {
            assert_eq!(PublicCount::parse(public.value(), public.status()), Some(public));
        }
        assert_eq!(PublicCount::parse(Some(9), "noisy"), None, "nothing under ten");
    }

    proptest! {
        #[test]
        fn nothing_under_ten_is_published_and_the_truth_is_possible(people in 0u64..2_000, keys in 0u64..100_000) {
            let table = table();
            let public = table.publish(Counted { people, keys });
            prop_assert_eq!(public == PublicCount::Zero, people == 0);
            if let PublicCount::About(shown) = public {
                prop_assert!(shown >= PUBLIC_MIN && shown.abs_diff(people) <= NOISE_MAX);
            }
            let (least, most) = table.possible(public);
            prop_assert!(least <= people && people <= most);
        }

        /// The same people, in whatever order and table, get the same noise.
        #[test]
        fn the_same_people_get_the_same_noise(keys in proptest::collection::vec(any::<u8>(), 1..60).prop_flat_map(|keys| (Just(keys.clone()), Just(keys).prop_shuffle()))) {
            let cell = |keys: &[u8]| {
                let mut cell = Counted::default();
                keys.iter().for_each(|key| cell += Counted { people: 1, keys: u64::from(*key) });
                cell
            };
            prop_assert_eq!(table().publish(cell(&keys.0)), table().publish(cell(&keys.1)));
        }
    }
}
