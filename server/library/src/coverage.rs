//! `coverage/perturbation.csv`: how much noise a published count gets.

use crate::{faults::Faults, source::Files, table};
use domain::coverage::{Perturbation, protect::PerturbationRow};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The table, and the beginning of its hash, which every release names.
#[derive(Clone, PartialEq, Debug)]
pub struct NoiseTable {
    pub table: Perturbation,
    /// 12 hex digits of SHA-256 of the file.
    pub hash: String,
    /// The file itself, for those who want to check.
    pub file: String,
}

#[derive(Deserialize)]
struct Row {
    people: u64,
    noise: i8,
    first_key: u8,
    last_key: u8,
}

const COLUMNS: [&str; 4] = ["people", "noise", "first_key", "last_key"];

pub(crate) fn read(files: &Files, faults: &mut Faults) -> Option<NoiseTable> {
    let file = files.get("coverage/perturbation.csv", faults)?;
    let before = faults.0.len();
    let rows = table::rows::<Row>(file, &COLUMNS, faults);
    if faults.0.len() > before {
        return None;
    }
    let (places, rows): (Vec<usize>, Vec<PerturbationRow>) = rows
        .into_iter()
        .map(|(place, Row { people, noise, first_key, last_key })| {
            (place, PerturbationRow { people, noise, first_key, last_key })
        })
        .unzip();
    match Perturbation::new(rows) {
        Ok(table) => {
            let hash = Sha256::digest(file.text.as_bytes());
            let hash = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
            Some(NoiseTable { table, hash, file: file.text.to_owned() })
        }
        Err(fault) => {
            faults.at(file, places.get(fault.row).copied().unwrap_or_default(), fault.what);
            None
        }
    }
}
