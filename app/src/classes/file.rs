//! Reading a file of people, and taking those of them onto the roster who agreed.
//!
//! The file is read, shown and forgotten: between the preview and the confirmation everything that may be kept stands in the page
//! alone, so that nothing of it is stored before somebody says so.

use super::{
    actions::draw_id,
    class_of,
    fields::{MemberForm, name_fault},
    file_pages::{FilePage, FilePreview, FileRow},
    members::is_unit,
};
use crate::{
    accounts::staff::gate,
    error::AppError,
    house::{House, see_other},
    paths::{self, Page},
    t,
    viewer::Viewer,
    words::Words,
};
use axum::{
    Extension, Form, Router,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use domain::{
    accounts::staff::{Right, StaffId},
    classes::{
        Certainty, Class, DuplicateOf, ExistingPerson, PreviewRow, RosterContext, RosterFault, RowDoubt, RowFault,
        SheetRow, preview,
    },
    time::Month,
};
use leptos::prelude::*;
use sheets::SheetError;
use std::collections::BTreeMap;
use store::{Changed, Member};

/// The file, and what a form adds around it; or the confirmation of 5 000 rows, which has some 200 bytes for each.
pub const FILE_FORM_BYTES_MAX: usize = 6 * 1024 * 1024;

pub fn routes() -> Router<House> {
    let staff = paths::STAFF;
    let classes = paths::CLASSES;
    let roster = paths::ROSTER;
    Router::new()
        .route(&format!("/{staff}/{classes}/{{class}}/{roster}/{}", paths::FILE), post(take))
        .layer(DefaultBodyLimit::max(FILE_FORM_BYTES_MAX))
}

async fn take(State(house): State<House>, Extension(viewer): Extension<Viewer>, request: Request) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::Teach).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let trainer = session.staff.id;
    let Some(id) = class_of(&viewer.path) else { return gate::not_found(&house, &viewer).await };
    let found = match house.store.roster(trainer, id).await {
        Ok(Some((class, members))) if class.closed_at.is_none() => (class, members),
        Ok(_) => return gate::not_found(&house, &viewer).await,
        Err(error) => return AppError::from(error).page(&house, viewer).await,
    };
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let preview = read_file(&house, &viewer, request, found).await;
        let status = if preview.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return answer(&house, &viewer, status, preview).await;
    }
    match Form::<Vec<(String, String)>>::from_request(request, &house).await {
        Ok(Form(fields)) => match confirm(&house, &viewer, trainer, &found.0, fields).await {
            Ok(response) => response,
            Err(error) => error.page(&house, viewer).await,
        },
        Err(rejection) => {
            let status = rejection.into_response().status();
            house.answer(viewer, status, move || view! { <crate::error::NotTaken status/> }).await
        }
    }
}

async fn answer(house: &House, viewer: &Viewer, status: StatusCode, preview: FilePreview) -> Response {
    house.answer(viewer.clone(), status, move || view! { <FilePage preview=preview.clone()/> }).await
}

/// The file of a form: its name and bytes. `None` when none was chosen or it did not arrive.
async fn file_of(house: &House, request: Request) -> Option<(String, axum::body::Bytes)> {
    let mut form = Multipart::from_request(request, house).await.ok()?;
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.ok()?;
            return (!name.is_empty()).then_some((name, bytes));
        }
    }
    None
}

