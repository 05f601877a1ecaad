//! Reads the content folder, checks it, and gives what the program knows from it.
//!
//! The words people read are data (`content/`, its README is the format); nothing of them is ever half taken: either a
//! [`Library`] without a fault, or all [`Faults`] of all files, each with its line.
//!
//! To add a kind of file: say in `tree` where it may stand, give it a module that turns a file into domain types and notes
//! every fault it meets instead of stopping, call that from `Library::read`, and put one broken file for each of its rules
//! into the tables in `tests/broken.rs`.

mod abbreviations;
mod coverage;
mod faults;
mod form;
mod glossary;
mod indicators;
mod lesson;
mod markdown;
mod page;
mod picture;
mod placement;
mod places;
mod practice;
mod question;
mod review;
mod scams;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod track;
mod tree;
mod unreal;

pub use coverage::NoiseTable;
pub use faults::{Fault, Faults};
pub use places::{AdultsSource, AgeGroup, Census, PopulationBasis};
pub use scams::Scams;

use abbreviations::Abbreviations;
use domain::{
    content::{Lesson, LessonId, Term, Track},
    coverage::Target,
    learn::Placement,
    places::{Homes, Unit, UnitCode},
    practice::Scenario,
    sync::Known,
};
use source::Files;
use std::{collections::BTreeMap, path::Path};

/// Everything a release of the content holds, checked.
#[derive(Clone, PartialEq, Debug)]
pub struct Library {
    /// In the order they are shown, each with its lessons in theirs.
    pub tracks: Vec<Track>,
    /// The simulators, in the order of their lessons.
    pub practices: Vec<Scenario>,
    /// `None` in a library without scam drills.
    pub scams: Option<Scams>,
    /// Words that not everybody knows, in the order of the file: that of the alphabet.
    pub terms: Vec<Term>,
    /// Where one begins; `None` in a library without these questions.
    pub placement: Option<Placement>,
    /// By code.
    pub units: Vec<Unit>,
    /// Only those that are confirmed, in the order of the file.
    pub targets: Vec<Target>,
    pub adults_source: AdultsSource,
    pub census: Census,
    /// How published counts are blurred.
    pub noise: NoiseTable,
    /// Units that others took in since, and units that were taken out of others: the database knows them, the content does not.
    pub became: Vec<(UnitCode, UnitCode)>,
    pub parts_of: Vec<(UnitCode, UnitCode)>,
}

/// How much there is, for the line that ends `content check`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Totals {
    pub tracks: usize,
    pub lessons: usize,
    pub steps: usize,
    pub questions: usize,
    pub simulators: usize,
    pub scam_families: usize,
    /// Those of steps and of tracks.
    pub pictures: usize,
    pub terms: usize,
    pub units: usize,
}

