//! Everybody who works here, as administrators see them.

use super::{frame::StaffFrame, gate, moment, role_name, scope_name};
use crate::{
    error::{AppError, NotFound},
    house::{House, house, viewer, words},
    paths::Page,
    t,
    ui::{FieldError, Icon, QrCode, Summary},
    words::Words,
};
use domain::{
    accounts::{
        CardCode,
        staff::{LINK_DAYS, NAME_CHARS_MAX, Right, Role, Scope, Staff},
    },
    places,
};
use leptos::prelude::*;
use leptos_meta::Title;
use store::StaffEntry;

/// What was typed to let somebody in, or to change what they may do.
#[derive(Clone, Default, Debug)]
pub struct PersonForm {
    pub name: String,
    pub role: String,
    pub province: bool,
    /// Names or codes of communes, as typed: one on a line, or with commas.
    pub units: String,
    pub faults: Vec<(&'static str, String)>,
}

impl PersonForm {
    pub fn of(house: &House, staff: &Staff) -> Self {
        let units = match &staff.scope {
            Scope::Province => String::new(),
            Scope::Units(units) => {
                let name = |unit| house.library.unit(unit).map_or_else(|| unit.to_string(), |found| found.name.clone());
                units.iter().map(|unit| name(*unit)).collect::<Vec<_>>().join("\n")
            }
        };
        Self {
            name: staff.name.clone(),
            role: staff.role.as_str().to_owned(),
            province: staff.scope == Scope::Province,
            units,
            faults: Vec::new(),
        }
    }

    fn fault(&self, field: &str) -> Option<String> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.clone())
    }
}

#[component]
pub fn PeopleRoute() -> impl IntoView {
    view! { <PeoplePage form=PersonForm { role: Role::Trainer.as_str().to_owned(), ..PersonForm::default() }/> }
}

