//! Cards that let people in: a sheet of A4 to cut up.

use super::{
    class_of,
    room_pages::{ClassNav, join_address},
};
use crate::{
    accounts::staff::{frame::StaffFrame, gate},
    error::{AppError, NotFound},
    house::{House, house, viewer, words},
    paths::Page,
    t,
    ui::qr_path,
    words::Locale,
};
use domain::{accounts::staff::Right, classes::Class};
use leptos::prelude::*;
use leptos_meta::Title;

/// Cards on a sheet: two columns of five, each some 9 × 5 cm.
const CARDS: usize = 10;

#[component]
pub fn JoinCardsRoute() -> impl IntoView {
    let session = match gate::staff(Right::Teach) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        let Some(id) = class_of(&viewer.path) else { return view! { <NotFound/> }.into_any() };
        match house.store.class(session.staff.id, id).await {
            Ok(Some(class)) => sheet(&house, class),
            Ok(None) => view! { <NotFound/> }.into_any(),
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

fn sheet(house: &House, class: Class) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let id = class.id.to_string();
    let code = class.code.filter(|(_, until)| *until > viewer.now && class.closed_at.is_none()).map(|(code, _)| code);
    let Some(code) = code else {
        return view! {
            <Title text=t!(words, "classes-nav-cards")/>
            <StaffFrame wide=true>
                <ClassNav class=class.clone()/>
                <p class="notice">{t!(words, "classes-cards-none")}</p>
                <p class="gap"><a class="btn" href=Page::Class(&id).path(viewer.locale)>{t!(words, "classes-nav-now")}</a></p>
            </StaffFrame>
        }
        .into_any();
    };
    let drawn = qr_path(&join_address(house, code.as_str()));
    let short = house.public_url.trim_start_matches("https://").trim_start_matches("http://").to_owned();
    let address = format!("{short}{}", Page::Join.path(Locale::Vi));
    let cards = (0..CARDS).map(|_| {
        let qr = drawn.clone().map(|(side, path)| {
            view! {
                <svg class="qr" viewBox=format!("0 0 {side} {side}") aria-hidden="true">
                    <path fill="#fff" d=format!("M0 0h{side}v{side}H0z")></path>
                    <path fill="#1D2233" d=path></path>
                </svg>
            }
        });
        view! {
            <li lang="vi">
                {qr}
                <div>
                    <b>{class.name.clone()}</b>
                    <p class="small">{class.place.clone()}</p>
                    <p class="join-code num">{code.to_string()}</p>
                    <p class="small">{address.clone()}</p>
                </div>
            </li>
        }
    });
    let cards = cards.collect_view();
    view! {
        <Title text=t!(words, "classes-nav-cards")/>
        <StaffFrame wide=true>
            <div class="no-print">
                <ClassNav class=class.clone()/>
                <p class="lead">{t!(words, "classes-cards-how")}</p>
                <p class="gap">{t!(words, "classes-cards-print")}</p>
            </div>
            <ul class="cut">{cards}</ul>
        </StaffFrame>
    }
    .into_any()
}
