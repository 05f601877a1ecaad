//! Which file stands where: the folders of tracks and lessons, and files that belong nowhere.

use crate::{
    faults::Faults,
    source::{File, Files},
};
use std::collections::BTreeMap;

/// The files of a folder, by name.
#[derive(Default)]
pub(crate) struct Folder<'a> {
    /// From the content folder.
    pub(crate) path: String,
    pub(crate) files: BTreeMap<&'a str, File<'a>>,
}

impl<'a> Folder<'a> {
    fn new(path: String) -> Self {
        Self { path, files: BTreeMap::new() }
    }

    /// That file; that it is missing is a fault.
    pub(crate) fn file(&self, name: &str, faults: &mut Faults) -> Option<File<'a>> {
        let file = self.files.get(name).copied();
        if file.is_none() {
            faults.of(&format!("{}/{name}", self.path), "this file is missing");
        }
        file
    }

    pub(crate) fn pictures(&self) -> impl Iterator<Item = (&'a str, File<'a>)> {
        self.files.iter().filter(|(name, _)| name.ends_with(".svg")).map(|(name, file)| (*name, *file))
    }

    /// Any file but these and pictures is a fault.
    pub(crate) fn only(&self, names: &[&str], faults: &mut Faults) {
        for (name, file) in &self.files {
            if !name.ends_with(".svg") && !names.contains(name) {
                unknown(*file, faults);
            }
        }
    }
}

#[derive(Default)]
pub(crate) struct TrackFolder<'a> {
    pub(crate) own: Folder<'a>,
    pub(crate) lessons: BTreeMap<&'a str, Folder<'a>>,
}

/// The files that are read one by one.
pub(crate) struct Tree<'a> {
    /// By their names.
    pub(crate) tracks: BTreeMap<&'a str, TrackFolder<'a>>,
    pub(crate) scams: Folder<'a>,
}

impl<'a> Tree<'a> {
    /// Files of no known place are faults.
    pub(crate) fn of(files: &'a Files, faults: &mut Faults) -> Self {
        let mut tree = Self { tracks: BTreeMap::new(), scams: Folder::new("scams".to_owned()) };
        for file in files.iter() {
            tree.add(file, faults);
        }
        tree
    }

    fn add(&mut self, file: File<'a>, faults: &mut Faults) {
        match file.path.split('/').collect::<Vec<_>>().as_slice() {
            ["README.md" | "abbreviations.toml"]
            | ["places", "units.csv" | "tilegrid.csv" | "population.csv" | "SOURCES.md"]
            | ["coverage", "perturbation.csv" | "README.md"]
            | ["glossary", "terms.toml"]
            | ["placement", "questions.toml"]
            | ["indicators", "targets.csv" | "SOURCES.md"] => {}
            ["tracks", name, own] => {
                track(&mut self.tracks, name).own.files.insert(own, file);
            }
            ["scams", own] => {
                self.scams.files.insert(own, file);
            }
            ["tracks", name, lesson, own] => {
                let new = || Folder::new(format!("tracks/{name}/{lesson}"));
                track(&mut self.tracks, name).lessons.entry(lesson).or_insert_with(new).files.insert(own, file);
            }
            _ => unknown(file, faults),
        }
    }
}

fn track<'t, 'a>(tracks: &'t mut BTreeMap<&'a str, TrackFolder<'a>>, name: &'a str) -> &'t mut TrackFolder<'a> {
    let new = || TrackFolder { own: Folder::new(format!("tracks/{name}")), lessons: BTreeMap::new() };
    tracks.entry(name).or_insert_with(new)
}

fn unknown(file: File<'_>, faults: &mut Faults) {
    faults.of(file.path, "nothing reads this file: see README.md for what stands where");
}