#[component]
pub fn PeoplePage(form: PersonForm) -> impl IntoView {
    let session = match gate::staff(Right::ManageStaff) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let house = house();
        match house.store.staff_list().await {
            Ok(list) => people(form, &session.staff, list),
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

fn people(form: PersonForm, me: &Staff, list: Vec<StaffEntry>) -> AnyView {
    let (house, viewer, words) = (house(), viewer(), words());
    let mut list: Vec<StaffEntry> = list.into_iter().filter(|entry| gate::may_manage(me, &entry.staff)).collect();
    list.sort_by_cached_key(|entry| (entry.closed, entry.staff.role, places::fold(&entry.staff.name)));
    let count = list.iter().filter(|entry| !entry.closed).count() as u64;
    let rows = list.into_iter().map(|entry| {
        let state = if entry.closed {
            t!(words, "staff-state-closed")
        } else if !entry.has_password {
            t!(words, "staff-state-waiting")
        } else {
            match entry.seen_at {
                Some(at) => t!(words, "staff-state-seen", when = moment(&words, at)),
                None => t!(words, "staff-state-never"),
            }
        };
        let guarded = entry.factors.any().then(|| {
            view! { <span class="done small"><Icon name="lock"/>{t!(words, "staff-state-guarded")}</span> }
        });
        let id = entry.staff.id.to_string();
        view! {
            <tr class:soft=entry.closed>
                <th scope="row" lang="vi"><a href=Page::Person(&id).path(viewer.locale)>{entry.staff.name.clone()}</a></th>
                <td data-head=t!(words, "staff-role")>{role_name(&words, entry.staff.role)}</td>
                <td data-head=t!(words, "staff-scope") lang="vi">{scope_name(&house, &words, &entry.staff.scope)}</td>
                <td data-head=t!(words, "staff-state")>{state}{guarded}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let open = !form.faults.is_empty();
    view! {
        <Title text=t!(words, "staff-people")/>
        <StaffFrame wide=true>
            <h1>{t!(words, "staff-people")}</h1>
            <p class="lead">{t!(words, "staff-people-count", count = count)}</p>
            <details class="card" open=open id="them">
                <summary><b>{t!(words, "staff-add")}</b></summary>
                <p class="soft">{t!(words, "staff-add-how", days = LINK_DAYS as u64)}</p>
                {person_fields(&words, &form, true)}
            </details>
            <table class="list part">
                <thead>
                    <tr>
                        <th scope="col">{t!(words, "staff-person")}</th>
                        <th scope="col">{t!(words, "staff-role")}</th>
                        <th scope="col">{t!(words, "staff-scope")}</th>
                        <th scope="col">{t!(words, "staff-state")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </StaffFrame>
    }
    .into_any()
}

/// The fields of somebody: name (only for a new one), role, where.
fn person_fields(words: &Words, form: &PersonForm, new: bool) -> AnyView {
    let summary = (!form.faults.is_empty()).then(|| {
        let faults = form.faults.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
        view! { <Summary title=t!(words, "staff-again") faults/> }
    });
    let error = |field: &str| form.fault(field).map(|text| view! { <FieldError id=format!("{field}-error") text/> });
    let roles = Role::ALL.iter().map(|role| {
        let about = match role {
            Role::Trainer => t!(words, "staff-role-trainer-about"),
            Role::Official => t!(words, "staff-role-official-about"),
            Role::Editor => t!(words, "staff-role-editor-about"),
            Role::Administrator => t!(words, "staff-role-administrator-about"),
        };
        view! {
            <label class="choice">
                <input type="radio" name="role" value=role.as_str() checked=form.role == role.as_str()/>
                <span>{role_name(words, *role)}<small>{about}</small></span>
            </label>
        }
    });
    let roles = roles.collect_view();
    let name = new.then(|| {
        view! {
            <div class="field" class:bad=form.fault("name").is_some()>
                <label for="name">{t!(words, "staff-person-name")}</label>
                {error("name")}
                <input id="name" name="name" autocomplete="off" maxlength=(NAME_CHARS_MAX * 2).to_string() value=form.name.clone()/>
            </div>
        }
    });
    view! {
        <form class="fields" method="post" novalidate>
            {summary}
            {name}
            <fieldset class="field" class:bad=form.fault("role").is_some() id="role">
                <legend>{t!(words, "staff-role")}</legend>
                {error("role")}
                <div class="pair">{roles}</div>
            </fieldset>
            <fieldset class="field" class:bad=form.fault("units").is_some()>
                <legend>{t!(words, "staff-scope")}</legend>
                {error("units")}
                <label class="choice">
                    <input type="checkbox" name="province" value="yes" checked=form.province/>
                    <span>{t!(words, "staff-scope-province")}</span>
                </label>
                <label for="units">{t!(words, "staff-units")}</label>
                <p class="hint" id="units-hint">{t!(words, "staff-units-hint")}</p>
                <textarea id="units" name="units" rows="3" aria-describedby="units-hint" lang="vi">{form.units.clone()}</textarea>
            </fieldset>
            <button class="btn btn-main" name="act" value=if new { "add" } else { "change" }>
                {if new { t!(words, "staff-add-send") } else { t!(words, "staff-change-send") }}
            </button>
        </form>
    }
    .into_any()
}

#[component]
pub fn PersonRoute() -> impl IntoView {
    view! { <PersonPage form=None/> }
}

#[component]
pub fn PersonPage(form: Option<PersonForm>) -> impl IntoView {
    let session = match gate::staff(Right::ManageStaff) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        // A handler's answer has no route around it: the path says who it is.
        let Ok(id) = viewer.path.rsplit('/').next().unwrap_or_default().parse() else {
            return view! { <NotFound/> }.into_any();
        };
        match house.store.staff_entry(id).await {
            Ok(Some(entry)) if gate::may_manage(&session.staff, &entry.staff) => {
                let form = form.unwrap_or_else(|| PersonForm::of(&house, &entry.staff));
                person(form, entry, session.staff.id == id)
            }
            Ok(_) => view! { <NotFound/> }.into_any(),
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

fn person(form: PersonForm, entry: StaffEntry, is_me: bool) -> AnyView {
    let words = words();
    let closing = if entry.closed {
        view! { <button class="btn" name="act" value="open">{t!(words, "staff-open")}</button> }.into_any()
    } else {
        view! { <button class="btn btn-danger" name="act" value="close">{t!(words, "staff-close")}</button> }.into_any()
    };
    let factor = entry.factors.totp.then(|| {
        view! {
            <p>{t!(words, "staff-factor-lost")}</p>
            <button class="btn" name="act" value="remove-totp">{t!(words, "staff-factor-take")}</button>
        }
    });
    let others = (!is_me).then(|| {
        view! {
            <section class="part">
                <h2>{t!(words, "staff-person-in")}</h2>
                <form class="stack" method="post">
                    <p>{t!(words, "staff-link-how", days = LINK_DAYS as u64)}</p>
                    <button class="btn" name="act" value="link">{t!(words, "staff-link-new")}</button>
                    {factor}
                </form>
            </section>
            <section class="part">
                <h2>{t!(words, "staff-close-title")}</h2>
                <form class="stack" method="post">
                    <p>{t!(words, "staff-close-how")}</p>
                    {closing}
                </form>
            </section>
        }
    });
    view! {
        <Title text=entry.staff.name.clone()/>
        <StaffFrame>
            <h1 lang="vi">{entry.staff.name.clone()}</h1>
            <p class="lead">{t!(words, "staff-login")}": "<b class="num">{entry.staff.login.clone()}</b></p>
            {person_fields(&words, &form, false)}
            {others}
        </StaffFrame>
    }
    .into_any()
}

/// The link that lets somebody in, shown this once.
#[component]
pub fn LinkPage(name: String, login: String, code: CardCode) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let page = Page::Invited.path(viewer.locale);
    let address = format!("{}{page}#{}", house.public_url.trim_end_matches('/'), code.as_str());
    let qr = view! { <QrCode text=address.clone() label=t!(words, "staff-link-qr")/> };
    view! {
        <Title text=t!(words, "staff-link-title")/>
        <StaffFrame>
            <h1>{t!(words, "staff-link-title")}</h1>
            <p class="lead">{t!(words, "staff-link-lead", name = name)}</p>
            <div class="gap">{qr}</div>
            <dl class="facts">
                <dt>{t!(words, "staff-login")}</dt>
                <dd class="num">{login}</dd>
                <dt>{t!(words, "staff-link-address")}</dt>
                <dd class="num secret">{address}</dd>
                <dt>{t!(words, "staff-invited-code")}</dt>
                <dd class="num">{code.to_string()}</dd>
            </dl>
            <p class="gap">{t!(words, "staff-link-keep", days = LINK_DAYS as u64)}</p>
            <p class="gap"><a class="btn" href=Page::People.path(viewer.locale)>{t!(words, "staff-link-done")}</a></p>
        </StaffFrame>
    }
}
