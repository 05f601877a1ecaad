//! `indicators/targets.csv`: official targets, and which of them are sure enough to be shown.

use crate::{faults::Faults, source::Files, table};
use domain::coverage::Target;
use serde::Deserialize;

/// How the confidence of a target begins that somebody has read in a source that is kept.
const CONFIRMED: &str = "confirmed by stored source";
/// Only its headline was read.
const BY_TITLE: &str = "(title only)";

#[derive(Deserialize)]
struct TargetRow {
    indicator_code: String,
    name_vi: String,
    name_en: String,
    year: u16,
    target_percent: String,
    geography: String,
    source_document: String,
    confidence: String,
}

const COLUMNS: [&str; 9] = [
    "indicator_code",
    "name_vi",
    "name_en",
    "year",
    "target_percent",
    "geography",
    "source_document",
    "source_url",
    "confidence",
];

/// The confirmed targets, in the order of the file.
pub(crate) fn read(files: &Files, faults: &mut Faults) -> Vec<Target> {
    let Some(file) = files.get("indicators/targets.csv", faults) else { return Vec::new() };
    let mut targets = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (place, row) in table::rows::<TargetRow>(file, &COLUMNS, faults) {
        let percent = row.target_percent.parse::<f32>().ok().filter(|percent| (0.0..=100.0).contains(percent));
        if percent.is_none() {
            faults.at(file, place, format!("target_percent is “{}” (0 to 100)", row.target_percent));
        }
        for (column, text) in [
            ("name_vi", &row.name_vi),
            ("name_en", &row.name_en),
            ("geography", &row.geography),
            ("source_document", &row.source_document),
            ("confidence", &row.confidence),
        ] {
            if text.trim().is_empty() {
                faults.at(file, place, format!("{column} is empty"));
            }
        }
        if !seen.insert((row.indicator_code.clone(), row.year)) {
            faults.at(file, place, format!("{} of {} stands here twice", row.indicator_code, row.year));
        }
        if row.confidence.starts_with(CONFIRMED) && !row.confidence.contains(BY_TITLE) {
            targets.push(Target {
                name_vi: row.name_vi,
                name_en: row.name_en,
                year: row.year,
                percent: row.target_percent,
                geography: row.geography,
                document: row.source_document,
            });
        }
    }
    targets
}
