//! CSV files, row by row with line numbers.

use crate::{faults::Faults, source::File};
use serde::de::DeserializeOwned;

/// The rows that have the form of `T`, each with the place in bytes where it begins; the others are faults.
pub(crate) fn rows<T: DeserializeOwned>(file: File<'_>, columns: &[&str], faults: &mut Faults) -> Vec<(usize, T)> {
    let mut reader = csv::Reader::from_reader(file.text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) if headers == columns => headers.clone(),
        _ => {
            faults.at(file, 0, format!("the columns are not {}", columns.join(",")));
            return Vec::new();
        }
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let place = record.position().map_or(0, |position| position.byte() as usize);
                match record.deserialize(Some(&headers)) {
                    Ok(row) => rows.push((place, row)),
                    Err(error) => faults.at(file, place, in_words(&error, columns, &record)),
                }
            }
            Err(error) => {
                let place = error.position().map_or(0, |position| position.byte() as usize);
                faults.at(file, place, in_words(&error, columns, &csv::StringRecord::new()));
            }
        }
    }
    if rows.is_empty() {
        faults.of(file.path, "no row");
    }
    rows
}

fn in_words(error: &csv::Error, columns: &[&str], record: &csv::StringRecord) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!("{len} columns (exactly {expected_len})"),
        csv::ErrorKind::Deserialize { err, .. } => {
            let field = err.field().map(|field| field as usize);
            let value = field.and_then(|field| Some((columns.get(field)?, record.get(field)?)));
            match value {
                Some((column, value)) => match err.kind() {
                    csv::DeserializeErrorKind::ParseInt(_) => format!("{column} is “{value}”, not a whole number"),
                    kind => format!("{column} is “{value}”: {kind}"),
                },
                None => err.to_string(),
            }
        }
        _ => error.to_string(),
    }
}
