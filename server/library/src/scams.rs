//! `scams/`: families of scams with their genuine look-alikes, and the gaps that all of them may use.

use crate::{
    faults::Faults,
    form::{self, Form},
    picture::hex,
    source::File,
    text::{Said, counted, sentences, words},
    tree::Folder,
    unreal,
};
use domain::{
    content::{SkillId, Track, TrackId, Version},
    places::Unit,
    practice::{Book, Case, Channel, Family, Piece, Sign, Slot, Truth},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// Where the shared gaps stand.
const SLOTS: &str = "slots.toml";
/// Wordings of anything said: with fewer one remembers them.
const WORDINGS_MIN: usize = 4;
/// How many ways there are to word a case before any gap is filled: with fewer its cases look alike.
const WAYS_MIN: usize = 256;
/// People talk longer than a lesson does.
const SENTENCE_WORDS_MAX: usize = 16;
/// What one hears before one answers.
const SENTENCES_MAX: usize = 2;
/// What is explained afterwards, as in lessons.
const WHY_WORDS_MAX: usize = 12;
const TITLE_LETTERS_MAX: usize = 40;
/// Turns of a case: longer ones lose their listener.
const TURNS_MAX: usize = 5;
/// Gaps that are filled by the program: drawn from other gaps, from the places, or by chance.
const MADE: [&str; 5] = ["ten", "xa", "so-1", "so-2", "so-3"];
/// What `ten` is drawn from.
const NAMES: [&str; 2] = ["ten-nam", "ten-nu"];

type RawSlots = BTreeMap<String, Spanned<Vec<Spanned<String>>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFamily {
    title: Option<Spanned<String>>,
    right: Option<Spanned<String>>,
    skills: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    slots: RawSlots,
    #[serde(default)]
    sign: Vec<Spanned<RawSign>>,
    #[serde(default)]
    case: Vec<Spanned<RawCase>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSign {
    id: Option<Spanned<String>>,
    of: Option<Spanned<String>>,
    name: Option<Spanned<String>>,
    why: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    channel: Option<Spanned<String>>,
    of: Option<Spanned<String>>,
    then: Option<Spanned<String>>,
    from: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    turn: Vec<Spanned<RawTurn>>,
    #[serde(default)]
    reply: Vec<Spanned<RawPiece>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTurn {
    #[serde(default)]
    piece: Vec<Spanned<RawPiece>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPiece {
    sign: Option<Spanned<String>>,
    group: Option<Spanned<String>>,
    say: Option<Spanned<Vec<Spanned<String>>>>,
}

/// All scams of a release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scams {
    pub version: Version,
    pub book: Book,
    /// The book as text, as phones get it.
    pub text: String,
}

/// `None` where there are faults, or no scams at all.
pub(crate) fn read(folder: &Folder<'_>, tracks: &[&Track], units: &[Unit], faults: &mut Faults) -> Option<Scams> {
    if folder.files.is_empty() {
        return None;
    }
    let before = faults.0.len();
    let mut shared = Vec::new();
    if let Some(file) = folder.file(SLOTS, faults)
        && let Some(raw) = form::parse::<RawSlots>(file, faults)
    {
        let mut form = Form { file, start: 0, owner: "the gaps", faults };
        shared = read_slots(&mut form, raw);
        for name in NAMES {
            if !shared.iter().any(|slot| slot.name == name) {
                form.fault(0, format!("the gap “{name}” is missing"));
            }
        }
    }
    let today = units.iter().filter(|unit| unit.valid_to.is_none());
    shared.push(Slot { name: "xa".to_owned(), values: today.map(|unit| in_a_sentence(&unit.name)).collect() });
    let mut families = Vec::new();
    for (name, file) in folder.files.iter().filter(|(name, _)| **name != SLOTS) {
        families.extend(read_family(name, *file, &shared, tracks, faults));
    }
    if families.is_empty() || faults.0.len() > before {
        return None;
    }
    let book = Book { slots: shared, families };
    let text = book.to_string();
    let version = hex(&Sha256::digest(&text))[..12].parse().ok()?;
    Some(Scams { version, book, text })
}

/// "Xã Mường Bú" as it stands inside a sentence: "xã Mường Bú".
fn in_a_sentence(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn read_slots(form: &mut Form<'_, '_>, raw: RawSlots) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (name, values) in raw {
        let place = values.span().start;
        if MADE.contains(&name.as_str()) {
            form.fault(place, format!("the gap “{name}” is filled by the program"));
        }
        if name.parse::<SkillId>().is_err() {
            form.fault(
                place,
                format!("“{name}” is no name for a gap: lower-case letters without marks, digits and hyphens"),
            );
        }
        let said: Vec<Said> = values.into_inner().into_iter().filter_map(|value| line(form, value)).collect();
        if said.len() < WORDINGS_MIN {
            form.fault(
                place,
                format!("the gap “{name}” has {} (at least {WORDINGS_MIN})", counted(said.len(), "value")),
            );
        }
        slots.push(Slot { name, values: said.into_iter().map(|said| said.text).collect() });
    }
    slots
}

/// A text of one line, with nothing real in it.
fn line(form: &mut Form<'_, '_>, value: Spanned<String>) -> Option<Said> {
    let said = form.text(Some(value), "text")?;
    if said.text.contains(char::is_control) {
        form.fault(said.start(), "line breaks and tabs are not kept: write one line");
    }
    unreal::check(form, &said);
    Some(said)
}

fn brief(form: &mut Form<'_, '_>, field: Option<Spanned<String>>, name: &str, letters_max: usize) -> Option<String> {
    let said = form.text(field, name)?;
    let letters = said.text.chars().count();
    if letters > letters_max {
        form.fault(said.start(), format!("“{}” has {letters} letters (at most {letters_max})", said.text));
    }
    line(form, Spanned::new(said.start()..said.start(), said.text)).map(|said| said.text)
}

fn told(form: &mut Form<'_, '_>, field: Option<Spanned<String>>, name: &str) -> Option<String> {
    let said = form.text(field, name)?;
    spoken(form, &said, WHY_WORDS_MAX);
    line(form, Spanned::new(said.start()..said.start(), said.text)).map(|said| said.text)
}

fn spoken(form: &mut Form<'_, '_>, said: &Said, words_max: usize) {
    let all = sentences(&said.text);
    if all.len() > SENTENCES_MAX {
        let what = format!("{} (at most {SENTENCES_MAX}): “{}”", counted(all.len(), "sentence"), said.text);
        form.fault(said.start(), what);
    }
    for (at, sentence) in all {
        let long = words(sentence);
        if long > words_max {
            let what = format!("sentence of {long} words (at most {words_max}): “{sentence}”");
            form.fault(said.place(at), what);
        }
    }
}

/// What is known while a family is read.
struct Around<'a> {
    /// The gaps that may stand in its texts.
    gaps: BTreeSet<&'a str>,
    /// Its signs by name: the place, and whose they are.
    signs: BTreeMap<String, (u8, Truth)>,
    used_gaps: BTreeSet<String>,
    used_signs: BTreeSet<u8>,
}

fn read_family(name: &str, file: File<'_>, shared: &[Slot], tracks: &[&Track], faults: &mut Faults) -> Option<Family> {
    let id = name.trim_end_matches(".toml");
    if id.parse::<SkillId>().is_err() || !name.ends_with(".toml") {
        faults.of(
            file.path,
            format!(
                "“{name}” is no name for a family: lower-case letters without marks, digits and hyphens, then .toml"
            ),
        );
    }
    let raw = form::parse::<RawFamily>(file, faults)?;
    let mut form = Form { file, start: 0, owner: "the family", faults };
    let title = brief(&mut form, raw.title, "title", TITLE_LETTERS_MAX);
    let right = told(&mut form, raw.right, "right");
    let skills = read_skills(&mut form, raw.skills, tracks);
    let places: Vec<(String, usize)> = raw.slots.iter().map(|(name, all)| (name.clone(), all.span().start)).collect();
    let slots = read_slots(&mut form, raw.slots);
    let gaps = slots.iter().chain(shared).map(|slot| slot.name.as_str()).chain(MADE).collect();
    let mut around = Around { gaps, signs: BTreeMap::new(), used_gaps: BTreeSet::new(), used_signs: BTreeSet::new() };
    let starts: Vec<usize> = raw.sign.iter().map(|sign| sign.span().start).collect();
    let signs: Vec<Option<Sign>> =
        raw.sign.into_iter().map(|sign| read_sign(&mut form, sign, &mut around.signs)).collect();
    let cases: Vec<Option<Case>> = raw.case.into_iter().map(|case| read_case(&mut form, case, &mut around)).collect();
    for (name, place) in places {
        if !around.used_gaps.contains(&name) {
            form.fault(place, format!("no text has the gap “{name}”"));
        }
    }
    for (name, (place, _)) in &around.signs {
        if !around.used_signs.contains(place) {
            let at = starts.get(usize::from(*place)).copied().unwrap_or_default();
            form.fault(at, format!("nothing shows the sign “{name}”"));
        }
    }
    let cases = cases.into_iter().collect::<Option<Vec<_>>>()?;
    for channel in Channel::ALL {
        let has = |of| cases.iter().any(|case| case.channel == *channel && case.of == of);
        if has(Truth::Scam) && !has(Truth::Genuine) {
            form.fault(0, format!("the family has a scam by `{}` and nothing genuine there", channel.as_str()));
        }
    }
    if !cases.iter().any(|case| case.of == Truth::Scam) {
        form.fault(0, "the family has no scam");
    }
    let signs = signs.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Family { id: id.to_owned(), title: title?, right: right?, skills, slots, signs, cases })
}

fn read_skills(
    form: &mut Form<'_, '_>,
    field: Option<Spanned<Vec<Spanned<String>>>>,
    tracks: &[&Track],
) -> Vec<(TrackId, SkillId)> {
    let mut skills = Vec::new();
    let Some(field) = form.given(field, "skills") else { return skills };
    if field.get_ref().is_empty() {
        form.fault(field.span().start, "`skills` is empty: which one does it practise?");
    }
    for wanted in field.get_ref() {
        let name = wanted.get_ref().as_str();
        let all = tracks.iter().flat_map(|track| track.skills.iter().map(|skill| (&track.id, &skill.id)));
        match all.into_iter().find(|(_, skill)| skill.as_str() == name) {
            Some((track, skill)) => skills.push((track.clone(), skill.clone())),
            // Where a track could not be read its skills are not known.
            None if form.faults.0.is_empty() => {
                form.fault(wanted.span().start, format!("no track has the skill “{name}”"))
            }
            None => {}
        }
    }
    skills
}

fn truth(form: &mut Form<'_, '_>, field: Option<Spanned<String>>) -> Option<Truth> {
    let said = form.text(field, "of")?;
    let found = Truth::parse(&said.text);
    if found.is_none() {
        form.fault(said.start(), format!("`of` is “{}” (scam or genuine)", said.text));
    }
    found
}

fn read_sign(
    form: &mut Form<'_, '_>,
    raw: Spanned<RawSign>,
    signs: &mut BTreeMap<String, (u8, Truth)>,
) -> Option<Sign> {
    let mut form = Form { file: form.file, start: raw.span().start, owner: "a sign", faults: form.faults };
    let RawSign { id, of, name, why } = raw.into_inner();
    let (id, of) = (form.text(id, "id"), truth(&mut form, of));
    let name = brief(&mut form, name, "name", TITLE_LETTERS_MAX);
    let why = told(&mut form, why, "why");
    let (id, of) = (id?, of?);
    let place = u8::try_from(signs.len()).ok()?;
    if signs.insert(id.text.clone(), (place, of)).is_some() {
        form.fault(id.start(), format!("sign “{}” stands here twice", id.text));
    }
    Some(Sign { of, name: name?, why: why? })
}

fn read_case(form: &mut Form<'_, '_>, raw: Spanned<RawCase>, around: &mut Around<'_>) -> Option<Case> {
    let start = raw.span().start;
    let mut form = Form { file: form.file, start, owner: "a case", faults: form.faults };
    let RawCase { channel, of, then, from, turn, reply } = raw.into_inner();
    let channel = form.text(channel, "channel").and_then(|said| {
        let found = Channel::parse(&said.text);
        if found.is_none() {
            let all: Vec<&str> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
            form.fault(said.start(), format!("`channel` is “{}” (one of {})", said.text, all.join(", ")));
        }
        found
    });
    let of = truth(&mut form, of);
    let then = match of {
        Some(Truth::Genuine) => told(&mut form, then, "then"),
        _ => {
            if let Some(then) = &then {
                form.fault(then.span().start, "`then` is for genuine cases: of scams the family says what to do");
            }
            Some(String::new())
        }
    };
    let from = wordings(&mut form, from, "from", around);
    if !(1..=TURNS_MAX).contains(&turn.len()) {
        form.fault(start, format!("a case has {} (1 to {TURNS_MAX})", counted(turn.len(), "turn")));
    }
    let turns: Vec<Option<Vec<Vec<Piece>>>> =
        turn.into_iter().map(|turn| read_turn(&mut form, turn, of, around)).collect();
    let replies: Vec<Option<(Piece, Option<String>)>> =
        reply.into_iter().map(|piece| read_piece(&mut form, piece, of, around)).collect();
    let turns = turns.into_iter().collect::<Option<Vec<_>>>()?;
    let replies = replies.into_iter().map(|reply| reply.map(|(piece, _)| piece)).collect::<Option<Vec<_>>>()?;
    let (channel, of, then, from) = (channel?, of?, then?, from?);
    if !turns.iter().flatten().any(|choice| choice.iter().all(|piece| piece.sign.is_some())) {
        form.fault(start, "a case can be drawn in which nothing shows a sign: give one to a piece that is always said");
    }
    let said = turns.iter().flatten().map(|choice| choice.iter().map(|piece| piece.say.len()).sum::<usize>());
    let ways = said.fold(from.len(), usize::saturating_mul);
    if ways < WAYS_MIN {
        form.fault(
            start,
            format!("a case with {ways} ways to be worded (at least {WAYS_MIN}): it needs more pieces or wordings"),
        );
    }
    Some(Case { channel, of, from, then, turns, replies })
}

/// The choices of a turn: pieces of one group are one choice, where the first of them stands.
fn read_turn(
    form: &mut Form<'_, '_>,
    raw: Spanned<RawTurn>,
    of: Option<Truth>,
    around: &mut Around<'_>,
) -> Option<Vec<Vec<Piece>>> {
    let start = raw.span().start;
    let pieces = raw.into_inner().piece;
    if pieces.is_empty() {
        form.fault(start, "nothing is said in this turn");
    }
    let mut choices: Vec<(Option<String>, Vec<Piece>)> = Vec::new();
    let mut all_read = true;
    for piece in pieces {
        let Some((piece, group)) = read_piece(form, piece, of, around) else {
            all_read = false;
            continue;
        };
        match choices.iter_mut().find(|(known, _)| known.is_some() && *known == group) {
            Some((_, choice)) => choice.push(piece),
            None => choices.push((group, vec![piece])),
        }
    }
    all_read.then(|| choices.into_iter().map(|(_, choice)| choice).collect())
}

/// A piece and its group.
fn read_piece(
    form: &mut Form<'_, '_>,
    raw: Spanned<RawPiece>,
    of: Option<Truth>,
    around: &mut Around<'_>,
) -> Option<(Piece, Option<String>)> {
    let mut form = Form { file: form.file, start: raw.span().start, owner: "a piece", faults: form.faults };
    let RawPiece { sign, group, say } = raw.into_inner();
    let sign = sign.and_then(|sign| {
        let (name, place) = (sign.get_ref(), sign.span().start);
        let Some((sign, whose)) = around.signs.get(name).copied() else {
            form.fault(place, format!("there is no sign “{name}”"));
            return None;
        };
        around.used_signs.insert(sign);
        if of.is_some_and(|of| of != whose) {
            form.fault(place, format!("the sign “{name}” is one of {} and stands in another case", whose.as_str()));
        }
        Some(sign)
    });
    let say = wordings(&mut form, say, "say", around)?;
    Some((Piece { sign, say }, group.map(Spanned::into_inner)))
}

fn wordings(
    form: &mut Form<'_, '_>,
    field: Option<Spanned<Vec<Spanned<String>>>>,
    name: &str,
    around: &mut Around<'_>,
) -> Option<Vec<String>> {
    let field = form.given(field, name)?;
    let place = field.span().start;
    let said: Vec<Said> = field.into_inner().into_iter().filter_map(|wording| line(form, wording)).collect();
    let different: BTreeSet<&str> = said.iter().map(|said| said.text.as_str()).collect();
    if different.len() < WORDINGS_MIN {
        let what = format!("`{name}` has {} (at least {WORDINGS_MIN} different)", counted(different.len(), "wording"));
        form.fault(place, what);
    }
    for said in &said {
        spoken(form, said, SENTENCE_WORDS_MAX);
        for gap in gaps(&said.text) {
            if around.gaps.contains(gap) {
                around.used_gaps.insert(gap.to_owned());
            } else {
                form.fault(said.start(), format!("“{{{gap}}}” is no gap of this family"));
            }
        }
    }
    Some(said.into_iter().map(|said| said.text).collect())
}

/// The names between braces.
fn gaps(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name))
}
