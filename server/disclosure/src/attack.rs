//! The attacker: knows all published tables and all earlier releases, the table of noise, and how figures add up. Does not know
//! anybody's record key.
//!
//! He assumes that nobody left between two months, which is nearly always so and makes him stronger, and drops what contradicts
//! itself. He does not know the truth; we do, and look how far he comes where it is 1 to 9.

use crate::system::{Bounds, Compare, NO_BOUND, Relation, programme, tighten};
use domain::{
    accounts::{AgeBand, EthnicGroup, Sex},
    content::TrackId,
    coverage::protect::{POSSIBLE_MIN, PUBLIC_MIN},
    coverage::{Counts, Figure, Part, PublicCount, Receipt, Release, Step, Way, Witness, Zone},
    places::UnitCode,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many of the newest releases are attacked with linear programmes too; for older ones, which were attacked when they were
/// made, the bounds that newer releases add are enough.
const PROGRAMMES_FOR: usize = 2;

/// Which true counts a published one leaves possible, both ends included: the attacker knows the method.
pub type Reading<'a> = &'a dyn Fn(PublicCount) -> (u64, u64);

/// One release with the truth that only we know.
pub struct Attacked<'a> {
    pub release: &'a Release,
    pub truth: &'a Counts,
}

/// A count that the attacker has narrowed down too far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Narrow {
    /// Place of the release in what was attacked.
    pub release: usize,
    pub figure: Figure,
    /// The count is how many more these are than another figure's, by which way; `None`: the figure itself.
    pub less: Option<Way>,
    pub values: u64,
}

/// What an attack reached.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    pub receipt: Receipt,
    /// All counts with fewer than [`POSSIBLE_MIN`] values.
    pub narrow: Vec<Narrow>,
    /// How many counts from 1 to 9 there were.
    pub targets: u64,
}

/// What adds up to what.
struct Knowledge {
    /// For each release its unknown counts.
    numbers: Vec<HashMap<Figure, usize>>,
    bounds: Bounds,
    relations: Vec<(Way, Relation)>,
    /// Which relations one table of one release has: for programmes.
    tables: BTreeMap<(usize, Table), Vec<usize>>,
    /// Counts that are the difference of others: the figure, its release, the way, the whole, the parts.
    differences: Vec<(usize, Figure, Way, usize, Vec<usize>)>,
}

/// Figures that add up to one another.
type Table = (Option<TrackId>, Step, Option<Witness>);

