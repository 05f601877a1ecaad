//! The learner card: making one, making it void, and showing one to this phone.

use super::card_pages::{BroughtPage, CardForm, CardPage, MyCardPage};
use crate::{
    error::AppError,
    house::{House, see_other, with_cookies},
    paths::{self, Page},
    sync::{self, Address, FormValues},
    t,
    viewer::{Viewer, learner_cookie},
    words::Words,
};
use axum::{Extension, Router, extract::State, http::StatusCode, response::Response, routing::post};
use domain::accounts::{CODE_LENGTH, CardCode, CardFault, RANDOM_BYTES};
use leptos::prelude::*;
use store::Brought;

/// Cards shown from one address in an hour: a class of thirty with two slips of the finger each. Nobody guesses one of 2⁸⁶
/// codes; this keeps those who try from being a load.
const SHOWN_PER_ADDRESS_MAX: u32 = 100;
/// The same from everywhere: the cards of a whole market day.
const SHOWN_MAX: u32 = 5_000;

pub fn routes() -> Router<House> {
    let mine = paths::MINE;
    let card = paths::CARD;
    Router::new()
        .route(&format!("/{card}"), post(bring))
        .route(&format!("/{mine}/{card}"), post(make).get(to_mine))
        .route(&format!("/{mine}/{card}/{}", paths::VOID), post(void).get(to_mine))
}

async fn to_mine(Extension(viewer): Extension<Viewer>) -> Response {
    see_other(&Page::Mine.path(viewer.locale), [])
}

/// Makes a card for the learner; an earlier one is void from then on. A phone whose learner is not counted gets a card that opens
/// what is locked there, and nothing else: nothing of it is stored here.
async fn make(State(house): State<House>, Extension(viewer): Extension<Viewer>) -> Response {
    let (Some(credentials), Some(code)) = (viewer.credentials.clone(), draw()) else {
        return see_other(&Page::Consent.path(viewer.locale), []);
    };
    match house.store.make_card(&credentials, &code, viewer.now).await {
        Ok(false) if !viewer.by_bearer => see_other(&Page::Consent.path(viewer.locale), []),
        Ok(travels) => {
            house.answer(viewer, StatusCode::OK, move || view! { <MyCardPage code=code.clone() travels/> }).await
        }
        Err(error) => AppError::from(error).page(&house, viewer).await,
    }
}

fn draw() -> Option<CardCode> {
    let mut bytes = [0; RANDOM_BYTES];
    getrandom::fill(&mut bytes).ok()?;
    CardCode::from_random(&bytes)
}

async fn void(State(house): State<House>, Extension(viewer): Extension<Viewer>) -> Response {
    let Some(credentials) = &viewer.credentials else { return to_mine(Extension(viewer)).await };
    match house.store.void_card(credentials).await {
        Ok(_) => see_other(&Page::Mine.path(viewer.locale), []),
        Err(error) => AppError::from(error).page(&house, viewer).await,
    }
}

/// A card is shown to this phone: from now on it is one more phone of the card's owner.
async fn bring(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Extension(address): Extension<Address>,
    form: FormValues,
) -> Response {
    let words = Words::from(viewer.locale);
    let same = form.first("same");
    let mut filled = CardForm { code: form.first("code"), same: same.clone(), fault: None, asks: !same.is_empty() };
    let code = match filled.code.parse::<CardCode>() {
        Ok(code) => code,
        Err(fault) => {
            filled.fault = Some(said(&words, fault));
            return again(&house, viewer, filled).await;
        }
    };
    let bucket = format!("card:{}", house.hash_address(&address.0));
    let allowed = match house.store.allow(&bucket, SHOWN_PER_ADDRESS_MAX, viewer.now).await {
        Ok(true) => house.store.allow("card", SHOWN_MAX, viewer.now).await,
        other => other,
    };
    match allowed {
        Ok(true) => {}
        Ok(false) => {
            filled.fault = Some(t!(words, "accounts-card-too-often"));
            return house
                .answer(viewer, StatusCode::TOO_MANY_REQUESTS, move || view! { <CardPage form=filled.clone()/> })
                .await;
        }
        Err(error) => return AppError::from(error).page(&house, viewer).await,
    }
    // A phone without JavaScript that nobody uses yet gets an id of its own.
    let Some(phone) = viewer.credentials.clone().or_else(|| sync::new_credentials().ok()) else {
        return house.answer(viewer, StatusCode::SERVICE_UNAVAILABLE, || view! { <crate::error::Broken/> }).await;
    };
    match house.store.bring(&code, &phone, same == "yes", viewer.now).await {
        Ok(Brought::Joined | Brought::Merged | Brought::Already) => {
            let cookie = (!viewer.by_bearer).then(|| learner_cookie(&phone));
            let page = house.answer(viewer, StatusCode::OK, || view! { <BroughtPage/> }).await;
            with_cookies(page, cookie)
        }
        Ok(Brought::NoSuchCard) => {
            filled.fault = Some(t!(words, "accounts-card-none"));
            again(&house, viewer, filled).await
        }
        Ok(Brought::SomebodyElse) => {
            filled.asks = true;
            filled.fault = Some(t!(words, "accounts-card-whose"));
            again(&house, viewer, filled).await
        }
        Err(error) => AppError::from(error).page(&house, viewer).await,
    }
}

async fn again(house: &House, viewer: Viewer, form: CardForm) -> Response {
    house.answer(viewer, StatusCode::UNPROCESSABLE_ENTITY, move || view! { <CardPage form=form.clone()/> }).await
}

fn said(words: &Words, fault: CardFault) -> String {
    match fault {
        CardFault::Length(count) => {
            t!(words, "accounts-card-length", count = count as u64, all = CODE_LENGTH as u64)
        }
        CardFault::Symbol(symbol) => t!(words, "accounts-card-symbol", symbol = symbol.to_string()),
        CardFault::Check => t!(words, "accounts-card-check"),
    }
}
