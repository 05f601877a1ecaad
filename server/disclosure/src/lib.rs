//! Protecting open figures, and attacking them.
//!
//! [`protect`] publishes counts with noise (`domain::coverage::protect`), lets the attacker try, and withholds what he comes too
//! near to, until he comes near to nothing. What cannot be protected is refused.
//!
//! A crate of its own for the sake of the solver of linear programmes, which nothing else needs.

mod attack;
mod system;

pub use attack::{Attacked, Narrow, Outcome, Reading, attack};

use domain::{
    accounts::{AgeBand, EthnicGroup, Sex},
    coverage::{Counts, Figure, Head, Part, Perturbation, PublicCount, Published, Release, Zone},
    places::UnitCode,
};

/// Withholding one figure may uncover that another must be withheld too; each round withholds at least one breakdown, and so
/// many are never needed.
const ROUNDS_MAX: usize = 12;

/// What was published before, oldest first, with the truth of its figures today.
pub struct Earlier {
    pub release: Release,
    pub truth: Counts,
}

/// Why there is no release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The counts that could not be protected, with what was tried last.
    pub outcome: Outcome,
}

/// Publishes true counts under this head, whose receipt is filled in. Everything is a function of what is given: the same
/// counts, keys and earlier releases give the same release.
pub fn protect(
    head: Head,
    counts: &Counts,
    noise: &Perturbation,
    earlier: &[Earlier],
    became: &[(UnitCode, UnitCode)],
) -> Result<(Release, Outcome), Box<Refused>> {
    let figures = counts.0.iter().map(|(figure, counted)| (figure.clone(), noise.publish(*counted))).collect();
    let mut release = Release { head, figures };
    let reading = |shown: PublicCount| noise.possible(shown);
    let mut last = Outcome::default();
    for _ in 0..ROUNDS_MAX {
        let mut attacked: Vec<Attacked<'_>> =
            earlier.iter().map(|Earlier { release, truth }| Attacked { release, truth }).collect();
        attacked.push(Attacked { release: &release, truth: counts });
        let newest = attacked.len() - 1;
        last = attack(&attacked, became, &reading);
        if last.narrow.is_empty() {
            release.head.receipt = last.receipt.clone();
            return Ok((release, last));
        }
        let mut withheld = false;
        for narrow in last.narrow.clone() {
            withheld |= withhold(&mut release, &narrow, newest);
        }
        if !withheld {
            break;
        }
    }
    Err(Box::new(Refused { outcome: last }))
}

/// Withholds a figure that gives too much away. A single figure whose difference to another is too narrow is withheld alone; a
/// figure that its table narrows is withheld with its whole breakdown, zeros included, so that neither which figures are
/// missing nor which are zero says anything. `false` when there is nothing left to withhold.
fn withhold(release: &mut Release, narrow: &Narrow, newest: usize) -> bool {
    let figure = &narrow.figure;
    // What is out cannot be called back; the newest release's figure of the same name is what came too near.
    let alone = narrow.less.is_some() || narrow.release != newest;
    if alone && let Some(shown) = release.figures.get_mut(figure).filter(|shown| **shown != PublicCount::Withheld) {
        *shown = PublicCount::Withheld;
        return true;
    }
    let figures = breakdown_of(figure, &release.head);
    let mut withheld = false;
    for figure in figures {
        withheld |= release.figures.insert(figure, PublicCount::Withheld) != Some(PublicCount::Withheld);
    }
    withheld
}

/// All figures of the breakdown that a figure belongs to.
fn breakdown_of(figure: &Figure, head: &Head) -> Vec<Figure> {
    match figure {
        Figure::Ladder { track, step, witness, part } => {
            let of = |part: Part| Figure::Ladder { track: track.clone(), step: *step, witness: *witness, part };
            match part {
                Part::Province => vec![figure.clone()],
                Part::Unit(_) | Part::Zone(_) => {
                    let units = head.places.iter().map(|place| of(Part::Unit(place.code)));
                    units.chain(Zone::ALL.iter().map(|zone| of(Part::Zone(*zone)))).collect()
                }
                Part::Sex(_) => Sex::ALL.iter().map(|sex| of(Part::Sex(*sex))).collect(),
                Part::Age(_) => AgeBand::ALL.iter().map(|age| of(Part::Age(*age))).collect(),
            }
        }
        Figure::Ethnic { track, step, .. } => {
            let of = |group| Figure::Ethnic { track: track.clone(), step: *step, group };
            EthnicGroup::ALL.iter().map(|group| of(Some(*group))).chain([of(None)]).collect()
        }
        Figure::Lesson { .. } => vec![figure.clone()],
    }
}

/// What would be published without protection: true counts, those under ten hidden. For showing that the attacker can attack.
pub fn unprotected(counts: &Counts) -> Published {
    let shown = |people: u64| match people {
        0 => PublicCount::Zero,
        1..domain::coverage::PUBLIC_MIN => PublicCount::UnderTen,
        _ => PublicCount::About(people),
    };
    counts.0.iter().map(|(figure, counted)| (figure.clone(), shown(counted.people))).collect()
}

/// How unprotected figures are read.
pub fn read_unprotected(shown: PublicCount) -> (u64, u64) {
    match shown {
        PublicCount::Zero => (0, 0),
        PublicCount::UnderTen => (1, domain::coverage::PUBLIC_MIN - 1),
        PublicCount::Withheld => (0, u64::MAX),
        PublicCount::About(people) => (people, people),
    }
}
