//! A list of people as somebody wrote it, turned into entries that a person confirms. Nothing is kept here: [`preview`] says what
//! each row would become, what stops it and what somebody has to decide.
//!
//! To understand one more heading: add its spelling to `headings`. To understand one more thing in a row: read its column in
//! `entry_of`, with a [`RowFault`] for what stops the row and a [`RowDoubt`] for what a person decides.
//!
//! Only the name, the year of birth, the sex and the commune leave this module. Other columns are dropped while the headings are
//! read, and of a date of birth nothing is kept but the year.

mod birth;
mod headings;
mod twins;
mod units;

pub use headings::{LeftOut, Why};
pub use twins::{Certainty, Duplicate, DuplicateOf};

use super::name::{DisplayName, NameFault};
use crate::{
    accounts::{BirthYear, Sex},
    places::{Unit, UnitCode, fold},
};
use birth::Birth;
use headings::{Layout, Part};
use serde::{Deserialize, Serialize};
use twins::Twins;
use units::{Place, Places};

/// Rows at the top among which the headings are looked for: above them stand the state's motto, the commune, a title and who
/// teaches, which is about ten.
pub const HEADING_ROWS_MAX: usize = 30;
/// People in one list. A class has at most a few hundred; a thousand fit the page that shows the preview.
pub const PEOPLE_MAX: usize = super::MEMBERS_MAX;
/// What is shown of a cell as it was written. What was meant is seen at the beginning.
const WRITTEN_CHARACTERS_MAX: usize = 200;

/// A row of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetRow {
    /// As the spreadsheet program numbers it, from 1.
    pub number: u32,
    pub hidden: bool,
    pub cells: Vec<String>,
}

/// Somebody who is in the class already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExistingPerson {
    pub name: DisplayName,
    pub birth_year: Option<BirthYear>,
    pub unit: Option<UnitCode>,
}

/// What a list is read with.
#[derive(Clone, Copy, Debug)]
pub struct RosterContext<'c> {
    pub units: &'c [Unit],
    /// Where people live about whom the list says nothing: as a rule where the class meets.
    pub default_unit: Option<UnitCode>,
    pub this_year: i32,
    pub existing: &'c [ExistingPerson],
}

/// Why there is no preview.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RosterFault {
    /// No row has headings with a name among them, and there is more than one column.
    NoHeading,
    /// Headings with nobody below.
    NoPeople,
    /// More than [`PEOPLE_MAX`].
    TooManyPeople,
}

/// What would be entered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// The row of the headings; `None` when the list is one column of names.
    pub heading: Option<u32>,
    /// Columns that were not read, by their headings alone.
    pub left_out: Vec<LeftOut>,
    pub rows: Vec<PreviewRow>,
}

/// A row with somebody in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PreviewRow {
    pub number: u32,
    pub hidden: bool,
    pub name_as_written: String,
    /// The year alone when it was understood: day and month are gone. As written only when there is a fault or a doubt, so that
    /// it can be found and put right.
    pub birth_as_written: String,
    pub sex_as_written: String,
    /// Of an address only the part that names the commune, when it was understood.
    pub unit_as_written: String,
    /// `None` exactly when there are faults. What is doubtful stands here as it would be entered if nobody says otherwise.
    pub entry: Option<RosterEntry>,
    pub faults: Vec<RowFault>,
    pub doubts: Vec<RowDoubt>,
    pub duplicate: Option<Duplicate>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterEntry {
    pub name: DisplayName,
    pub birth_year: Option<BirthYear>,
    pub sex: Sex,
    pub unit: Option<UnitCode>,
}

/// What stops a row: it has to be put right in the file or by hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RowFault {
    Name(NameFault),
    /// Neither a year nor a date.
    BirthUnreadable,
    /// A day that is in no calendar: 31/02/1970, or a month 13.
    BirthImpossible,
    /// Nobody of that year can be learning: in the future, under six or over 120 years ago.
    BirthYear {
        year: i32,
    },
}

/// What somebody has to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowDoubt {
    /// Digits in a name: a telephone number, or two columns in one.
    NameDigits,
    /// The year was written with two digits; the latest that can be is proposed and stands in the entry.
    BirthCentury { proposed: BirthYear },
    /// Neither a man nor a woman was understood; taken as not stated.
    Sex,
    /// A commune of before 1 July 2025, and those of today that it became part of. The entry has it when it is only one.
    OldUnit { candidates: Vec<UnitCode> },
    /// More than one commune is called so or nearly so; the entry has none.
    SeveralUnits { candidates: Vec<UnitCode> },
    /// No commune is called so; the entry has none.
    UnknownUnit,
}

