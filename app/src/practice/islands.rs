//! A simulator on the phone: every screen stands in the page, and the island shows the one that follows from the trail.
//!
//! The form is the truth: how one practises, the trail and what was typed stand in its fields, whoever put them there. Nothing
//! leaves the phone; a finished run is handed to `app.js`.

use super::fields::{self, asked_for, has_field, strip_keys};
use crate::dom::{all, document, keep};
use domain::{
    practice::{
        Act, FieldKind, Held, Machine, Mode, RULES, RunFault, Shown, Trail, rehearse, show, shown_value, typed_value,
    },
    sync::{Noted, Pass, What},
};
use leptos::{ev::SubmitEvent, prelude::*, wasm_bindgen::JsCast};
use std::time::Duration;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement};

pub use super::drill_islands::DrillForm;

/// As the lesson's, it has no props: what it needs stands in the page.
#[island]
pub fn PracticeForm(children: Children) -> impl IntoView {
    // When the last act was, in milliseconds since the page was opened.
    let last = StoredValue::new(0.0);
    let submit = move |event: SubmitEvent| {
        let Some((form, name, value)) = pressed(&event) else { return };
        let seconds = seconds_since(last, &event);
        match name.as_str() {
            fields::BEGIN | fields::AGAIN => {
                let mode = if name == fields::BEGIN { value.as_str() } else { "" };
                for input in all(&form, "[data-kind]") {
                    set_value(&input, "");
                }
                go(&form, mode, &Trail::default(), None);
            }
            fields::HINT => make(&form, Act::Hint, seconds, None),
            fields::MOVE => {
                let Some((_, place)) = fields::read_move(&value) else { return };
                make(&form, Act::Move(place), seconds, None);
            }
            fields::TYPE => {
                let Ok(screen) = value.parse() else { return };
                let typed = typed_in(&form, screen).and_then(|typed| machine(&form)?.typed(screen, &typed));
                make(&form, typed.map_or(Act::Slip, Act::Move), seconds, None);
            }
            fields::HELD => finish(&form, &value),
            _ => return,
        }
        event.prevent_default();
    };
    let touch = move |event: leptos::ev::MouseEvent| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let inside = |selector| target.closest(selector).ok().flatten();
        if inside(".screen").is_some()
            && inside("button, input, label").is_none()
            && let Some(form) = inside("form").and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        {
            make(&form, Act::Slip, seconds_since(last, &event), Some(fields::SLIP));
        }
    };
    view! { <div class="lesson-island" role="main" on:submit=submit on:click=touch>{children()}</div> }
}

pub(super) fn body() -> Element {
    document().document_element().unwrap_or_else(|| unreachable!("a page has a root"))
}

/// The form, and name and value of the button that was pressed.
pub(super) fn pressed(event: &SubmitEvent) -> Option<(HtmlFormElement, String, String)> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let button = event.submitter()?.dyn_into::<Element>().ok()?;
    Some((form, button.get_attribute("name")?, button.get_attribute("value").unwrap_or_default()))
}

pub(super) fn seconds_since(last: StoredValue<f64>, event: &Event) -> u16 {
    let now = event.time_stamp();
    let seconds = (now - last.get_value()) / 1000.0;
    last.set_value(now);
    seconds as u16
}

fn input(form: &Element, selector: &str) -> Option<HtmlInputElement> {
    form.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// What a field of the form holds.
pub(super) fn value(form: &Element, name: &str) -> String {
    input(form, &format!("[name={name}]")).map(|input| input.value()).unwrap_or_default()
}

pub(super) fn set_field(form: &Element, name: &str, value: &str) {
    if let Some(input) = input(form, &format!("[name={name}]")) {
        input.set_value(value);
    }
}

fn set_value(input: &Element, value: &str) {
    if let Some(input) = input.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    }
}

fn machine(form: &Element) -> Option<Machine> {
    form.get_attribute("data-machine")?.parse().ok()
}

/// The digits in the field of a screen, and what kind of field it is.
fn digits_in(form: &Element, screen: u8) -> Option<(FieldKind, String)> {
    let input = input(form, &format!("[name={}]", fields::typed(screen)))?;
    let kind = FieldKind::parse(&input.get_attribute("data-kind")?)?;
    Some((kind, typed_value(kind, &input.value())))
}

fn typed_in(form: &Element, screen: u8) -> Option<String> {
    digits_in(form, screen).map(|(_, digits)| digits)
}

/// One act; what is not possible here does nothing.
fn make(form: &HtmlFormElement, act: Act, seconds: u16, said: Option<&str>) {
    let mode = value(form, fields::MODE);
    let Ok(mut trail) = value(form, fields::TRAIL).parse::<Trail>() else { return };
    let said = if trail.push(act, seconds).is_err() { Some(fields::FULL) } else { said };
    go(form, &mode, &trail, said);
}

/// Shows what follows from a trail, and keeps it in the form; a trail that is not possible changes nothing.
fn go(form: &HtmlFormElement, mode: &str, trail: &Trail, said: Option<&str>) {
    let Some(machine) = machine(form) else { return };
    let chosen = Mode::from_word(mode);
    let shown = chosen.and_then(|mode| show(&machine, mode, trail).ok());
    if chosen.is_some() && shown.is_none() {
        return;
    }
    set_field(form, fields::MODE, mode);
    set_field(form, fields::TRAIL, &trail.to_string());
    let hide = |selector: &str, hidden: bool| all(form, selector).iter().for_each(|part| part.set_hidden(hidden));
    hide("[data-intro]", shown.is_some());
    hide("[data-desk]", shown.is_none());
    let is_end = shown.is_some_and(|shown| shown.is_end);
    hide("[data-end]", !is_end);
    show_thanks(form, false);
    let Some((mode, shown)) = chosen.zip(shown) else {
        focus(form, "h1");
        return;
    };
    show_screen(form, &machine, mode, &shown, said);
    if is_end {
        show_end(form, &machine, mode, trail);
    }
    if trail.acts().last().is_none_or(|timed| matches!(timed.act, Act::Move(_))) {
        focus(form, ".screen:not([hidden]) .bar");
    }
    wait(form);
}