impl Library {
    /// The content that is part of the program. Debug builds read the folder it would be made from.
    pub fn embedded() -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let files = Files::embedded(&mut faults);
        Self::read(&files, faults)
    }

    /// The content of a folder on disk, which must hold all of it.
    pub fn from_folder(path: &Path) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let files = Files::folder(path, &mut faults);
        Self::read(&files, faults)
    }

    fn read(files: &Files, mut faults: Faults) -> Result<Self, Faults> {
        let abbreviations = files.get("abbreviations.toml", &mut faults);
        let abbreviations = abbreviations.map(|file| Abbreviations::read(file, &mut faults)).unwrap_or_default();
        let mut taken = track::Taken::default();
        let mut tracks = Vec::new();
        let tree = tree::Tree::of(files, &mut faults);
        let lessons = tree
            .tracks
            .iter()
            .flat_map(|(track, folder)| folder.lessons.keys().filter_map(|lesson| LessonId::new(track, lesson).ok()));
        let lessons = lessons.collect();
        for (name, folder) in tree.tracks {
            tracks.extend(track::read(name, &folder, &abbreviations, &mut taken, &mut faults));
        }
        tracks.sort_by_key(|(order, ..)| *order);
        twice_the_same_picture(files, &mut faults);
        let places = places::read(files, &mut faults);
        let targets = indicators::read(files, &mut faults);
        let noise = coverage::read(files, &mut faults);
        let terms = files.get("glossary/terms.toml", &mut faults);
        let terms = terms.map(|file| glossary::read(file, &mut faults)).unwrap_or_default();
        if tracks.is_empty() && faults.0.is_empty() {
            faults.of("tracks", "there is no track");
        }
        let scams = {
            let tracks: Vec<&Track> = tracks.iter().map(|(_, track, _)| track).collect();
            let units = places.as_ref().map(|(units, ..)| &units[..]).unwrap_or_default();
            scams::read(&tree.scams, &tracks, units, &mut faults)
        };
        let placement = files
            .find("placement/questions.toml")
            .map(|file| placement::read(file, &lessons, &abbreviations, &mut faults));
        match (places, noise) {
            (Some((units, adults_source, census)), Some(noise)) if faults.0.is_empty() => {
                let (tracks, practices): (Vec<Track>, Vec<Vec<Scenario>>) =
                    tracks.into_iter().map(|(_, track, practices)| (track, practices)).unzip();
                let practices = practices.into_iter().flatten().collect();
                Ok(Self {
                    tracks,
                    practices,
                    scams,
                    terms,
                    placement: placement.flatten(),
                    units,
                    targets,
                    adults_source,
                    census,
                    noise,
                    became: Vec::new(),
                    parts_of: Vec::new(),
                })
            }
            _ => Err(faults),
        }
    }

    /// By its name in addresses.
    pub fn track(&self, id: &str) -> Option<&Track> {
        self.tracks.iter().find(|track| track.id.as_str() == id)
    }

    /// `None` for a lesson that was never written, or is no longer there.
    pub fn lesson(&self, id: &LessonId) -> Option<&Lesson> {
        self.track(id.track())?.lessons.iter().find(|lesson| lesson.id == *id)
    }

    /// The simulator of a lesson, if it has one.
    pub fn practice(&self, lesson: &LessonId) -> Option<&Scenario> {
        self.practices.iter().find(|practice| practice.lesson == *lesson)
    }

    /// All lessons, track after track.
    pub fn lessons(&self) -> impl Iterator<Item = &Lesson> {
        self.tracks.iter().flat_map(|track| &track.lessons)
    }

    /// What counting needs of this release.
    pub fn known(&self) -> Vec<Known> {
        let lessons = self.lessons().map(|lesson| Known::Lesson(lesson.marking.clone()));
        let practices = self.practices.iter().map(|practice| Known::Practice(practice.rehearsal()));
        let scams = self.scams.iter().map(|scams| Known::Scams(scams.version.clone(), scams.book.clone()));
        let reviews = self.lessons().map(|lesson| Known::Review(lesson.review.marking.clone()));
        let placement = self.placement.iter().map(|placement| Known::Placement(placement.key.clone()));
        lessons.chain(practices).chain(scams).chain(reviews).chain(placement).collect()
    }

    /// A unit of today or of before.
    pub fn unit(&self, code: UnitCode) -> Option<&Unit> {
        let found = self.units.binary_search_by_key(&code, |unit| unit.code);
        self.units.get(found.ok()?)
    }

    /// The unit of today that somebody lives in who said this one.
    pub fn home(&self, unit: UnitCode) -> UnitCode {
        Homes::new(self.became.iter().copied()).of(unit)
    }

    pub fn totals(&self) -> Totals {
        let steps = self.lessons().map(|lesson| lesson.steps.len()).sum();
        Totals {
            tracks: self.tracks.len(),
            lessons: self.lessons().count(),
            steps,
            questions: self.lessons().map(|lesson| lesson.questions.len()).sum(),
            simulators: self.practices.len(),
            scam_families: self.scams.as_ref().map_or(0, |scams| scams.book.families.len()),
            pictures: steps + self.tracks.len(),
            terms: self.terms.len(),
            units: self.units.len(),
        }
    }
}

/// A picture stands for one thing in the whole library; a copy under another name is the same picture.
fn twice_the_same_picture(files: &Files, faults: &mut Faults) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.ends_with(".svg")) {
        if let Some(other) = seen.insert(file.text.trim(), file.path) {
            faults.of(file.path, format!("the same picture as {other}"));
        }
    }
}