/// Attacks releases, in the order of their numbers. `became`: units that were taken in by others, between any two of them.
pub fn attack(attacked: &[Attacked<'_>], became: &[(UnitCode, UnitCode)], reading: Reading<'_>) -> Outcome {
    let knowledge = Knowledge::of(attacked, became, reading);
    let truth = |release: usize, figure: &Figure| attacked[release].truth.people(figure);
    let is_target = |people: u64| (1..PUBLIC_MIN).contains(&people);
    let by_number: Vec<(usize, &Figure, usize)> = knowledge
        .numbers
        .iter()
        .enumerate()
        .flat_map(|(release, numbers)| numbers.iter().map(move |(figure, number)| (release, figure, *number)))
        .collect();
    let mut true_count = vec![0; knowledge.bounds.len()];
    by_number.iter().for_each(|(release, figure, number)| true_count[*number] = truth(*release, figure));
    let targets: Vec<_> = by_number.iter().filter(|(.., number)| is_target(true_count[*number])).collect();
    let differences: Vec<_> = knowledge
        .differences
        .iter()
        .filter(|(.., whole, parts)| {
            let parts: u64 = parts.iter().map(|part| true_count[*part]).sum();
            true_count[*whole].checked_sub(parts).is_some_and(is_target)
        })
        .collect();

    let mut outcome = Outcome { targets: (targets.len() + differences.len()) as u64, ..Outcome::default() };
    let mut found: BTreeMap<(usize, &Figure, Option<Way>), u64> = BTreeMap::new();
    for way in Way::ALL {
        let mut bounds = knowledge.bounds.clone();
        let uses = |of: Way| of == *way || *way == Way::Together;
        let relations: Vec<Relation> =
            knowledge.relations.iter().filter(|(of, _)| uses(*of)).map(|(_, relation)| relation.clone()).collect();
        tighten(&mut bounds, &relations);
        let mut narrowest: Option<u64> = None;
        let mut note = |key: (usize, _, Option<Way>), values: u64| {
            narrowest = Some(narrowest.map_or(values, |least: u64| least.min(values)));
            if values < POSSIBLE_MIN {
                let least = found.entry(key).or_insert(values);
                *least = values.min(*least);
            }
        };
        for (release, figure, number) in &targets {
            let (mut from, mut to) = bounds[*number];
            if *way == Way::Together && release + PROGRAMMES_FOR >= attacked.len() {
                (from, to) = knowledge.programme(&bounds, *release, figure, *number);
            }
            note((*release, *figure, None), values(from, to));
        }
        for (release, figure, of, whole, parts) in differences.iter().filter(|(_, _, of, ..)| uses(*of)) {
            let least: i64 = parts.iter().map(|part| bounds[*part].0).sum();
            let most: i64 = parts.iter().map(|part| bounds[*part].1).sum();
            let (from, to) = ((bounds[*whole].0 - most).max(0), bounds[*whole].1 - least);
            note((*release, figure, Some(*of)), values(from, to));
        }
        outcome.receipt.narrowest.push((*way, narrowest));
    }
    let narrow = found.into_iter().map(|((release, figure, less), values)| Narrow {
        release,
        figure: figure.clone(),
        less,
        values,
    });
    outcome.narrow = narrow.collect();
    outcome.receipt.releases_known = attacked.len().saturating_sub(1) as u64;
    let newest = attacked.last().map(|attacked| attacked.release);
    let withheld =
        newest.map(|release| release.figures.values().filter(|shown| **shown == PublicCount::Withheld).count());
    outcome.receipt.withheld = withheld.unwrap_or_default() as u64;
    outcome
}

/// How many values stay possible.
fn values(from: i64, to: i64) -> u64 {
    (to - from + 1).max(0).unsigned_abs()
}

impl Knowledge {
    fn of(attacked: &[Attacked<'_>], became: &[(UnitCode, UnitCode)], reading: Reading<'_>) -> Self {
        let mut all = Self {
            numbers: Vec::new(),
            bounds: Vec::new(),
            relations: Vec::new(),
            tables: BTreeMap::new(),
            differences: Vec::new(),
        };
        for (place, Attacked { release, .. }) in attacked.iter().enumerate() {
            let mut numbers = HashMap::new();
            for (figure, shown) in &release.figures {
                let (from, to) = reading(*shown);
                if (from, to) != (0, 0) {
                    numbers.insert(figure.clone(), all.bounds.len());
                    let end = |count: u64| i64::try_from(count).unwrap_or(NO_BOUND).min(NO_BOUND);
                    all.bounds.push((end(from), end(to)));
                }
            }
            all.numbers.push(numbers);
            all.add_up(place, release);
            // The newest earlier release of the same month or before.
            let earlier = attacked[..place].iter().rposition(|other| other.release.head.month <= release.head.month);
            if let Some(earlier) = earlier {
                all.compare(earlier, place, attacked[earlier].release, release, became);
            }
        }
        all
    }

    /// The parts that are not certainly nobody.
    fn known(&self, release: usize, figures: impl IntoIterator<Item = Figure>) -> Vec<usize> {
        figures.into_iter().filter_map(|figure| self.numbers[release].get(&figure).copied()).collect()
    }

    fn relate(&mut self, way: Way, whole: usize, compare: Compare, parts: Vec<usize>, table: Option<(usize, Table)>) {
        if parts.is_empty() {
            return;
        }
        if let Some(table) = table {
            self.tables.entry(table).or_default().push(self.relations.len());
        }
        self.relations.push((way, Relation { whole, compare, parts }));
    }

    /// How the figures of one release add up.
    fn add_up(&mut self, place: usize, release: &Release) {
        let ladders: BTreeSet<(Option<TrackId>, Step, Witness)> = self.numbers[place]
            .keys()
            .filter_map(|figure| match figure {
                Figure::Ladder { track, step, witness, .. } => Some((track.clone(), *step, *witness)),
                _ => None,
            })
            .collect();
        let places = &release.head.places;
        for (track, step, witness) in ladders {
            let of = |part: Part| Figure::Ladder { track: track.clone(), step, witness, part };
            let table = Some((place, (track.clone(), step, Some(witness))));
            let units = |holds: &dyn Fn(&domain::coverage::Place) -> bool| -> Vec<Figure> {
                places.iter().filter(|unit| holds(unit)).map(|unit| of(Part::Unit(unit.code))).collect()
            };
            let sums: [(Part, Way, Vec<Figure>); 9] = [
                (Part::Province, Way::Places, units(&|_| true)),
                (Part::Zone(Zone::Urban), Way::Places, units(&|unit| unit.ward)),
                (Part::Zone(Zone::Rural), Way::Places, units(&|unit| !unit.ward)),
                (Part::Zone(Zone::Border), Way::Places, units(&|unit| unit.border)),
                (Part::Zone(Zone::Inland), Way::Places, units(&|unit| !unit.border)),
                (Part::Province, Way::Places, [Zone::Urban, Zone::Rural].map(|zone| of(Part::Zone(zone))).to_vec()),
                (Part::Province, Way::Places, [Zone::Border, Zone::Inland].map(|zone| of(Part::Zone(zone))).to_vec()),
                (Part::Province, Way::Groups, Sex::ALL.iter().map(|sex| of(Part::Sex(*sex))).collect()),
                (
                    Part::Province,
                    Way::Groups,
                    AgeBand::ALL.iter().filter(|age| age.is_adult()).map(|age| of(Part::Age(*age))).collect(),
                ),
            ];
            for (whole, way, parts) in sums {
                let (whole, parts) = (self.known(place, [of(whole)]), self.known(place, parts));
                if let [whole] = whole[..] {
                    self.relate(way, whole, Compare::Equals, parts, table.clone());
                }
            }
        }
        let ethnic: BTreeSet<(Option<TrackId>, Step)> = self.numbers[place]
            .keys()
            .filter_map(|figure| match figure {
                Figure::Ethnic { track, step, .. } => Some((track.clone(), *step)),
                _ => None,
            })
            .collect();
        for (track, step) in ethnic {
            let of = |group| Figure::Ethnic { track: track.clone(), step, group };
            let parts = self.known(place, EthnicGroup::ALL.iter().map(|group| of(Some(*group))));
            if let [whole] = self.known(place, [of(None)])[..] {
                self.relate(Way::Groups, whole, Compare::Equals, parts, Some((place, (track, step, None))));
            }
        }
        self.add_tracks(place);
    }

    /// Whoever is in a track is in any; whoever is in any is in one of them.
    fn add_tracks(&mut self, place: usize) {
        let mut by_any: BTreeMap<Figure, Vec<(Figure, usize)>> = BTreeMap::new();
        for (figure, number) in &self.numbers[place] {
            let any = match figure {
                Figure::Ladder { track: Some(_), step, witness, part } => {
                    Figure::Ladder { track: None, step: *step, witness: *witness, part: *part }
                }
                Figure::Ethnic { track: Some(_), step, group } => {
                    Figure::Ethnic { track: None, step: *step, group: *group }
                }
                _ => continue,
            };
            by_any.entry(any).or_default().push((figure.clone(), *number));
        }
        for (any, tracks) in by_any {
            let Some(whole) = self.numbers[place].get(&any).copied() else { continue };
            for (figure, number) in &tracks {
                self.relate(Way::Tracks, whole, Compare::AtLeast, vec![*number], None);
                self.differences.push((place, figure.clone(), Way::Tracks, whole, vec![*number]));
            }
            let numbers = tracks.into_iter().map(|(_, number)| number).collect();
            self.relate(Way::Tracks, whole, Compare::AtMost, numbers, None);
        }
    }

    /// Nobody unlearns: a later figure is at least the earlier one, and the difference is a count of its own.
    fn compare(&mut self, earlier: usize, later: usize, was: &Release, is: &Release, became: &[(UnitCode, UnitCode)]) {
        let here: BTreeSet<UnitCode> = is.head.places.iter().map(|place| place.code).collect();
        let gone: Vec<UnitCode> =
            was.head.places.iter().map(|place| place.code).filter(|unit| !here.contains(unit)).collect();
        let figures: Vec<(Figure, usize)> =
            self.numbers[later].iter().map(|(figure, number)| (figure.clone(), *number)).collect();
        for (figure, whole) in figures {
            let mut before = vec![figure.clone()];
            let mut way = Way::Months;
            if let Figure::Ladder { track, step, witness, part: Part::Unit(unit) } = &figure {
                let taken_in = gone.iter().filter(|old| became.contains(&(**old, *unit)));
                before.extend(taken_in.map(|old| Figure::Ladder {
                    track: track.clone(),
                    step: *step,
                    witness: *witness,
                    part: Part::Unit(*old),
                }));
                if before.len() > 1 {
                    way = Way::Mergers;
                }
            }
            let parts = self.known(earlier, before);
            if !parts.is_empty() {
                self.differences.push((later, figure, way, whole, parts.clone()));
                self.relate(way, whole, Compare::AtLeast, parts, None);
            }
        }
    }

    fn programme(&self, bounds: &Bounds, release: usize, figure: &Figure, number: usize) -> (i64, i64) {
        let table = match figure {
            Figure::Ladder { track, step, witness, .. } => (track.clone(), *step, Some(*witness)),
            Figure::Ethnic { track, step, .. } => (track.clone(), *step, None),
            Figure::Lesson { .. } => return bounds[number],
        };
        let relations = self.tables.get(&(release, table)).map(Vec::as_slice).unwrap_or_default();
        let relations: Vec<&Relation> = relations.iter().map(|at| &self.relations[*at].1).collect();
        if relations.is_empty() { bounds[number] } else { programme(bounds, &relations, number) }
    }
}
