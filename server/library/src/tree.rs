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

/// The tracks by their names. Files of no known place are faults.
pub(crate) fn tracks<'a>(files: &'a Files, faults: &mut Faults) -> BTreeMap<&'a str, TrackFolder<'a>> {
    let mut tracks: BTreeMap<&str, TrackFolder<'_>> = BTreeMap::new();
    for file in files.iter() {
        match file.path.split('/').collect::<Vec<_>>().as_slice() {
            ["README.md" | "abbreviations.toml"]
            | ["places", "units.csv" | "tilegrid.csv" | "population.csv" | "SOURCES.md"]
            | ["indicators", "targets.csv" | "SOURCES.md"] => {}
            ["tracks", name, own] => {
                track(&mut tracks, name).own.files.insert(own, file);
            }
            ["tracks", name, lesson, own] => {
                let new = || Folder::new(format!("tracks/{name}/{lesson}"));
                track(&mut tracks, name).lessons.entry(lesson).or_insert_with(new).files.insert(own, file);
            }
            _ => unknown(file, faults),
        }
    }
    tracks
}

fn track<'t, 'a>(tracks: &'t mut BTreeMap<&'a str, TrackFolder<'a>>, name: &'a str) -> &'t mut TrackFolder<'a> {
    let new = || TrackFolder { own: Folder::new(format!("tracks/{name}")), lessons: BTreeMap::new() };
    tracks.entry(name).or_insert_with(new)
}

fn unknown(file: File<'_>, faults: &mut Faults) {
    faults.of(file.path, "nothing reads this file: see README.md for what stands where");
}
