//! `practice.toml`: a simulator, read, and walked completely.

use crate::{
    abbreviations::Reading,
    faults::Faults,
    form::{self, Form, optional_text},
    lesson::read_skills,
    picture::hex,
    source::File,
    text::{Said, counted, sentences, words},
    unreal,
};
use domain::{
    content::{LessonId, SkillId},
    practice::{
        App, By, Field, FieldKind, KINDS_MAX, Kinds, Look, MOVES_MAX, Machine, MachineFault, Mark, Mistake, Move,
        MoveWords, Part, SCREENS_MAX, Scenario, Screen, ScreenWords, SlipLine, TYPED_LETTERS_MAX, Text, digits_of,
        faults as walk, practice_code, read_code, shown_value,
    },
};
use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, io::Write};
use toml::Spanned;

/// Compressed (gzip): what a phone on a bad network can be asked to bring for one exercise.
const PRACTICE_BYTES_MAX: usize = 30 * 1024;
/// What is said in one breath, as in lessons.
const SENTENCE_WORDS_MAX: usize = 12;
/// People in a conversation talk longer than a lesson does.
const SPOKEN_WORDS_MAX: usize = 16;
/// What fits the strip under the phone.
const SENTENCES_MAX: usize = 3;
/// What fits a button on 360 pixels in two lines.
const BUTTON_LETTERS_MAX: usize = 32;
const TITLE_LETTERS_MAX: usize = 40;
/// Whoever waits longer believes the phone is broken.
const WAIT_SECONDS_MAX: u8 = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPractice {
    title: Option<Spanned<String>>,
    task: Option<Spanned<String>>,
    praise: Option<Spanned<String>>,
    skills: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    slip: Vec<Spanned<RawLine>>,
    #[serde(default)]
    account: Vec<Spanned<RawAccount>>,
    #[serde(default)]
    qr: Vec<Spanned<RawQr>>,
    #[serde(default)]
    mistake: Vec<Spanned<RawMistake>>,
    #[serde(default)]
    screen: Vec<Spanned<RawScreen>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    name: Option<Spanned<String>>,
    text: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAccount {
    number: Option<Spanned<String>>,
    name: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQr {
    id: Option<Spanned<String>>,
    account: Option<Spanned<String>>,
    amount: Option<Spanned<u64>>,
    note: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMistake {
    id: Option<Spanned<String>>,
    title: Option<Spanned<String>>,
    ask: Option<Spanned<String>>,
    lesson: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScreen {
    id: Option<Spanned<String>>,
    app: Option<Spanned<String>>,
    title: Option<Spanned<String>>,
    say: Option<Spanned<String>>,
    #[serde(default)]
    end: bool,
    #[serde(default)]
    part: Vec<Spanned<RawPart>>,
    field: Option<Spanned<RawField>>,
    #[serde(default, rename = "move")]
    moves: Vec<Spanned<RawMove>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    text: Option<Spanned<String>>,
    big: Option<Spanned<String>>,
    rows: Option<Spanned<Vec<(Spanned<String>, Spanned<String>)>>>,
    notice: Option<Spanned<String>>,
    bubble: Option<Spanned<String>>,
    mine: Option<Spanned<String>>,
    caller: Option<Spanned<String>>,
    qr: Option<Spanned<String>>,
    scanned: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    id: Option<Spanned<String>>,
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

/// Names with the place each has.
type Places = BTreeMap<String, u8>;

/// What is known while screens are read.
struct Around<'r, 'a> {
    reading: &'r mut Reading<'a>,
    screens: Places,
    kinds: Places,
    /// Fields by name: the screen they stand on.
    fields: Places,
    accounts: BTreeMap<String, String>,
    codes: BTreeMap<String, String>,
}

pub(crate) fn read(
    file: File<'_>,
    lesson: &LessonId,
    skills: Option<&[SkillId]>,
    reading: &mut Reading<'_>,
    faults: &mut Faults,
) -> Option<Scenario> {
    let before = faults.0.len();
    let raw = form::parse::<RawPractice>(file, faults)?;
    let mut form = Form { file, start: 0, owner: "the simulator", faults };
    let mut around = Around {
        reading,
        screens: names(&mut form, &raw.screen, "screen", SCREENS_MAX, |screen| &screen.id),
        kinds: names(&mut form, &raw.mistake, "mistake", KINDS_MAX, |mistake| &mistake.id),
        fields: BTreeMap::new(),
        accounts: BTreeMap::new(),
        codes: BTreeMap::new(),
    };
    for (place, screen) in (0..).zip(&raw.screen) {
        if let Some(id) = screen.get_ref().field.as_ref().and_then(|field| field.get_ref().id.as_ref())
            && around.fields.insert(id.get_ref().clone(), place).is_some()
        {
            form.fault(id.span().start, format!("field “{}” stands already on another screen", id.get_ref()));
        }
    }
    for account in raw.account {
        read_account(&mut form, account, &mut around.accounts);
    }
    for code in raw.qr {
        read_qr(&mut form, code, &mut around);
    }
    let title = form.text(raw.title, "title");
    short(&mut form, title.as_ref(), TITLE_LETTERS_MAX);
    let task = said(&mut form, raw.task, "task", SENTENCE_WORDS_MAX, &mut around);
    let praise = said(&mut form, raw.praise, "praise", SENTENCE_WORDS_MAX, &mut around);
    let skills = read_skills(&mut form, raw.skills, skills);
    let slip = raw.slip.into_iter().filter_map(|line| read_line(&mut form, line)).collect();
    let mistakes: Vec<Option<Mistake>> =
        raw.mistake.into_iter().map(|mistake| read_mistake(&mut form, mistake, &mut around)).collect();
    let starts: Vec<usize> = raw.screen.iter().map(|screen| screen.span().start).collect();
    let screens: Vec<Option<(ScreenWords, Screen)>> =
        raw.screen.into_iter().map(|screen| read_screen(&mut form, screen, &mut around)).collect();
    weigh(file, form.faults);
    let (title, task, praise) = (title?.text, task?, praise?);
    let mistakes = mistakes.into_iter().collect::<Option<Vec<_>>>()?;
    let (screens, machine): (Vec<_>, Vec<_>) = screens.into_iter().collect::<Option<Vec<_>>>()?.into_iter().unzip();
    if screens.is_empty() || faults.0.len() > before {
        return None;
    }
    let machine = Machine { screens: machine };
    for fault in walk(&machine, mistakes.len() as u8) {
        tell(file, &fault, &screens, &mistakes, &starts, faults);
    }
    let version = hex(&Sha256::digest(file.text))[..12].parse().ok()?;
    Some(Scenario { lesson: lesson.clone(), version, title, task, praise, skills, slip, mistakes, screens, machine })
}

/// The names of things that are named: each once.
fn names<T>(
    form: &mut Form<'_, '_>,
    of: &[Spanned<T>],
    what: &str,
    most: usize,
    id: impl Fn(&T) -> &Option<Spanned<String>>,
) -> Places {
    let mut places = Places::new();
    if of.is_empty() {
        form.fault(0, format!("the simulator has no `[[{what}]]`"));
    }
    if of.len() > most {
        form.fault(of[most].span().start, format!("{} (at most {most})", counted(of.len(), what)));
    }
    for (place, one) in (0..).zip(of) {
        match id(one.get_ref()) {
            None => form.fault(one.span().start, format!("a {what} has no `id`")),
            Some(id) => {
                if id.get_ref().parse::<SkillId>().is_err() {
                    form.fault(
                        id.span().start,
                        format!(
                            "“{}” is no name for a {what}: lower-case letters without marks, digits and hyphens",
                            id.get_ref()
                        ),
                    );
                }
                if places.insert(id.get_ref().clone(), place).is_some() {
                    form.fault(id.span().start, format!("{what} “{}” stands here twice", id.get_ref()));
                }
            }
        }
    }
    places
}

/// A text that people are told: plain, unreal, its abbreviations explained.
fn said(
    form: &mut Form<'_, '_>,
    field: Option<Spanned<String>>,
    name: &str,
    most_words: usize,
    around: &mut Around<'_, '_>,
) -> Option<String> {
    let said = form.text(field, name)?;
    plain(form, &said, name, most_words);
    // Banks write names in capitals: they are no abbreviations.
    let names = around.accounts.values();
    let without_names = names.fold(said.text.clone(), |text, name| text.replace(name.as_str(), &name.to_lowercase()));
    around.reading.text(form.file, &Said::new(&without_names, said.start()), form.faults);
    Some(said.text)
}

/// Sentences short and few, nothing real.
pub(crate) fn plain(form: &mut Form<'_, '_>, said: &Said, name: &str, most_words: usize) {
    let all = sentences(&said.text);
    if all.len() > SENTENCES_MAX {
        let what = format!("`{name}` has {} (at most {SENTENCES_MAX})", counted(all.len(), "sentence"));
        form.fault(said.start(), what);
    }
    for (at, sentence) in all {
        let long = words(sentence);
        if long > most_words {
            let what = format!("sentence of {long} words (at most {most_words}): “{sentence}”");
            form.fault(said.place(at), what);
        }
    }
    unreal::check(form, said);
}

fn short(form: &mut Form<'_, '_>, said: Option<&Said>, most: usize) {
    let Some(said) = said else { return };
    let letters = said.text.chars().count();
    if letters > most {
        form.fault(said.start(), format!("“{}” has {letters} letters (at most {most})", said.text));
    }
    unreal::check(form, said);
}

fn read_line(form: &mut Form<'_, '_>, raw: Spanned<RawLine>) -> Option<SlipLine> {
    let mut form = Form { file: form.file, start: raw.span().start, owner: "a line of the slip", faults: form.faults };
    let RawLine { name, text } = raw.into_inner();
    let (name, text) = (form.text(name, "name"), form.text(text, "text"));
    short(&mut form, name.as_ref(), TITLE_LETTERS_MAX);
    short(&mut form, text.as_ref(), TITLE_LETTERS_MAX);
    Some(SlipLine { name: name?.text, text: text?.text })
}

fn read_account(form: &mut Form<'_, '_>, raw: Spanned<RawAccount>, accounts: &mut BTreeMap<String, String>) {
    let mut form = Form { file: form.file, start: raw.span().start, owner: "an account", faults: form.faults };
    let RawAccount { number, name } = raw.into_inner();
    let (number, name) = (form.text(number, "number"), form.text(name, "name"));
    let (Some(number), Some(name)) = (number, name) else { return };
    unreal::check(&mut form, &name);
    if digits_of(&number.text) != number.text || !number.text.starts_with("0000") {
        form.fault(number.start(), format!("account “{}” is not digits that begin with 0000", number.text));
    }
    if accounts.insert(number.text.clone(), name.text).is_some() {
        form.fault(number.start(), format!("account “{}” stands here twice", number.text));
    }
}

fn read_qr(form: &mut Form<'_, '_>, raw: Spanned<RawQr>, around: &mut Around<'_, '_>) {
    let start = raw.span().start;
    let mut form = Form { file: form.file, start, owner: "a code", faults: form.faults };
    let RawQr { id, account, amount, note } = raw.into_inner();
    let (id, account) = (form.text(id, "id"), form.text(account, "account"));
    let (Some(id), Some(account)) = (id, account) else { return };
    if !around.accounts.contains_key(&account.text) {
        form.fault(account.start(), format!("account “{}” is not listed as `[[account]]`", account.text));
    }
    let note = optional_text(note).map(|note| note.text);
    let amount = amount.map(Spanned::into_inner);
    match practice_code(&account.text, amount, note.as_deref()) {
        None => form.fault(
            start,
            format!(
                "code “{}” cannot be made: a note has at most 25 letters without marks, digits and spaces",
                id.text
            ),
        ),
        Some(code) => {
            if around.codes.insert(id.text.clone(), code).is_some() {
                form.fault(id.start(), format!("code “{}” stands here twice", id.text));
            }
        }
    }
}

fn read_mistake(form: &mut Form<'_, '_>, raw: Spanned<RawMistake>, around: &mut Around<'_, '_>) -> Option<Mistake> {
    let mut form = Form { file: form.file, start: raw.span().start, owner: "a mistake", faults: form.faults };
    let RawMistake { id, title, ask, lesson } = raw.into_inner();
    let title = form.text(title, "title");
    short(&mut form, title.as_ref(), TITLE_LETTERS_MAX);
    let ask = said(&mut form, ask, "ask", SENTENCE_WORDS_MAX, around);
    let lesson = said(&mut form, lesson, "lesson", SENTENCE_WORDS_MAX, around);
    Some(Mistake { id: id?.into_inner(), title: title?.text, ask: ask?, lesson: lesson? })
}

fn read_screen(
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

fn weigh(file: File<'_>, faults: &mut Faults) {
    if file.text.len() <= PRACTICE_BYTES_MAX {
        return;
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let bytes =
        packed.write_all(file.text.as_bytes()).and_then(|()| packed.finish()).map_or(file.text.len(), |all| all.len());
    if bytes > PRACTICE_BYTES_MAX {
        faults.of(file.path, format!("{bytes} bytes compressed (at most {PRACTICE_BYTES_MAX})"));
    }
}

/// Tells a fault of the machine at the screen where it is.
fn tell(
    file: File<'_>,
    fault: &MachineFault,
    screens: &[ScreenWords],
    mistakes: &[Mistake],
    starts: &[usize],
    faults: &mut Faults,
) {
    let screen = |place: u8| screens.get(usize::from(place)).map_or("", |screen| screen.id.as_str());
    let open = |kinds: Kinds| {
        let open = (0..).zip(mistakes).filter(|(kind, _)| kinds.has(*kind)).map(|(_, mistake)| mistake.id.as_str());
        let open: Vec<&str> = open.collect();
        if open.is_empty() { String::new() } else { format!(" after the mistake {}", open.join(", ")) }
    };
    let mistake = |kind: u8| mistakes.get(usize::from(kind)).map_or("", |mistake| mistake.id.as_str());
    let (at, what) = match *fault {
        MachineFault::Unreachable(at) => (at, format!("nothing leads to screen “{}”", screen(at))),
        MachineFault::DeadEnd(at, kinds) => (
            at,
            format!("no way leads from screen “{}” to an end with everything made good{}", screen(at), open(kinds)),
        ),
        MachineFault::EndsOpen(at, kinds) => {
            (at, format!("the end “{}” can be reached{} without its recovery", screen(at), open(kinds)))
        }
        MachineFault::NoRightWay(at, kinds) => {
            let what = "no moves marked `right` or `recovery` lead from screen";
            (at, format!("{what} “{}” to an end{}", screen(at), open(kinds)))
        }
        MachineFault::NoRightPath => (0, "the moves marked `right` alone do not lead to an end".to_owned()),
        MachineFault::NeverMade(kind) => (0, format!("no move makes the mistake “{}”", mistake(kind))),
        MachineFault::NeverRecovered(kind) => (0, format!("nothing makes the mistake “{}” good", mistake(kind))),
        MachineFault::IdleRecovery(at, place) => {
            (at, format!("move {} of screen “{}” is a recovery that never closes a mistake", place + 1, screen(at)))
        }
    };
    faults.at(file, starts.get(usize::from(at)).copied().unwrap_or_default(), what);
}