/// What would be entered of a list, row by row. Anything in the cells is survived; rows without a person are left out: empty
/// ones, sums, headings that are repeated on each page, numbers of columns, signatures.
pub fn preview(rows: &[SheetRow], context: &RosterContext<'_>) -> Result<Preview, RosterFault> {
    let layout = headings::layout(rows).ok_or(RosterFault::NoHeading)?;
    let mut places = Places::new(context.units, context.default_unit);
    let mut twins = Twins::new(context.existing);
    let mut people = Vec::new();
    for row in &rows[layout.first_row..] {
        if !is_person(row, &layout) {
            continue;
        }
        if people.len() == PEOPLE_MAX {
            return Err(RosterFault::TooManyPeople);
        }
        let mut person = entry_of(row, &layout, context.this_year, &mut places);
        if let Some(entry) = &person.entry {
            person.duplicate = twins.meet(person.number, entry);
        }
        people.push(person);
    }
    if people.is_empty() {
        return Err(RosterFault::NoPeople);
    }
    Ok(Preview { heading: layout.heading, left_out: layout.left_out, rows: people })
}

/// A row says something about a person when it has a name, or anything else that is read.
fn is_person(row: &SheetRow, layout: &Layout) -> bool {
    let name = layout.name_of(row);
    let read = [Part::Birth, Part::Sex, Part::Male, Part::Female, Part::Unit];
    let any_other = read.into_iter().any(|part| !layout.cell(row, part).is_empty());
    if name.is_empty() && !any_other {
        return false;
    }
    // Without headings a title is a line like any other.
    if layout.heading.is_none() && fold(&name).starts_with("danh sach") {
        return false;
    }
    !(is_sum(row, &name) || is_signature(&name, any_other) || layout.repeats_heading(row) || counts_columns(row))
}

/// A row with the sum: "Tổng cộng: 25 người". *Tống* is a surname, *Cộng* and *Công* are given names: without marks only the bare
/// words are a sum.
fn is_sum(row: &SheetRow, name: &str) -> bool {
    let first = row.cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty()).unwrap_or_default();
    [first, name].into_iter().any(|text| {
        let small = text.to_lowercase();
        let marked = ["tổng cộng", "tổng số", "cộng:", "tổng:"].iter().any(|word| small.starts_with(word));
        let letters: String = small.chars().filter(|letter| !letter.is_numeric()).collect();
        let bare = letters.trim_matches(|letter: char| !letter.is_alphabetic());
        marked
            || ["tổng", "cộng", "cong", "tong", "tong cong", "tong so", "total", "cộng người"].contains(&bare)
            || ["tong cong nguoi", "tong so nguoi"].contains(&fold(bare).as_str())
    })
}

/// What stands under a list: who made it and who agrees.
fn is_signature(name: &str, any_other: bool) -> bool {
    const ENDS: [&str; 9] = [
        "nguoi lap",
        "nguoi lap bieu",
        "nguoi lap danh sach",
        "lap bieu",
        "ky ten",
        "ky va ghi ro ho ten",
        "ky ghi ro ho ten",
        "xac nhan cua uy ban nhan dan xa",
        "xac nhan cua ubnd xa",
    ];
    !any_other && ENDS.contains(&fold(name).as_str())
}

/// The row under the headings of official forms: (1) (2) (3), or A B 1 2.
fn counts_columns(row: &SheetRow) -> bool {
    let counts = |cell: &str| {
        let bare = cell.trim_matches(['(', ')', '[', ']', ' ']);
        let number = (1..=2).contains(&bare.len()) && bare.bytes().all(|digit| digit.is_ascii_digit());
        number || (bare.len() == 1 && bare.bytes().all(|letter| letter.is_ascii_uppercase()))
    };
    let written = || row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    written().count() > 1 && written().all(counts)
}

