//! The phone in the page: every screen of a simulator, drawn.

use super::fields;
use crate::{t, ui::Icon, words::Words};
use domain::practice::{By, Field, FieldKind, Look, MoveWords, Part, Scenario, Screen, ScreenWords, Text, shown_value};
use fast_qr::{ECL, QRBuilder};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What was typed so far, by screen: digits.
pub type Typed = BTreeMap<u8, String>;

/// What is shown of the phone now.
#[derive(Clone, Copy)]
pub struct Now {
    pub screen: Option<u8>,
    /// The move that is pointed out.
    pub next: Option<u8>,
}

/// The phone with all its screens; only the one that is now can be seen.
pub fn phone(words: &Words, scenario: &Scenario, typed: &Typed, now: Now) -> AnyView {
    let screens = (0u8..).zip(scenario.screens.iter().zip(&scenario.machine.screens)).map(|(place, (said, screen))| {
        let is_now = now.screen == Some(place);
        let next = now.next.filter(|_| is_now);
        view! {
            <section class="screen" data-app=said.app.as_str() data-screen=place hidden=!is_now lang="vi">
                <h2 class="bar" tabindex="-1">{said.title.clone()}</h2>
                <div class="glass">
                    {said.parts.iter().map(|part| piece(scenario, typed, part)).collect_view()}
                    {moves(words, typed, place, said, screen, next)}
                </div>
            </section>
        }
    });
    let screens = screens.collect_view();
    view! {
        <div class="phone">
            <p class="status" aria-hidden="true">
                <span>"7:30"</span>
                <b>"MẪU · KHÔNG CÓ THẬT"</b>
            </p>
            {screens}
        </div>
    }
    .into_any()
}

/// A text with what was typed in it.
fn text(scenario: &Scenario, typed: &Typed, pieces: &[Text]) -> AnyView {
    let one = |piece: &Text| match piece {
        Text::Words(words) => words.clone().into_any(),
        Text::Typed(screen) => {
            let kind = field_kind(scenario, *screen);
            let value = typed.get(screen).map(|digits| shown_value(kind, digits)).unwrap_or_default();
            view! { <span class="num" data-value=*screen>{value}</span> }.into_any()
        }
    };
    pieces.iter().map(one).collect_view().into_any()
}

fn field_kind(scenario: &Scenario, screen: u8) -> FieldKind {
    let field = scenario.screens.get(usize::from(screen)).and_then(|screen| screen.field.as_ref());
    field.map_or(FieldKind::Digits, |field| field.kind)
}

fn piece(scenario: &Scenario, typed: &Typed, part: &Part) -> AnyView {
    match part {
        Part::Words(pieces) => view! { <p>{text(scenario, typed, pieces)}</p> }.into_any(),
        Part::Big(pieces) => view! { <p class="big num">{text(scenario, typed, pieces)}</p> }.into_any(),
        Part::Rows(rows) => {
            let rows = rows.iter().map(|(name, value)| {
                view! {
                    <div>
                        <dt>{name.clone()}</dt>
                        <dd>{text(scenario, typed, value)}</dd>
                    </div>
                }
            });
            view! { <dl class="rows">{rows.collect_view()}</dl> }.into_any()
        }
        Part::Notice(said) => view! { <p class="flag">{said.clone()}</p> }.into_any(),
        Part::Bubble(said) => view! { <p class="bubble">{said.clone()}</p> }.into_any(),
        Part::Mine(said) => view! { <p class="bubble mine">{said.clone()}</p> }.into_any(),
        Part::Caller(name) => view! {
            <p class="caller">
                <i aria-hidden="true">{initial(name)}</i>
                {name.clone()}
            </p>
        }
        .into_any(),
        Part::Qr(payload) => code(payload),
    }
}

/// A letter for a round picture: of a person's given name, which stands last; of a number nobody knows, of what it is called.
fn initial(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name);
    let mut letters =
        name.split_whitespace().filter_map(|word| word.chars().next()).filter(|letter| letter.is_alphabetic());
    letters.next_back().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default()
}

