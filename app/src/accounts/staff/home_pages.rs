//! Where those who work here begin: what they may do, in large.

use super::{frame::StaffFrame, gate};
use crate::{
    house::{viewer, words},
    paths::Page,
    t,
};
use domain::accounts::staff::{Right, Role};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn StaffHomeRoute() -> impl IntoView {
    let session = match gate::staff(Right::Project) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    let (viewer, words) = (viewer(), words());
    let about = match session.staff.role {
        Role::Trainer => Some(t!(words, "staff-home-trainer")),
        Role::Official => Some(t!(words, "staff-home-official")),
        Role::Editor => Some(t!(words, "staff-home-editor")),
        Role::Administrator => None,
    };
    let doors = [
        (Right::Teach, Page::Classes, t!(words, "classes-title"), t!(words, "classes-home")),
        (Right::ManageStaff, Page::People, t!(words, "staff-people"), t!(words, "staff-home-people")),
        (Right::ReadAudit, Page::Audit, t!(words, "staff-audit"), t!(words, "staff-home-audit")),
        (Right::OwnAccount, Page::Account, t!(words, "staff-account"), t!(words, "staff-home-account")),
    ];
    let doors = doors.into_iter().filter(|(right, ..)| session.staff.may(*right)).map(|(_, page, title, about)| {
        view! {
            <li>
                <a href=page.path(viewer.locale)>{title}</a>
                <p class="soft">{about}</p>
            </li>
        }
    });
    let doors = doors.collect_view();
    view! {
        <Title text=t!(words, "staff-home")/>
        <StaffFrame wide=true>
            <h1>{t!(words, "staff-hello", name = session.staff.name.clone())}</h1>
            {about.map(|about| view! { <p class="lead">{about}</p> })}
            <ul class="tiles-2 part">{doors}</ul>
        </StaffFrame>
    }
    .into_any()
}