fn entry_of(row: &SheetRow, layout: &Layout, this_year: i32, places: &mut Places<'_>) -> PreviewRow {
    let (mut faults, mut doubts) = (Vec::new(), Vec::new());

    let name_written = layout.name_of(row);
    let name = DisplayName::parse(&name_written).map_err(|fault| faults.push(RowFault::Name(fault))).ok();
    if name.is_some() && name_written.chars().any(|letter| letter.is_ascii_digit()) {
        doubts.push(RowDoubt::NameDigits);
    }

    let marks = Marks::of(row, layout);
    let birth_written = Some(layout.cell(row, Part::Birth)).filter(|cell| !cell.is_empty()).unwrap_or(marks.birth);
    let mut birth_as_written = cut(birth_written);
    let birth_year = match birth::read(birth_written, this_year) {
        Birth::Unsaid => None,
        Birth::Year(year) => {
            birth_as_written = year.get().to_string();
            Some(year)
        }
        Birth::Century(proposed) => {
            doubts.push(RowDoubt::BirthCentury { proposed });
            Some(proposed)
        }
        Birth::Fault(fault) => {
            faults.push(fault);
            None
        }
    };

    let sex_written = layout.cell(row, Part::Sex);
    let (sex, sex_as_written) =
        if sex_written.is_empty() { (marks.sex, marks.written) } else { (sex_of(sex_written), cut(sex_written)) };
    if sex.is_none() {
        doubts.push(RowDoubt::Sex);
    }

    let unit_written = layout.cell(row, Part::Unit);
    let (place, part) = places.read(unit_written);
    let unit_as_written = cut(part);
    let unit = match place {
        Place::Is(unit) => unit,
        Place::Old(candidates) => {
            let only = candidates.first().copied().filter(|_| candidates.len() == 1);
            doubts.push(RowDoubt::OldUnit { candidates });
            only
        }
        Place::Several(candidates) => {
            doubts.push(RowDoubt::SeveralUnits { candidates });
            None
        }
        Place::Unknown => {
            doubts.push(RowDoubt::UnknownUnit);
            None
        }
    };

    let entry = name.filter(|_| faults.is_empty()).map(|name| RosterEntry {
        name,
        birth_year,
        sex: sex.unwrap_or(Sex::Unstated),
        unit,
    });
    PreviewRow {
        number: row.number,
        hidden: row.hidden,
        name_as_written: cut(&name_written),
        birth_as_written,
        sex_as_written,
        unit_as_written,
        entry,
        faults,
        doubts,
        duplicate: None,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(WRITTEN_CHARACTERS_MAX).collect()
}

/// `None` when it says something else.
fn sex_of(text: &str) -> Option<Sex> {
    match fold(text).as_str() {
        "nam" | "male" | "m" | "trai" => Some(Sex::Male),
        "nu" | "female" | "f" | "gai" => Some(Sex::Female),
        _ => None,
    }
}

/// What the two columns "Nam" and "Nữ" say: one of them is ticked, or has the year of birth.
struct Marks<'r> {
    /// `None` when it cannot be said which.
    sex: Option<Sex>,
    written: String,
    birth: &'r str,
}

impl<'r> Marks<'r> {
    fn of(row: &'r SheetRow, layout: &Layout) -> Self {
        let no = |cell: &&str| !matches!(*cell, "" | "0" | "-");
        let male = Some(layout.cell(row, Part::Male)).filter(no);
        let female = Some(layout.cell(row, Part::Female)).filter(no);
        let (sex, cell) = match (male, female) {
            (None, None) => return Self { sex: Some(Sex::Unstated), written: String::new(), birth: "" },
            (Some(male), Some(female)) => {
                return Self { sex: None, written: cut(&format!("{male} / {female}")), birth: "" };
            }
            (Some(male), None) => (Sex::Male, male),
            (None, Some(female)) => (Sex::Female, female),
        };
        let ticked = matches!(cell.to_lowercase().as_str(), "x" | "v" | "1" | "+" | "✓" | "✔" | "√" | "có" | "yes");
        if ticked || sex_of(cell) == Some(sex) {
            Self { sex: Some(sex), written: cut(cell), birth: "" }
        } else if cell.chars().any(|letter| letter.is_ascii_digit()) {
            // The birth that stands there is not shown a second time.
            Self { sex: Some(sex), written: String::new(), birth: cell }
        } else {
            Self { sex: None, written: cut(cell), birth: "" }
        }
    }
}

#[cfg(test)]
mod tests;
