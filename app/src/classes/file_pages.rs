//! A roster from a file: what will happen is shown row by row, and nothing is saved until somebody says so.

use super::{class_of, fields::MemberForm, members_pages::sex_name, room_pages::ClassNav};
use crate::{
    accounts::staff::{frame::StaffFrame, gate},
    error::{AppError, NotFound},
    house::{house, viewer, words},
    t,
    ui::{FieldError, Icon},
    words::Words,
};
use domain::{
    accounts::{Sex, staff::Right},
    classes::Class,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// A row of the preview, as it is and as it may be changed there.
#[derive(Clone, Default, Debug)]
pub struct FileRow {
    /// As the spreadsheet program numbers it.
    pub number: u32,
    pub hidden: bool,
    pub form: MemberForm,
    /// Somebody under sixteen: a parent must have agreed.
    pub young: bool,
    /// What is wrong, doubtful, or likely to be there already.
    pub notes: Vec<String>,
    /// It cannot be taken as it is.
    pub blocked: bool,
}

/// What the page shows.
#[derive(Clone, Default, Debug)]
pub struct FilePreview {
    pub fault: Option<String>,
    /// Columns that were left out, by their headings.
    pub left_out: Vec<String>,
    pub rows: Vec<FileRow>,
    /// After a confirmation that could not be taken.
    pub again: bool,
}

#[component]
pub fn FileRoute() -> impl IntoView {
    view! { <FilePage preview=FilePreview::default()/> }
}

#[component]
pub fn FilePage(preview: FilePreview) -> impl IntoView {
    let session = match gate::staff(Right::Teach) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        let Some(id) = class_of(&viewer.path) else { return view! { <NotFound/> }.into_any() };
        match house.store.class(session.staff.id, id).await {
            Ok(Some(class)) if class.closed_at.is_none() => page(class, preview),
            Ok(_) => view! { <NotFound/> }.into_any(),
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

fn page(class: Class, preview: FilePreview) -> AnyView {
    let words = words();
    let bad = preview.fault.is_some();
    let said = preview.fault.clone().map(|text| view! { <FieldError id="file-error".to_owned() text/> });
    let rows = if preview.rows.is_empty() { ().into_any() } else { rows(&words, preview) };
    view! {
        <Title text=t!(words, "classes-file")/>
        <StaffFrame wide=true>
            <ClassNav class=class/>
            <h2>{t!(words, "classes-file")}</h2>
            <form class="fields card" method="post" enctype="multipart/form-data">
                <div class="field" class:bad=bad>
                    <label for="file">{t!(words, "classes-file-which")}</label>
                    <p class="hint" id="file-hint">{t!(words, "classes-file-hint")}</p>
                    {said}
                    <input id="file" name="file" type="file" accept=".xlsx,.csv,.txt" aria-describedby="file-hint"/>
                </div>
                <button class="btn btn-main"><Icon name="search"/>{t!(words, "classes-file-look")}</button>
            </form>
            {rows}
        </StaffFrame>
    }
    .into_any()
}

fn rows(words: &Words, preview: FilePreview) -> AnyView {
    let count = preview.rows.len() as u64;
    let blocked = preview.rows.iter().filter(|row| row.blocked).count() as u64;
    let left_out = (!preview.left_out.is_empty()).then(|| {
        view! {
            <p class="notice"><span>{t!(words, "classes-file-left-out")}" "<b lang="vi">{preview.left_out.join(", ")}</b></span></p>
        }
    });
    let again = preview.again.then(|| {
        view! { <p class="notice problem" role="alert">{t!(words, "classes-file-again")}</p> }
    });
    let rows = preview.rows.into_iter().map(|row| {
        let no = row.number;
        let notes = row.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect_view();
        let faults = row.form.faults.iter().map(|(_, text)| view! { <li class="error"><Icon name="warning"/>{text.clone()}</li> });
        let faults = faults.collect_view();
        let sexes = [Sex::Unstated, Sex::Female, Sex::Male].map(|sex| {
            view! { <option value=sex.as_str() selected=row.form.sex == sex.as_str()>{sex_name(words, sex)}</option> }
        });
        let hidden = row.hidden.then(|| view! { <small class="soft">{t!(words, "classes-file-hidden")}</small> });
        let guardian = row.young.then(|| {
            view! {
                <label class="choice slim-choice">
                    <input type="checkbox" name=format!("g-{no}") value="yes" checked=row.form.guardian/>
                    <span>{t!(words, "accounts-guardian")}</span>
                </label>
            }
        });
        view! {
            <tr class:bad=row.blocked id=format!("row-{no}")>
                <td class="num" data-head=t!(words, "classes-file-row")>{no}{hidden}</td>
                <th scope="row" lang="vi">
                    <input name=format!("n-{no}") value=row.form.name.clone() maxlength="400" aria-label=t!(words, "staff-person-name")/>
                </th>
                <td data-head=t!(words, "accounts-born")>
                    <input class="num" name=format!("b-{no}") value=row.form.born.clone() maxlength="4" inputmode="numeric" aria-label=t!(words, "accounts-born")/>
                </td>
                <td data-head=t!(words, "accounts-sex")>
                    <select name=format!("s-{no}") aria-label=t!(words, "accounts-sex")>{sexes.collect_view()}</select>
                </td>
                <td data-head=t!(words, "accounts-mine-unit")>
                    <input name=format!("u-{no}") value=row.form.place.clone() maxlength="80" lang="vi" aria-label=t!(words, "accounts-mine-unit")/>
                </td>
                <td>
                    <label class="choice slim-choice">
                        <input type="checkbox" name=format!("t-{no}") value="yes" checked=row.form.consent data-agreed/>
                        <span>{t!(words, "classes-file-agreed")}</span>
                    </label>
                    {guardian}
                    <ul class="plain small">{faults}{notes}</ul>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="part">
            <h2>{t!(words, "classes-file-preview")}</h2>
            <p class="finding">{t!(words, "classes-file-count", count = count, blocked = blocked)}</p>
            <p>{t!(words, "classes-file-nothing-yet")}</p>
            {left_out}
            {again}
            <form method="post">
                <table class="list inputs">
                    <thead>
                        <tr>
                            <th scope="col">{t!(words, "classes-file-row")}</th>
                            <th scope="col">{t!(words, "staff-person-name")}</th>
                            <th scope="col">{t!(words, "accounts-born")}</th>
                            <th scope="col">{t!(words, "accounts-sex")}</th>
                            <th scope="col">{t!(words, "accounts-mine-unit")}</th>
                            <th scope="col">{t!(words, "classes-consent")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="hint part">{t!(words, "classes-consent-how")}</p>
                <div class="row">
                    <button class="btn" name="act" value="all">{t!(words, "classes-file-all")}</button>
                    <button class="btn btn-main" name="act" value="take">{t!(words, "classes-file-take")}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