async fn read_file(
    house: &House,
    viewer: &Viewer,
    request: Request,
    (class, members): (Class, Vec<Member>),
) -> FilePreview {
    let words = Words::from(viewer.locale);
    let fault = |text: String| FilePreview { fault: Some(text), ..FilePreview::default() };
    let Some((name, bytes)) = file_of(house, request).await else {
        return fault(t!(words, "classes-file-none"));
    };
    let (house, now) = (house.clone(), viewer.now);
    // A large file takes a core for some hundred milliseconds: others go on meanwhile.
    let read = tokio::task::spawn_blocking(move || {
        let sheet = match sheets::read(&name, &bytes) {
            Ok(sheet) => sheet,
            Err(error) => return fault(sheet_fault(&words, error)),
        };
        let rows = sheet.rows.into_iter();
        let rows: Vec<SheetRow> =
            rows.map(|sheets::Row { number, hidden, cells }| SheetRow { number, hidden, cells }).collect();
        let existing = members.into_iter().map(|member| ExistingPerson {
            name: member.name,
            birth_year: member.birth_year,
            unit: member.unit,
        });
        let existing: Vec<ExistingPerson> = existing.collect();
        let this_year = Month::of(now).year();
        let default_unit = Some(class.unit);
        let context = RosterContext { units: &house.library.units, default_unit, this_year, existing: &existing };
        match preview(&rows, &context) {
            Ok(found) => FilePreview {
                left_out: found.left_out.into_iter().map(|left| left.heading).collect(),
                rows: found.rows.into_iter().map(|row| file_row(&house, &words, row, &existing, this_year)).collect(),
                ..FilePreview::default()
            },
            Err(RosterFault::NoHeading) => fault(t!(words, "classes-file-no-heading")),
            Err(RosterFault::NoPeople) => fault(t!(words, "classes-file-no-people")),
            Err(RosterFault::TooManyPeople) => {
                fault(t!(words, "classes-file-too-many", count = words.number(domain::classes::PEOPLE_MAX as u64)))
            }
        }
    });
    read.await.unwrap_or_else(|_| FilePreview {
        fault: Some(t!(Words::from(viewer.locale), "classes-file-damaged")),
        ..FilePreview::default()
    })
}

/// What is wrong with a file.
fn sheet_fault(words: &Words, error: SheetError) -> String {
    let mega = |bytes: usize| words.number((bytes / (1024 * 1024)) as u64);
    match error {
        SheetError::Empty => t!(words, "classes-file-empty"),
        SheetError::FileTooLarge { bytes_max } => t!(words, "classes-file-large", count = mega(bytes_max)),
        SheetError::Unsupported(_) | SheetError::UnknownEncoding => t!(words, "classes-file-kind"),
        SheetError::PasswordProtected => t!(words, "classes-file-locked"),
        SheetError::Macros => t!(words, "classes-file-macros"),
        SheetError::TooManyRows { rows_max } => {
            t!(words, "classes-file-too-many", count = words.number(rows_max as u64))
        }
        SheetError::TooManyColumns { row, .. } => t!(words, "classes-file-wide", row = u64::from(row)),
        SheetError::CellTooLong { row, .. } => t!(words, "classes-file-cell", row = u64::from(row)),
        SheetError::InflatesTooMuch { .. }
        | SheetError::TooManyParts { .. }
        | SheetError::TooMuchText { .. }
        | SheetError::Entities
        | SheetError::Damaged => t!(words, "classes-file-damaged"),
    }
}

/// A row of the preview with what a person must know about it.
fn file_row(house: &House, words: &Words, row: PreviewRow, existing: &[ExistingPerson], this_year: i32) -> FileRow {
    let unit_name = |unit| house.library.unit(unit).map(|found| found.name.clone()).unwrap_or_default();
    let mut notes: Vec<String> = row.faults.iter().map(|fault| row_fault(words, fault)).collect();
    let names =
        |units: &[domain::places::UnitCode]| units.iter().map(|unit| unit_name(*unit)).collect::<Vec<_>>().join(", ");
    notes.extend(row.doubts.iter().map(|doubt| match doubt {
        RowDoubt::NameDigits => t!(words, "classes-doubt-digits"),
        RowDoubt::BirthCentury { proposed } => {
            t!(words, "classes-doubt-century", year = i64::from(proposed.get()))
        }
        RowDoubt::Sex => t!(words, "classes-doubt-sex", text = row.sex_as_written.clone()),
        RowDoubt::OldUnit { candidates } => {
            t!(words, "classes-doubt-old-unit", text = row.unit_as_written.clone(), names = names(candidates))
        }
        RowDoubt::SeveralUnits { candidates } => {
            t!(words, "classes-doubt-several", text = row.unit_as_written.clone(), names = names(candidates))
        }
        RowDoubt::UnknownUnit => t!(words, "classes-doubt-unknown", text = row.unit_as_written.clone()),
    }));
    if let Some(duplicate) = &row.duplicate {
        let of = match duplicate.of {
            DuplicateOf::Existing(place) => existing.get(place).map(|person| person.name.as_str().to_owned()),
            DuplicateOf::Row(number) => Some(t!(words, "classes-file-row-no", row = u64::from(number))),
        };
        let of = of.unwrap_or_default();
        notes.push(match duplicate.certainty {
            Certainty::Certain => t!(words, "classes-duplicate-certain", of = of),
            Certainty::Likely => t!(words, "classes-duplicate-likely", of = of),
        });
    }
    let entry = row.entry.as_ref();
    let born = entry.and_then(|entry| entry.birth_year);
    let unit = entry.and_then(|entry| entry.unit);
    let form = MemberForm {
        name: entry.map_or_else(|| row.name_as_written.clone(), |entry| entry.name.as_str().to_owned()),
        born: born.map_or_else(String::new, |born| born.get().to_string()),
        sex: entry.map_or("unstated", |entry| entry.sex.as_str()).to_owned(),
        place: unit.map_or_else(|| row.unit_as_written.clone(), unit_name),
        ..MemberForm::default()
    };
    FileRow {
        number: row.number,
        hidden: row.hidden,
        young: born.is_some_and(|born| born.needs_guardian(this_year)),
        blocked: !row.faults.is_empty(),
        form,
        notes,
    }
}

