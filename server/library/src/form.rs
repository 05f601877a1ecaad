//! TOML files: their form, and fields that must be there.

use crate::{faults::Faults, source::File, text::Said};
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use std::ops::RangeInclusive;
use toml::{Spanned, value::Datetime};

/// A file that has not the form of its kind (a field misspelt, text where a number belongs) gives one fault and nothing more.
pub(crate) fn parse<T: DeserializeOwned>(file: File<'_>, faults: &mut Faults) -> Option<T> {
    match toml::from_str(file.text) {
        Ok(read) => Some(read),
        Err(error) => {
            let place = error.span().map_or(0, |span| span.start);
            faults.at(file, place, format!("cannot be read: {}", error.message().replace("i64", "a whole number")));
            None
        }
    }
}

/// A table of a TOML file whose fields are taken one by one: what is missing or empty is a fault and the reading goes on.
pub(crate) struct Form<'a, 'f> {
    pub(crate) file: File<'a>,
    /// Where the table begins.
    pub(crate) start: usize,
    /// What it is, for the messages: "question “anh-chup”".
    pub(crate) owner: &'a str,
    pub(crate) faults: &'f mut Faults,
}

impl Form<'_, '_> {
    pub(crate) fn fault(&mut self, place: usize, what: impl Into<String>) {
        self.faults.at(self.file, place, what);
    }

    pub(crate) fn given<T>(&mut self, field: Option<Spanned<T>>, name: &str) -> Option<Spanned<T>> {
        if field.is_none() {
            self.fault(self.start, format!("{} has no `{name}`", self.owner));
        }
        field
    }

    /// A text that says something.
    pub(crate) fn text(&mut self, field: Option<Spanned<String>>, name: &str) -> Option<Said> {
        let said = optional_text(Some(self.given(field, name)?))?;
        if said.text.is_empty() {
            self.fault(said.start(), format!("`{name}` is empty"));
            return None;
        }
        Some(said)
    }

    pub(crate) fn number(
        &mut self,
        field: Option<Spanned<i64>>,
        name: &str,
        allowed: RangeInclusive<u8>,
    ) -> Option<(u8, usize)> {
        let field = self.given(field, name)?;
        let (number, place) = (*field.get_ref(), field.span().start);
        let fitting = u8::try_from(number).ok().filter(|number| allowed.contains(number));
        if fitting.is_none() {
            self.fault(place, format!("`{name}` is {number} ({} to {})", allowed.start(), allowed.end()));
        }
        fitting.map(|number| (number, place))
    }

    /// A day: `2026-11-23`, without quotation marks.
    pub(crate) fn day(&mut self, field: Option<Spanned<Datetime>>, name: &str) -> Option<(NaiveDate, usize)> {
        let field = self.given(field, name)?;
        let (written, place) = (field.get_ref(), field.span().start);
        let day = match (written.date, written.time, written.offset) {
            (Some(date), None, None) => {
                NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
            }
            _ => None,
        };
        if day.is_none() {
            self.fault(place, format!("`{name}` is not a day: write it as 2026-11-23"));
        }
        day.map(|day| (day, place))
    }
}

/// A text that may be missing; white space around it does not count.
pub(crate) fn optional_text(field: Option<Spanned<String>>) -> Option<Said> {
    let field = field?;
    Some(Said::new(field.get_ref().trim(), field.span().start))
}
