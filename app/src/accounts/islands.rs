//! The commune picker: suggestions while typing, with the same search as the server's.

use domain::places::{Unit, Via, search};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A unit as the picker needs it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Place {
    pub code: String,
    pub name: String,
    pub district: String,
    pub old: Vec<String>,
}

/// The words the picker says; sentences with a gap are given whole, with `{…}` in the gap.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlaceWords {
    pub label: String,
    pub hint: String,
    pub find: String,
    pub choose: String,
    pub none: String,
    pub was_in: String,
    pub formerly: String,
}

/// The search field with what it found. Without JavaScript the button asks the server, with the same result.
#[island]
pub fn PlaceField(
    places: Vec<Place>,
    words: PlaceWords,
    /// What was typed and what was found, when the page comes back.
    typed: String,
    chosen: String,
    error: String,
) -> impl IntoView {
    let units = StoredValue::new(places.into_iter().filter_map(unit_of).collect::<Vec<Unit>>());
    let (typing, set_typing) = signal(typed.clone());
    let chosen = StoredValue::new(chosen);
    let PlaceWords { label, hint, find, choose, none, was_in, formerly } = words;
    let bad = !error.is_empty();
    let described = if bad { "place-error place-hint" } else { "place-hint" };
    let suggestions = move || {
        let typing = typing.get();
        let found: Vec<(String, String, String)> = units.with_value(|units| {
            search(units, &typing)
                .into_iter()
                .map(|hit| {
                    let before = match &hit.via {
                        Via::Predecessor(old) => formerly.replace("{name}", old),
                        Via::Name | Via::District(_) => was_in.replace("{name}", &hit.unit.former_district),
                    };
                    (hit.unit.code.to_string(), hit.unit.name.clone(), before)
                })
                .collect()
        });
        let nothing = found.is_empty() && domain::places::fold(&typing).len() >= domain::places::QUERY_LETTERS_MIN;
        let cards = found.into_iter().map(|(code, name, before)| {
            let checked = chosen.with_value(|chosen| *chosen == code);
            view! {
                <label class="choice">
                    <input type="radio" name="unit" value=code checked=checked/>
                    <span>{name}<small>{before}</small></span>
                </label>
            }
        });
        let cards = cards.collect_view();
        if nothing { view! { <p class="hint">{none.clone()}</p> }.into_any() } else { cards.into_any() }
    };
    view! {
        <div class="field" class:bad=bad id="place-field">
            <label for="place">{label}</label>
            <p class="hint" id="place-hint">{hint}</p>
            <p class="error" id="place-error" hidden=!bad>{error}</p>
            <div class="find">
                <input
                    id="place"
                    name="place"
                    type="search"
                    autocomplete="off"
                    maxlength="80"
                    aria-describedby=described
                    aria-invalid=bad.then_some("true")
                    value=typed
                    on:input=move |event| set_typing.set(event_target_value(&event))
                />
                <button class="btn" name="find" value="1" formnovalidate="">{find}</button>
            </div>
            <fieldset class="suggest" lang="vi" aria-live="polite">
                <legend class="away">{choose}</legend>
                {suggestions}
            </fieldset>
        </div>
    }
}

/// The unit that the search looks at; only what it is found by matters here.
fn unit_of(place: Place) -> Option<Unit> {
    Some(Unit {
        code: place.code.parse().ok()?,
        short_name: place.name.clone(),
        name: place.name,
        kind: domain::places::UnitKind::Commune,
        former_district: place.district,
        predecessors: place.old,
        population: 0,
        adults: 0,
        valid_from: Default::default(),
        valid_to: None,
        tile: (0, 0),
    })
}
