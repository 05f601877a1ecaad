//! `practice.toml`: a simulator, read, and walked completely.

mod screen;

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
        KINDS_MAX, Kinds, Machine, MachineFault, Mistake, SCREENS_MAX, Scenario, Screen, ScreenWords, SlipLine,
        digits_of, faults as walk, practice_code,
    },
};
use screen::{RawScreen, read_screen};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use toml::Spanned;

/// Compressed (gzip): what a phone on a bad network can be asked to bring for one exercise.
const PRACTICE_BYTES_MAX: usize = 30 * 1024;
/// What is said in one breath, as in lessons.
const SENTENCE_WORDS_MAX: usize = 12;
/// What fits the strip under the phone.
const SENTENCES_MAX: usize = 3;
const TITLE_LETTERS_MAX: usize = 40;

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

fn weigh(file: File<'_>, faults: &mut Faults) {
    if file.text.len() <= PRACTICE_BYTES_MAX {
        return;
    }
    let bytes = packing::gzip_best(file.text.as_bytes()).len();
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
