//! A release of open figures: frozen, numbered, with the receipt of the attack that it withstood.

use super::{
    Figure, LessonState, Published, Step, Witness,
    figures::{FigureNames, Part, Zone, shown},
    protect::{POSSIBLE_MIN, PublicCount},
};
use crate::{
    accounts::{AgeBand, EthnicGroup, Sex, named_values},
    content::{LessonId, TrackId},
    places::{Unit, UnitCode, UnitKind},
    time::Month,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The form of a release as a file. A program that writes another form gives it another number.
pub const RELEASE_FORMAT: u16 = 1;
/// How figures are protected: named in every release, so that a later change of method can be told apart.
pub const METHOD: &str = "cell-key/1";

named_values! {
    /// The ways in which the attacker tries to narrow down a count.
    Way {
        /// The figure alone, knowing the table of noise.
        Cell = "cell",
        /// A total less all its parts but one: places.
        Places = "places",
        /// The same: sexes, ages, ethnic groups.
        Groups = "groups",
        /// Any track less one track.
        Tracks = "tracks",
        /// A month less the month before, and corrections against what they correct.
        Months = "months",
        /// A place that was made of others, less these.
        Mergers = "mergers",
        /// All of these together, with linear programmes.
        Together = "together",
    }
}

/// What the attacker reached.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// For each way the fewest values that stayed possible for any true count from 1 to 9; `None` where there was no such count.
    pub narrowest: Vec<(Way, Option<u64>)>,
    /// Figures that are withheld for it.
    pub withheld: u64,
    /// Earlier releases that the attacker knew.
    pub releases_known: u64,
}

impl Receipt {
    /// Whether every true count from 1 to 9 keeps enough possible values.
    pub fn holds(&self) -> bool {
        self.narrowest.iter().all(|(_, values)| values.is_none_or(|values| values >= POSSIBLE_MIN))
    }

    /// The fewest values by any way.
    pub fn least(&self) -> Option<u64> {
        self.narrowest.iter().filter_map(|(_, values)| *values).min()
    }
}

/// A place as it was at the end of the month, with the denominator of its percentages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub code: UnitCode,
    pub name: String,
    pub ward: bool,
    pub border: bool,
    /// People of 15 and over.
    pub adults: u32,
    /// The day that number is of, and where it stands.
    pub adults_on: NaiveDate,
    pub adults_source: String,
    /// A part of it was another place's since: its figures before and after do not count the same people.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
}

/// What stands at the head of a release.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub format: u16,
    /// From 1, without gaps.
    pub number: u32,
    /// People are counted up to the end of it.
    pub month: Month,
    /// The release that this one takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<u32>,
    pub method: String,
    /// Hash of the table of noise.
    pub noise_table: String,
    pub places: Vec<Place>,
    /// Tracks and lessons that there were: a figure that is not listed is zero.
    pub tracks: Vec<TrackId>,
    pub lessons: Vec<LessonId>,
    pub receipt: Receipt,
}

impl Head {
    /// Adults of a part of the province; `None` where no denominator of the same day is known (sexes, ages).
    pub fn adults(&self, part: &Part) -> Option<u64> {
        let sum = |holds: &dyn Fn(&Place) -> bool| {
            self.places.iter().filter(|place| holds(place)).map(|place| u64::from(place.adults)).sum()
        };
        match part {
            Part::Province => Some(sum(&|_| true)),
            Part::Zone(Zone::Urban) => Some(sum(&|place| place.ward)),
            Part::Zone(Zone::Rural) => Some(sum(&|place| !place.ward)),
            Part::Zone(Zone::Border) => Some(sum(&|place| place.border)),
            Part::Zone(Zone::Inland) => Some(sum(&|place| !place.border)),
            Part::Unit(code) => self.places.iter().find(|place| place.code == *code).map(|place| place.adults.into()),
            Part::Sex(_) | Part::Age(_) => None,
        }
    }
}

/// A release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    pub head: Head,
    /// What is not in it is zero.
    pub figures: Published,
}

/// A release as a file.
#[derive(Serialize, Deserialize)]
pub struct ReleaseFile {
    #[serde(flatten)]
    pub head: Head,
    /// Table, track, step, witness, breakdown, part; the figure; how it is published. In order; what is not listed is zero.
    pub figures: Vec<(FigureNames, Option<u64>, String)>,
}

impl Release {
    pub fn shown(&self, figure: &Figure) -> PublicCount {
        shown(&self.figures, figure)
    }

    /// Every figure that the release makes a statement about, zeros included, in order of tables.
    pub fn all_figures(&self) -> Vec<Figure> {
        let tracks: Vec<Option<&TrackId>> = [None].into_iter().chain(self.head.tracks.iter().map(Some)).collect();
        let mut parts = vec![Part::Province];
        parts.extend(Zone::ALL.iter().map(|zone| Part::Zone(*zone)));
        parts.extend(Sex::ALL.iter().map(|sex| Part::Sex(*sex)));
        parts.extend(AgeBand::ALL.iter().map(|age| Part::Age(*age)));
        parts.extend(self.head.places.iter().map(|place| Part::Unit(place.code)));
        let mut all = Vec::new();
        for track in tracks {
            for &step in Step::ALL {
                for &witness in Witness::ALL {
                    let of = |part: &Part| Figure::Ladder { track: track.cloned(), step, witness, part: *part };
                    all.extend(parts.iter().map(of));
                }
                let groups = [None].into_iter().chain(EthnicGroup::ALL.iter().copied().map(Some));
                all.extend(groups.map(|group| Figure::Ethnic { track: track.cloned(), step, group }));
            }
        }
        for lesson in &self.head.lessons {
            all.extend(LessonState::ALL.iter().map(|&state| Figure::Lesson { lesson: lesson.clone(), state }));
        }
        all
    }

    /// The same release always gives the same file.
    pub fn to_file(&self) -> ReleaseFile {
        let figures = self.figures.iter();
        let figures = figures.map(|(figure, public)| (figure.names(), public.value(), public.status().to_owned()));
        ReleaseFile { head: self.head.clone(), figures: figures.collect() }
    }

    /// `None` when a figure is none that this program knows.
    pub fn of_file(file: ReleaseFile) -> Option<Self> {
        let figures = file.figures.into_iter();
        let figures = figures
            .map(|(names, value, status)| Some((Figure::parse(&names)?, PublicCount::parse(value, &status)?)))
            .collect::<Option<Published>>()?;
        Some(Self { head: file.head, figures })
    }
}

/// The places of a month, for the head of a release. `source` is where the adults of units stand that have no figure of their
/// own.
pub fn places_of(units: &[Unit], source: &(NaiveDate, String)) -> Vec<Place> {
    let places = units.iter().map(|unit| {
        let (adults_on, adults_source) = unit.adults_source.as_ref().unwrap_or(source).clone();
        Place {
            code: unit.code,
            name: unit.name.clone(),
            ward: unit.kind == UnitKind::Ward,
            border: unit.border,
            adults: unit.adults,
            adults_on,
            adults_source,
            estimated: unit.estimated,
        }
    });
    places.collect()
}