/// A letter for an application: its first.
fn first_letter(name: &str) -> String {
    name.chars().take(1).collect()
}

/// The code as one path of its dark squares, with the word that it is none across it. What it says cannot be paid
/// (`domain::practice::practice_code`).
fn code(payload: &str) -> AnyView {
    // Four squares of white around it, as the standard asks (ISO/IEC 18004), so that it looks like one.
    const QUIET: usize = 4;
    let Ok(drawn) = QRBuilder::new(payload).ecl(ECL::M).build() else { return ().into_any() };
    let size = drawn.size;
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let long = drawn[y][x..size].iter().take_while(|square| square.value()).count();
            if long > 0 {
                path.push_str(&format!("M{} {}h{long}v1h-{long}z", x + QUIET, y + QUIET));
            }
            x += long.max(1);
        }
    }
    let side = size + 2 * QUIET;
    let view_box = format!("0 0 {side} {side}");
    view! {
        <div class="code">
            <svg viewBox=view_box role="img" aria-label="Mã QR mẫu" shape-rendering="crispEdges">
                <path d=path></path>
            </svg>
            <b>"MẪU"</b>
        </div>
    }
    .into_any()
}

fn moves(words: &Words, typed: &Typed, place: u8, said: &ScreenWords, screen: &Screen, next: Option<u8>) -> AnyView {
    let is_typed = |at: u8| screen.moves.get(usize::from(at)).is_some_and(|made| matches!(made.by, By::Typed(_)));
    let field = said.field.as_ref().map(|field| field_view(typed, place, field, next.is_some_and(is_typed)));
    let all = (0u8..).zip(said.moves.iter().zip(&screen.moves));
    let buttons = all.clone().filter_map(|(at, (said, made))| match made.by {
        By::Tap => Some(button(place, at, said, next == Some(at))),
        By::Typed(_) => None,
        By::Wait(seconds) => Some(
            view! {
                <button
                    class="wait"
                    class:point=next == Some(at)
                    name=fields::MOVE
                    value=fields::move_value(place, at)
                    data-wait=seconds
                    lang=words.locale.code()
                >
                    {t!(words, "practice-wait")}
                </button>
            }
            .into_any(),
        ),
    });
    let calls = |look: Look| matches!(look, Look::Answer | Look::HangUp);
    let is_call = said.moves.iter().any(|made| calls(made.look));
    let tiles = said.moves.iter().any(|made| made.look == Look::Tile);
    view! {
        {field}
        <div class="moves" class:ringing=is_call class:tiles=tiles>
            {buttons.collect_view()}
        </div>
    }
    .into_any()
}

fn button(screen: u8, at: u8, said: &MoveWords, point: bool) -> AnyView {
    let icon = match said.look {
        Look::Answer => Some("answer"),
        Look::HangUp => Some("hang-up"),
        Look::Row => Some("next"),
        _ => None,
    };
    let tile = (said.look == Look::Tile).then(|| view! { <i aria-hidden="true">{first_letter(&said.label)}</i> });
    view! {
        <button class=said.look.as_str() class:point=point name=fields::MOVE value=fields::move_value(screen, at)>
            {tile}
            <span>{said.label.clone()}</span>
            {icon.map(|name| view! { <Icon name/> })}
        </button>
    }
    .into_any()
}

fn field_view(typed: &Typed, screen: u8, field: &Field, point: bool) -> AnyView {
    let id = fields::typed(screen);
    view! {
        <div class="type">
            <label for=id.clone()>{field.label.clone()}</label>
            <input
                id=id.clone()
                name=id
                class=field.kind.as_str()
                class:point=point
                inputmode="numeric"
                autocomplete="off"
                maxlength=domain::practice::TYPED_LETTERS_MAX
                data-kind=field.kind.as_str()
                value=typed.get(&screen).cloned()
            />
            <button class="main" class:point=point name=fields::TYPE value=screen>{field.button.clone()}</button>
        </div>
    }
    .into_any()
}
