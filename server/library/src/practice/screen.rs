//! A screen of a simulator: its parts, its field, its moves.

use super::{Around, Places, SENTENCE_WORDS_MAX, TITLE_LETTERS_MAX, plain, said, short};
use crate::{
    form::Form,
    text::{Said, counted},
    unreal,
};
use domain::practice::{
    App, By, Field, FieldKind, Kinds, Look, MOVES_MAX, Mark, Move, MoveWords, Part, Screen, ScreenWords,
    TYPED_LETTERS_MAX, Text, read_code, shown_value,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// People in a conversation talk longer than a lesson does.
const SPOKEN_WORDS_MAX: usize = 16;
/// What fits a button on 360 pixels in two lines.
const BUTTON_LETTERS_MAX: usize = 32;
/// Whoever waits longer believes the phone is broken.
const WAIT_SECONDS_MAX: u8 = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScreen {
    pub(super) id: Option<Spanned<String>>,
    app: Option<Spanned<String>>,
    title: Option<Spanned<String>>,
    say: Option<Spanned<String>>,
    #[serde(default)]
    end: bool,
    #[serde(default)]
    part: Vec<Spanned<RawPart>>,
    pub(super) field: Option<Spanned<RawField>>,
    #[serde(default, rename = "move")]
    moves: Vec<Spanned<RawMove>>,
}

/// Name and text.
type RawRow = (Spanned<String>, Spanned<String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    text: Option<Spanned<String>>,
    big: Option<Spanned<String>>,
    rows: Option<Spanned<Vec<RawRow>>>,
    notice: Option<Spanned<String>>,
    bubble: Option<Spanned<String>>,
    mine: Option<Spanned<String>>,
    caller: Option<Spanned<String>>,
    qr: Option<Spanned<String>>,
    scanned: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub(super) id: Option<Spanned<String>>,
    label: Option<Spanned<String>>,
    kind: Option<Spanned<String>>,
    button: Option<Spanned<String>>,
    no: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMove {
    tap: Option<Spanned<String>>,
    typed: Option<Spanned<String>>,
    wait: Option<Spanned<i64>>,
    look: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
    #[serde(default)]
    right: bool,
    mistake: Option<Spanned<String>>,
    recovery: Option<Spanned<Vec<Spanned<String>>>>,
    why: Option<Spanned<String>>,
    after: Option<Spanned<String>>,
}

pub(super) fn read_screen(
    form: &mut Form<'_, '_>,
    raw: Spanned<RawScreen>,
    around: &mut Around<'_, '_>,
) -> Option<(ScreenWords, Screen)> {
    let start = raw.span().start;
    let raw = raw.into_inner();
    let name = raw.id.as_ref().map_or_else(|| "a screen".to_owned(), |id| format!("screen “{}”", id.get_ref()));
    let mut form = Form { file: form.file, start, owner: &name, faults: form.faults };
    let app = one_of(&mut form, raw.app, "app", App::parse, || App::ALL.iter().map(|app| app.as_str()).collect());
    let title = form.text(raw.title, "title");
    short(&mut form, title.as_ref(), TITLE_LETTERS_MAX);
    let say = said(&mut form, raw.say, "say", SENTENCE_WORDS_MAX, around);
    let parts: Vec<Option<Part>> = raw.part.into_iter().map(|part| read_part(&mut form, part, around)).collect();
    let field = raw.field.map(|field| read_field(&mut form, field, around));
    if raw.end != raw.moves.is_empty() {
        let what = if raw.end { "is an end and has moves" } else { "has no move: where does one go from here?" };
        form.fault(start, format!("{name} {what}"));
    }
    if raw.moves.len() > MOVES_MAX {
        form.fault(start, format!("{name} has {} (at most {MOVES_MAX})", counted(raw.moves.len(), "move")));
    }
    let typed = raw.moves.iter().any(|made| made.get_ref().typed.is_some());
    if field.is_some() != typed {
        let what = if typed { "has a typed move and no field" } else { "has a field and no typed move" };
        form.fault(start, format!("{name} {what}"));
    }
    let moves: Vec<Option<(MoveWords, Move)>> =
        raw.moves.into_iter().map(|made| read_move(&mut form, made, around)).collect();
    let (words, moves) = moves.into_iter().collect::<Option<Vec<_>>>()?.into_iter().unzip();
    let field = match field {
        Some(field) => Some(field?),
        None => None,
    };
    let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
    let id = raw.id?.into_inner();
    Some((ScreenWords { id, app: app?, title: title?.text, say: say?, parts, field, moves: words }, Screen { moves }))
}

/// A value of a list.
fn one_of<T>(
    form: &mut Form<'_, '_>,
    field: Option<Spanned<String>>,
    name: &str,
    parse: fn(&str) -> Option<T>,
    all: fn() -> Vec<&'static str>,
) -> Option<T> {
    let said = form.text(field, name)?;
    let found = parse(&said.text);
    if found.is_none() {
        form.fault(said.start(), format!("`{name}` is “{}” (one of {})", said.text, all().join(", ")));
    }
    found
}

/// A text in which what was typed can appear as `{field}`.
fn with_typed(form: &mut Form<'_, '_>, said: &Said, fields: &Places) -> Vec<Text> {
    unreal::check(form, said);
    let mut pieces = Vec::new();
    let mut rest = said.text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if !before.is_empty() {
            pieces.push(Text::Words(before.to_owned()));
        }
        match fields.get(name) {
            Some(screen) => pieces.push(Text::Typed(*screen)),
            None => form.fault(said.start(), format!("“{{{name}}}” is no field of this simulator")),
        }
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Text::Words(rest.to_owned()));
    }
    pieces
}

