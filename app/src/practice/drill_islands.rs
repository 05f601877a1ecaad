//! A scam drill on the phone: the cases are drawn from the book in the page, and nothing leaves the phone.

use super::{
    fields,
    islands::{body, pressed, seconds_since, set_field, show_thanks, value},
};
use crate::dom::{all, document, keep};
use domain::{
    practice::{Answers, Book, DrawnCase, Drill, Held, Line, RULES, Response, Seen, Truth, lines},
    sync::What,
};
use leptos::{ev::SubmitEvent, prelude::*};
use web_sys::{Element, HtmlElement, HtmlFormElement};

#[island]
pub fn DrillForm(children: Children) -> impl IntoView {
    let last = StoredValue::new(0.0);
    let submit = move |event: SubmitEvent| {
        let Some((form, name, value)) = pressed(&event) else { return };
        // A page that came in the middle of a drill has no book: it goes on by the server.
        let Some(book) = book() else { return };
        let seconds = seconds_since(last, &event);
        match name.as_str() {
            fields::BEGIN => go(&form, &book, new_seed(), &Answers::default()),
            fields::ANSWER => {
                let Some((seed, answers)) = state(&form) else { return };
                let Some(response) = value.chars().next().and_then(Response::from_letter) else { return };
                go(&form, &book, seed, &fields::with(&answers, response, seconds));
            }
            fields::HELD => finish(&form, &value),
            _ => return,
        }
        event.prevent_default();
    };
    view! { <div class="lesson-island" role="main" on:submit=submit>{children()}</div> }
}

/// All cases there are, from the page.
fn book() -> Option<Book> {
    all(&body(), "[data-book]").first()?.text_content()?.parse().ok()
}

fn new_seed() -> u32 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u32
}

fn state(form: &Element) -> Option<(u32, Answers)> {
    Some((value(form, fields::SEED).parse().ok()?, value(form, fields::ANSWERS).parse().ok()?))
}

/// Shows what follows from seed and answers; answers that are not possible change nothing.
fn go(form: &HtmlFormElement, book: &Book, seed: u32, answers: &Answers) {
    let drill = Drill::new(book, seed);
    let Ok(seen) = drill.see(answers) else { return };
    set_field(form, fields::SEED, &seed.to_string());
    set_field(form, fields::ANSWERS, &answers.to_string());
    hide(form, "[data-intro]", true);
    let case = drill.cases.get(seen.case);
    hide(form, "[data-desk]", case.is_none());
    hide(form, "[data-end]", case.is_some());
    match case {
        Some(case) => {
            show_case(form, book, case, &seen);
            number(form, "case", &(seen.case + 1).to_string());
        }
        None => show_end(form, &seen),
    }
}

fn hide(form: &Element, selector: &str, hidden: bool) {
    all(form, selector).iter().for_each(|part| part.set_hidden(hidden));
}

/// Of all parts that have this attribute shows the one with this value.
fn only(form: &Element, attribute: &str, value: Option<&str>) {
    for part in all(form, &format!("[{attribute}]")) {
        part.set_hidden(value.is_none() || part.get_attribute(attribute).as_deref() != value);
    }
}

fn number(form: &Element, name: &str, number: &str) {
    all(form, &format!("[data-n={name}]")).iter().for_each(|place| place.set_text_content(Some(number)));
}

fn show_case(form: &Element, book: &Book, case: &DrawnCase, seen: &Seen) {
    let channel = Some(case.channel.as_str());
    only(form, "data-channel", channel);
    only(form, "data-answers", channel.filter(|_| seen.outcome.is_none()));
    let goes_on = fields::goes_on(seen, case.turns.len());
    hide(form, "[data-on]", !goes_on);
    hide(form, "[data-last]", goes_on);
    hide(form, &format!("[data-answers] [value={}]", Response::Ask.letter()), !seen.may_ask(case));
    hide(form, "[data-over]", seen.outcome.is_none());
    let verdict = seen.outcome.map(|outcome| fields::verdict(case.of, outcome));
    only(form, "data-verdict", verdict.as_deref());
    all(form, "[data-advice]").iter().for_each(|place| place.set_text_content(Some(book.advice(case))));
    if let Some(place) = all(form, "[data-lines]").first() {
        tell(form, place, book, case, seen);
    }
    if let Some(head) = all(form, "[data-head]").first() {
        let _ = head.focus();
    }
}

/// Writes the lines of a case.
fn tell(form: &Element, place: &HtmlElement, book: &Book, case: &DrawnCase, seen: &Seen) {
    place.set_text_content(None);
    let said = |name: &str| form.get_attribute(name).unwrap_or_default();
    for line in lines(case, seen) {
        match line {
            Line::From(from) => add(place, "p", "caller", from),
            Line::Asked => add(place, "p", "bubble mine", &said("data-asked")),
            Line::Unheard => add(place, "p", "unheard", &said("data-unheard")),
            Line::They(they) => {
                add(place, "p", "bubble", &they.text);
                book.sign(case, they).filter(|_| seen.outcome.is_some()).and_then(|sign| {
                    let clue = add(place, "p", if sign.of == Truth::Scam { "clue scam" } else { "clue genuine" }, "")?;
                    add(&clue, "b", "", &sign.name)?;
                    clue.append_with_str_1(&format!(" {}", sign.why)).ok()?;
                    Some(clue)
                })
            }
        };
    }
    // What is new stands at the end; what is over is looked at from the beginning.
    place.set_scroll_top(if seen.outcome.is_some() { 0 } else { place.scroll_height() });
}

fn add(place: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    place.append_child(&element).ok()?;
    Some(element)
}

fn show_end(form: &Element, seen: &Seen) {
    for (name, value) in fields::drill_numbers(&seen.score) {
        number(form, name, &value);
    }
    only(form, "data-result", Some(fields::drill_result(&seen.score)));
    show_thanks(form, false);
    if let Some(end) = all(form, "[data-end]").first() {
        let _ = end.focus();
    }
}

fn finish(form: &HtmlFormElement, held: &str) {
    let carried = || {
        let (seed, answers) = state(form)?;
        let version = value(form, fields::VERSION).parse().ok()?;
        let held = Held::parse(held)?;
        let book = book()?;
        let noted = fields::noted(&book, seed, held, &answers);
        Some((What::DrillFinished { version, rules: RULES, seed, held, answers }, noted))
    };
    let Some((what, noted)) = carried() else { return show_thanks(form, true) };
    let form = form.clone();
    keep(&what, &noted, move || show_thanks(&form, true));
}
