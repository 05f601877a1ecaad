//! The commune picker: suggestions while typing, with the same search as the server's.

use crate::dom::{all, document};
use domain::places::{QUERY_LETTERS_MIN, Unit, UnitKind, Via, fold, search};
use leptos::{ev::Event, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlInputElement};

/// What the field carries for the island: the units, and sentences with `{name}` in their gap.
pub(crate) mod attributes {
    pub const UNITS: &str = "data-units";
    pub const NONE: &str = "data-none";
    pub const WAS_IN: &str = "data-was-in";
    pub const FORMERLY: &str = "data-formerly";
}

/// Units as one text: a line each, `code|name|district|old name|…`. Names have neither lines nor bars.
pub fn units_to_text<'a>(units: impl Iterator<Item = &'a Unit>) -> String {
    let mut text = String::new();
    for unit in units {
        text.extend([unit.code.as_str(), "|", &unit.name, "|", &unit.former_district]);
        for old in unit.predecessors.iter().filter(|old| **old != unit.name) {
            text.extend(["|", old]);
        }
        text.push('\n');
    }
    text
}

/// The units in a text, as far as the search looks at them.
fn units_of(text: &str) -> Vec<Unit> {
    text.lines().filter_map(unit_of).collect()
}

fn unit_of(line: &str) -> Option<Unit> {
    let mut parts = line.split('|').map(str::to_owned);
    Some(Unit {
        code: parts.next()?.parse().ok()?,
        name: parts.next()?,
        short_name: String::new(),
        kind: UnitKind::Commune,
        former_district: parts.next()?,
        predecessors: parts.collect(),
        population: 0,
        adults: 0,
        valid_from: Default::default(),
        valid_to: None,
        border: false,
        adults_source: None,
        estimated: false,
        tile: (0, 0),
    })
}

/// What a suggestion says under the name: where it was, or which old unit is in it now.
pub fn about(unit: &Unit, via: &Via, was_in: &str, formerly: &str) -> String {
    match via {
        Via::Predecessor(old) => formerly.replace("{name}", old),
        Via::Name | Via::District(_) => was_in.replace("{name}", &unit.former_district),
    }
}

/// Suggests while somebody types into the field `#place`. Without JavaScript the button beside it asks the server, which
/// gives the same cards. It has no props: what it needs stands in the page, and the phone loads no code for reading props.
#[island]
pub fn PlaceField(children: Children) -> impl IntoView {
    let suggest = move |event: Event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        // Choosing a card is an input too.
        if let Some(field) = field.filter(|field| field.id() == "place") {
            show(&field);
        }
    };
    view! { <div on:input=suggest>{children()}</div> }
}

/// Puts a card for each hit where the suggestions stand, made from the page's own template.
fn show(field: &HtmlInputElement) {
    let Some(list) = document().get_element_by_id("place-cards") else { return };
    let Some(template) = document().get_element_by_id("place-card") else { return };
    let carried = |name: &str| field.get_attribute(name).unwrap_or_default();
    let (units, typed) = (units_of(&carried(attributes::UNITS)), field.value());
    let (was_in, formerly) = (carried(attributes::WAS_IN), carried(attributes::FORMERLY));
    let hits = search(&units, &typed);
    list.set_text_content(None);
    for hit in &hits {
        let Some(card) = template.clone_node_with_deep(true).ok().and_then(|card| card.dyn_into::<Element>().ok())
        else {
            continue;
        };
        let _ = card.remove_attribute("id");
        let _ = card.remove_attribute("hidden");
        let fill = |selector: &str, text: &str| {
            for part in all(&card, selector) {
                part.set_text_content(Some(text));
            }
        };
        fill("b", &hit.unit.name);
        fill("small", &about(hit.unit, &hit.via, &was_in, &formerly));
        for choice in all(&card, "input") {
            let _ = choice.set_attribute("value", hit.unit.code.as_str());
            let _ = choice.remove_attribute("disabled");
        }
        let _ = list.append_child(&card);
    }
    if hits.is_empty() && fold(&typed).len() >= QUERY_LETTERS_MIN {
        list.set_text_content(Some(&carried(attributes::NONE)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_travel_as_text() {
        let unit = Unit {
            predecessors: vec!["Xã Phổng Lập".to_owned()],
            ..unit_of("03727|Xã Mường É|Huyện Thuận Châu").unwrap_or_else(|| unreachable!())
        };
        assert_eq!(units_of(&units_to_text([unit.clone()].iter())), [unit]);
        assert_eq!(units_of("nonsense\n\n1|2"), []);
    }
}