fn read_part(form: &mut Form<'_, '_>, raw: Spanned<RawPart>, around: &mut Around<'_, '_>) -> Option<Part> {
    let start = raw.span().start;
    let mut form = Form { file: form.file, start, owner: "a part", faults: form.faults };
    let RawPart { text, big, rows, notice, bubble, mine, caller, qr, scanned } = raw.into_inner();
    let mut found: Vec<Option<Part>> = Vec::new();
    let mut given = 0;
    let mut one = |field: Option<Spanned<String>>, form: &mut Form<'_, '_>, name: &str| {
        given += usize::from(field.is_some());
        field.and_then(|field| form.text(Some(field), name))
    };
    if let Some(said) = one(text, &mut form, "text") {
        plain(&mut form, &said, "text", SPOKEN_WORDS_MAX);
        found.push(Some(Part::Words(with_typed(&mut form, &said, &around.fields))));
    }
    if let Some(said) = one(big, &mut form, "big") {
        found.push(Some(Part::Big(with_typed(&mut form, &said, &around.fields))));
    }
    if let Some(said) = one(notice, &mut form, "notice") {
        plain(&mut form, &said, "notice", SENTENCE_WORDS_MAX);
        found.push(Some(Part::Notice(said.text)));
    }
    if let Some(said) = one(bubble, &mut form, "bubble") {
        plain(&mut form, &said, "bubble", SPOKEN_WORDS_MAX);
        found.push(Some(Part::Bubble(said.text)));
    }
    if let Some(said) = one(mine, &mut form, "mine") {
        plain(&mut form, &said, "mine", SPOKEN_WORDS_MAX);
        found.push(Some(Part::Mine(said.text)));
    }
    if let Some(said) = one(caller, &mut form, "caller") {
        short(&mut form, Some(&said), TITLE_LETTERS_MAX);
        found.push(Some(Part::Caller(said.text)));
    }
    if let Some(said) = one(qr, &mut form, "qr") {
        found.push(code(&mut form, &said, around).map(|code| Part::Qr(code.clone())));
    }
    if let Some(said) = one(scanned, &mut form, "scanned") {
        let rows = code(&mut form, &said, around).and_then(|code| scanned_rows(code, &around.accounts));
        found.push(rows.map(Part::Rows));
    }
    if let Some(rows) = rows {
        given += 1;
        let rows = rows.into_inner().into_iter().map(|(name, text)| {
            let (name, text) = (form.text(Some(name), "rows"), form.text(Some(text), "rows"));
            let (name, text) = (name?, text?);
            unreal::check(&mut form, &name);
            Some((name.text, with_typed(&mut form, &text, &around.fields)))
        });
        let rows: Vec<Option<_>> = rows.collect();
        found.push(rows.into_iter().collect::<Option<Vec<_>>>().map(Part::Rows));
    }
    if given != 1 {
        let what = "a part has exactly one of text, big, rows, notice, bubble, mine, caller, qr, scanned";
        form.fault(start, what);
    }
    found.into_iter().next().flatten()
}

fn code<'c>(form: &mut Form<'_, '_>, said: &Said, around: &'c Around<'_, '_>) -> Option<&'c String> {
    let found = around.codes.get(&said.text);
    if found.is_none() {
        form.fault(said.start(), format!("code “{}” is not listed as `[[qr]]`", said.text));
    }
    found
}

/// What a phone shows of a code: read from the code itself, with the name that the bank has for the account.
fn scanned_rows(code: &str, accounts: &BTreeMap<String, String>) -> Option<Vec<(String, Vec<Text>)>> {
    let payload = read_code(code).ok()?;
    let words = |text: String| vec![Text::Words(text)];
    let name = accounts.get(&payload.account).cloned()?;
    let mut rows = vec![
        ("Số tài khoản".to_owned(), words(shown_value(FieldKind::Digits, &payload.account))),
        ("Tên người nhận".to_owned(), words(name)),
    ];
    if let Some(amount) = payload.amount {
        rows.push(("Số tiền".to_owned(), words(shown_value(FieldKind::Amount, &amount.to_string()))));
    }
    if let Some(note) = payload.note {
        rows.push(("Nội dung".to_owned(), words(note)));
    }
    Some(rows)
}