fn show_screen(form: &Element, machine: &Machine, mode: Mode, shown: &Shown, said: Option<&str>) {
    let here = shown.state.screen;
    let is = |part: &Element, name: &str, wanted: u8| part.get_attribute(name) == Some(wanted.to_string());
    for screen in all(form, ".screen") {
        screen.set_hidden(!is(&screen, "data-screen", here));
    }
    let keys = match said {
        Some(said) => vec![said.to_owned()],
        None => strip_keys(shown, has_field(machine, here)),
    };
    for line in all(form, "[data-key]") {
        line.set_hidden(!line.get_attribute("data-key").is_some_and(|key| keys.contains(&key)));
    }
    let asked = asked_for(mode, shown);
    for ask in all(form, "[data-ask-for]") {
        ask.set_hidden(!asked.is_some_and(|kind| is(&ask, "data-ask-for", kind)));
    }
    for output in all(form, "[data-value]") {
        let screen = output.get_attribute("data-value").and_then(|screen| screen.parse().ok());
        let shown = screen.and_then(|screen| digits_in(form, screen)).map(|(kind, digits)| shown_value(kind, &digits));
        output.set_text_content(shown.as_deref());
    }
    let guided = mode == Mode::Guided;
    all(form, "[data-hint]").iter().for_each(|hint| hint.set_hidden(guided));
    for pointed in all(form, ".point") {
        let _ = pointed.class_list().remove_1("point");
    }
    let Some(next) = shown.next else { return };
    let of_field = format!("[data-screen=\"{here}\"] .type input, [data-screen=\"{here}\"] .type button");
    let of_button = format!("[value=\"{}\"]", fields::move_value(here, next));
    for selector in [&of_button, &of_field] {
        let found = all(form, selector);
        for part in &found {
            let _ = part.class_list().add_1("point");
        }
        if let Some(last) = found.last() {
            last.scroll_into_view_with_bool(false);
            break;
        }
    }
}

fn show_end(form: &Element, machine: &Machine, mode: Mode, trail: &Trail) {
    let run = rehearse(machine, RULES, mode, trail);
    let hide = |selector: &str, hidden: bool| all(form, selector).iter().for_each(|part| part.set_hidden(hidden));
    hide("[data-not-made]", run != Err(RunFault::Unfinished));
    hide("[data-made]", run.is_err());
    let Ok(run) = run else { return };
    for verdict in all(form, "[data-passed]") {
        verdict.set_hidden(verdict.get_attribute("data-passed").as_deref() != Some(run.passed.as_str()));
    }
    let numbers = [
        ("mistakes", run.mistakes),
        ("recovered", run.recovered),
        ("wrong-taps", run.wrong_taps),
        ("hints", run.hints),
    ];
    for (name, number) in numbers {
        for place in all(form, &format!("[data-n={name}]")) {
            place.set_text_content(Some(&number.to_string()));
        }
    }
}

/// Goes on by itself after the seconds that a screen says, unless somebody was quicker.
fn wait(form: &HtmlFormElement) {
    let Some(button) = all(form, ".screen:not([hidden]) [data-wait]").into_iter().next() else { return };
    let seconds = button.get_attribute("data-wait").and_then(|seconds| seconds.parse().ok()).unwrap_or_default();
    let (form, before) = (form.clone(), value(form, fields::TRAIL));
    let again = move || {
        if value(&form, fields::TRAIL) == before && !button.closest("[hidden]").is_ok_and(|hidden| hidden.is_some()) {
            button.click();
        }
    };
    set_timeout(again, Duration::from_secs(seconds));
}

fn focus(form: &Element, selector: &str) {
    if let Some(head) = all(form, selector).first() {
        let _ = head.focus();
    }
}

/// Who held the phone was said: the run is handed over as its trail, and thanks are shown.
fn finish(form: &HtmlFormElement, held: &str) {
    let carried = || {
        let (mode, held) = (Mode::from_word(&value(form, fields::MODE))?, Held::parse(held)?);
        let trail = value(form, fields::TRAIL).parse().ok()?;
        let run = rehearse(&machine(form)?, RULES, mode, &trail).ok()?;
        let skills = form.get_attribute("data-skills").unwrap_or_default();
        let skills = skills.split(' ').filter_map(|skill| skill.parse().ok()).collect();
        let noted = Noted::practised(Pass::of_run(&run, held), skills);
        let lesson = form.get_attribute("data-practice")?.parse().ok()?;
        let version = value(form, fields::VERSION).parse().ok()?;
        Some((What::PracticeFinished { lesson, version, rules: RULES, mode, held, trail }, noted))
    };
    let Some((what, noted)) = carried() else { return show_thanks(form, true) };
    let form = form.clone();
    keep(&what, &noted, move || show_thanks(&form, true));
}

/// Asks who held the phone, or thanks for having said it.
pub(super) fn show_thanks(form: &Element, said: bool) {
    all(form, "[data-thanks]").iter().for_each(|thanks| thanks.set_hidden(!said));
    all(form, "[data-holders]").iter().for_each(|holders| holders.set_hidden(said));
}