fn row_fault(words: &Words, fault: &RowFault) -> String {
    match fault {
        RowFault::Name(fault) => name_fault(words, *fault),
        RowFault::BirthUnreadable => t!(words, "classes-row-birth-unreadable"),
        RowFault::BirthImpossible => t!(words, "classes-row-birth-impossible"),
        RowFault::BirthYear { .. } => t!(words, "classes-row-birth-year"),
    }
}

/// The rows of the page as they came back: `n-7` is the name in row 7.
fn rows_of(fields: Vec<(String, String)>) -> BTreeMap<u32, MemberForm> {
    let mut rows: BTreeMap<u32, MemberForm> = BTreeMap::new();
    for (field, value) in fields {
        let Some((what, number)) = field.split_once('-') else { continue };
        let Ok(number) = number.parse() else { continue };
        let row = rows.entry(number).or_default();
        let value = value.trim().to_owned();
        match what {
            "n" => row.name = value,
            "b" => row.born = value,
            "s" => row.sex = value,
            "u" => row.place = value,
            "t" => row.consent = value == "yes",
            "g" => row.guardian = value == "yes",
            _ => {}
        }
    }
    rows
}

async fn confirm(
    house: &House,
    viewer: &Viewer,
    trainer: StaffId,
    class: &Class,
    fields: Vec<(String, String)>,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let everybody = fields.iter().any(|(field, value)| field == "act" && value == "all");
    let this_year = Month::of(viewer.now).year();
    let mut rows = rows_of(fields);
    let mut new = Vec::new();
    for row in rows.values_mut() {
        if everybody {
            row.consent = true;
        } else if row.consent
            && let Some(id) = draw_id(house)
            && let Some(member) = row.read(house, &words, class.unit, viewer.now, id)
        {
            new.push(member);
        }
    }
    let faults = rows.values().any(|row| !row.faults.is_empty());
    let show = |again: bool, rows: BTreeMap<u32, MemberForm>, fault: Option<String>| {
        let rows = rows.into_iter().map(|(number, form)| {
            let young = form.born.parse().is_ok_and(|year: i32| this_year - year <= domain::accounts::CONSENT_YEARS);
            FileRow { number, young, blocked: !form.faults.is_empty(), form, ..FileRow::default() }
        });
        FilePreview { again, fault, rows: rows.collect(), ..FilePreview::default() }
    };
    if everybody {
        return Ok(answer(house, viewer, StatusCode::OK, show(false, rows, None)).await);
    }
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if faults || new.is_empty() {
        let fault = new.is_empty().then(|| t!(words, "classes-file-nobody"));
        return Ok(answer(house, viewer, wrong, show(faults, rows, fault.filter(|_| !faults))).await);
    }
    match house.store.add_members(trainer, class.id, &new, &is_unit(house), viewer.now).await? {
        Changed::Done => Ok(see_other(&Page::Roster(&class.id.to_string()).path(viewer.locale), [])),
        Changed::Refused => {
            Ok(answer(house, viewer, wrong, show(false, rows, Some(t!(words, "classes-fault-full")))).await)
        }
        Changed::NotThere | Changed::Meanwhile(_) => Ok(gate::not_found(house, viewer).await),
    }
}