fn read_field(form: &mut Form<'_, '_>, raw: Spanned<RawField>, around: &mut Around<'_, '_>) -> Option<Field> {
    let mut form = Form { file: form.file, start: raw.span().start, owner: "a field", faults: form.faults };
    let RawField { id, label, kind, button, no } = raw.into_inner();
    form.given(id, "id")?;
    let label = form.text(label, "label");
    short(&mut form, label.as_ref(), TITLE_LETTERS_MAX);
    let all = || FieldKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let kind = one_of(&mut form, kind, "kind", FieldKind::parse, all);
    let button = form.text(button, "button");
    short(&mut form, button.as_ref(), BUTTON_LETTERS_MAX);
    let no = said(&mut form, no, "no", SENTENCE_WORDS_MAX, around);
    Some(Field { label: label?.text, kind: kind?, button: button?.text, no: no? })
}

fn read_move(form: &mut Form<'_, '_>, raw: Spanned<RawMove>, around: &mut Around<'_, '_>) -> Option<(MoveWords, Move)> {
    let start = raw.span().start;
    let mut form = Form { file: form.file, start, owner: "a move", faults: form.faults };
    let RawMove { tap, typed, wait, look, to, right, mistake, recovery, why, after } = raw.into_inner();
    let mut label = String::new();
    let by = match (tap, typed, wait) {
        (Some(tap), None, None) => {
            let said = form.text(Some(tap), "tap");
            short(&mut form, said.as_ref(), BUTTON_LETTERS_MAX);
            label = said.unwrap_or_default().text;
            Some(By::Tap)
        }
        (None, Some(typed), None) => form.text(Some(typed), "typed").map(|typed| read_typed(&mut form, typed)),
        (None, None, Some(wait)) => {
            form.number(Some(wait), "wait", 1..=WAIT_SECONDS_MAX).map(|(seconds, _)| By::Wait(seconds))
        }
        _ => {
            form.fault(start, "a move has exactly one of tap, typed, wait");
            None
        }
    };
    let all = || Look::ALL.iter().map(|look| look.as_str()).collect();
    let look = match look {
        Some(look) => one_of(&mut form, Some(look), "look", Look::parse, all),
        None => Some(Look::Plain),
    };
    let to = form.text(to, "to").and_then(|to| named(&mut form, &around.screens, &to.text, to.start(), "screen"));
    let marks = [right, mistake.is_some(), recovery.is_some()].into_iter().filter(|given| *given).count();
    if marks > 1 {
        form.fault(start, "a move is at most one of right, mistake, recovery");
    }
    let (needs_why, needs_after) = (right || recovery.is_some(), mistake.is_some());
    let mark = match (mistake, recovery) {
        (Some(kind), _) => {
            let place = kind.span().start;
            named(&mut form, &around.kinds, kind.get_ref(), place, "mistake").map(Mark::Mistake)
        }
        (None, Some(kinds)) => {
            let kinds = kinds.into_inner().into_iter().map(|kind| {
                let place = kind.span().start;
                named(&mut form, &around.kinds, kind.get_ref(), place, "mistake").map(Kinds::one)
            });
            let kinds: Vec<Option<Kinds>> = kinds.collect();
            kinds.into_iter().try_fold(Kinds::default(), |all, one| Some(all.and(one?))).map(Mark::Recovery)
        }
        (None, None) => Some(if right { Mark::Right } else { Mark::Way }),
    };
    let why = told(&mut form, why, "why", needs_why, around);
    let after = told(&mut form, after, "after", needs_after, around);
    Some((MoveWords { label, look: look?, why, after }, Move { to: to?, mark: mark?, by: by? }))
}

/// What has to be typed: digits as they are, `#` for any digit, or `*` alone for anything.
fn read_typed(form: &mut Form<'_, '_>, typed: Said) -> By {
    let fits = typed.text == "*" || typed.text.chars().all(|letter| letter.is_ascii_digit() || letter == '#');
    if !fits || typed.text.len() > TYPED_LETTERS_MAX {
        let what = format!("`typed` is “{}”: digits, `#` for any digit, or `*` alone for anything", typed.text);
        form.fault(typed.start(), what);
    }
    By::Typed(typed.text)
}

/// A text that belongs to moves of one mark only.
fn told(
    form: &mut Form<'_, '_>,
    field: Option<Spanned<String>>,
    name: &str,
    needed: bool,
    around: &mut Around<'_, '_>,
) -> Option<String> {
    if let Some(field) = field.as_ref().filter(|_| !needed) {
        form.fault(field.span().start, format!("nobody is told this `{name}`: the move is not marked for it"));
        return None;
    }
    if needed { said(form, field, name, SENTENCE_WORDS_MAX, around) } else { None }
}

fn named(form: &mut Form<'_, '_>, places: &Places, name: &str, place: usize, what: &str) -> Option<u8> {
    let found = places.get(name).copied();
    if found.is_none() {
        form.fault(place, format!("there is no {what} “{name}”"));
    }
    found
}
