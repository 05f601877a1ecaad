//! Who did what, as administrators read it; and where those who work here begin.

use super::{frame::StaffFrame, gate, moment};
use crate::{
    error::AppError,
    house::{house, viewer, words},
    paths::{self, Page},
    t,
    words::Words,
};
use domain::accounts::staff::{Act, Right};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::collections::BTreeMap;
use store::AuditEntry;

#[component]
pub fn AuditRoute() -> impl IntoView {
    if let Err(instead) = gate::staff(Right::ReadAudit) {
        return instead;
    }
    let before = use_query_map().with_untracked(|query| query.get(paths::BEFORE)).and_then(|no| no.parse().ok());
    Suspend::new(async move {
        let house = house();
        match (house.store.audit_page(before).await, house.store.staff_list().await) {
            (Ok(entries), Ok(people)) => {
                let names = people.into_iter().map(|entry| (entry.staff.id.to_string(), entry.staff.name));
                audit(entries, &names.collect())
            }
            (Err(error), _) | (_, Err(error)) => AppError::from(error).view(),
        }
    })
    .into_any()
}

fn audit(entries: Vec<AuditEntry>, names: &BTreeMap<String, String>) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let older = entries.last().filter(|entry| entry.no > 1).map(|entry| {
        let address = format!("{}?{}={}", Page::Audit.path(viewer.locale), paths::BEFORE, entry.no);
        view! { <p class="gap"><a class="btn" href=address>{t!(words, "staff-audit-older")}</a></p> }
    });
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let rows = entries.into_iter().map(|entry| {
        let who = match entry.by {
            Some(by) => name(&by.to_string()),
            None => t!(words, "staff-audit-program"),
        };
        let about = entry.about.into_iter().map(|(what, value)| match what.as_str() {
            "staff" => name(&value),
            _ => value,
        });
        let about = about.collect::<Vec<_>>().join(" · ");
        view! {
            <tr>
                <td class="num" data-head=t!(words, "staff-audit-no")>{entry.no}</td>
                <td class="num" data-head=t!(words, "staff-audit-when")>{moment(&words, entry.at)}</td>
                <th scope="row" lang="vi" data-head=t!(words, "staff-audit-who")>{who}</th>
                <td data-head=t!(words, "staff-audit-what")>{act_name(&words, &entry.act)}<br/><span class="soft small">{about}</span></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Title text=t!(words, "staff-audit")/>
        <StaffFrame wide=true>
            <h1>{t!(words, "staff-audit")}</h1>
            <p class="lead">{t!(words, "staff-audit-lead")}</p>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">{t!(words, "staff-audit-no")}</th>
                        <th scope="col">{t!(words, "staff-audit-when")}</th>
                        <th scope="col">{t!(words, "staff-audit-who")}</th>
                        <th scope="col">{t!(words, "staff-audit-what")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {older}
        </StaffFrame>
    }
    .into_any()
}

/// What an act is called; a newer program's stays as it is written.
fn act_name(words: &Words, act: &str) -> String {
    let Some(known) = Act::parse(act) else { return act.to_owned() };
    match known {
        Act::SignedIn => t!(words, "staff-act-signed-in"),
        Act::SignedOut => t!(words, "staff-act-signed-out"),
        Act::LinkMade => t!(words, "staff-act-link-made"),
        Act::PasswordSet => t!(words, "staff-act-password-set"),
        Act::SecondFactorSet => t!(words, "staff-act-second-factor-set"),
        Act::SecondFactorRemoved => t!(words, "staff-act-second-factor-removed"),
        Act::RecoveryCodeUsed => t!(words, "staff-act-recovery-code-used"),
        Act::RecoveryCodesMade => t!(words, "staff-act-recovery-codes-made"),
        Act::SessionEnded => t!(words, "staff-act-session-ended"),
        Act::StaffAdded => t!(words, "staff-act-staff-added"),
        Act::StaffChanged => t!(words, "staff-act-staff-changed"),
        Act::StaffClosed => t!(words, "staff-act-staff-closed"),
        Act::StaffOpened => t!(words, "staff-act-staff-opened"),
        Act::ClassMade => t!(words, "staff-act-class-made"),
        Act::ClassChanged => t!(words, "staff-act-class-changed"),
        Act::ClassClosed => t!(words, "staff-act-class-closed"),
        Act::CodeReplaced => t!(words, "staff-act-code-replaced"),
        Act::RosterSeen => t!(words, "staff-act-roster-seen"),
        Act::RosterChanged => t!(words, "staff-act-roster-changed"),
        Act::ConsentRecorded => t!(words, "staff-act-consent-recorded"),
        Act::LearnerMoved => t!(words, "staff-act-learner-moved"),
        Act::RecordsMerged => t!(words, "staff-act-records-merged"),
        Act::CardMade => t!(words, "staff-act-card-made"),
        Act::Exported => t!(words, "staff-act-exported"),
    }
}
