//! `hocso content check`.

use crate::Fault;
use library::Library;
use std::path::Path;

/// Reads the content and says what is in it, or lists every fault.
pub fn check(folder: Option<&Path>) -> Result<(), Fault> {
    let library = read(folder)?;
    let totals = library.totals();
    println!(
        "no fault: {} tracks, {} lessons, {} steps, {} questions, {} pictures, {} simulators, {} families of scams, \
         {} words explained, {} communes and wards",
        totals.tracks,
        totals.lessons,
        totals.steps,
        totals.questions,
        totals.pictures,
        totals.simulators,
        totals.scam_families,
        totals.terms,
        totals.units
    );
    Ok(())
}

/// The content of a folder, or what the program carries.
pub fn read(folder: Option<&Path>) -> Result<Library, Fault> {
    let read = match folder {
        Some(folder) if !folder.is_dir() => {
            return Err(Fault::Said(format!("there is no content folder {}", folder.display())));
        }
        Some(folder) => Library::from_folder(folder),
        None => Library::embedded(),
    };
    read.map_err(Fault::Content)
}
