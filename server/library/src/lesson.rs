//! A lesson: `lesson.toml`, `vi.md` and the pictures beside them.

use crate::{
    abbreviations::Abbreviations,
    faults::Faults,
    form::{self, Form, optional_text},
    markdown, page,
    picture::{Pictures, hex},
    practice,
    question::{self, QUESTIONS, RawQuestion},
    review,
    source::File,
    text::Said,
    tree::Folder,
};
use chrono::{Datelike, Months, NaiveDate};
use domain::{
    content::{Lesson, LessonId, Marking, SkillId, Source, Step, Version},
    practice::Scenario,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use toml::{Spanned, value::Datetime};

/// Written: with its HTML around and compressed, this is a page that fits the first 14 000 bytes.
const TEXT_BYTES_MAX: usize = 16 * 1024;
/// The simulator, which has a version of its own: what it lets one do does not change what the lesson says.
const PRACTICE: &str = "practice.toml";
/// The booster, which has a version of its own too.
const REVIEW: &str = "review.toml";
/// Longer is not one sitting.
const MINUTES_MAX: u8 = 20;
/// Rules about money and papers change with the year.
const REVIEW_MONTHS_MAX: Months = Months::new(12);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLesson {
    title: Option<Spanned<String>>,
    summary: Option<Spanned<String>>,
    order: Option<Spanned<i64>>,
    minutes: Option<Spanned<i64>>,
    skills: Option<Spanned<Vec<Spanned<String>>>>,
    pass_percent: Option<Spanned<i64>>,
    fact_date: Option<Spanned<Datetime>>,
    review_date: Option<Spanned<Datetime>>,
    #[serde(default)]
    source: Vec<Spanned<RawSource>>,
    #[serde(default)]
    question: Vec<Spanned<RawQuestion>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    document: Option<Spanned<String>>,
    publisher: Option<Spanned<String>>,
    number: Option<Spanned<String>>,
    date: Option<Spanned<String>>,
    /// Why it still holds although it is old.
    still: Option<Spanned<String>>,
    /// Which facts of the authors' list it covers; for them alone.
    #[serde(default)]
    #[expect(dead_code, reason = "authors keep it, pages do not show it")]
    facts: Vec<String>,
}

/// Rules about money and papers seldom stand longer than this; what is older must say why it still holds.
const SOURCE_YEARS_MAX: i32 = 5;

/// What is known around a lesson while it is read.
pub(crate) struct Around<'a> {
    pub(crate) abbreviations: &'a Abbreviations,
    /// The skills of its track; `None` when they could not be read.
    pub(crate) skills: Option<&'a [SkillId]>,
    /// The orders taken in its track, each with the lesson that has it.
    pub(crate) orders: &'a mut BTreeMap<u8, String>,
}

/// The lesson with its place in the track, and the simulator beside it. `None` only where there are faults.
pub(crate) fn read(
    track: &str,
    slug: &str,
    folder: &Folder<'_>,
    around: &mut Around<'_>,
    faults: &mut Faults,
) -> Option<(u8, Lesson, Option<Scenario>)> {
    let id = LessonId::new(track, slug);
    if let Err(not) = id {
        faults.of(&folder.path, format!("“{slug}” is no name for a lesson: {not}"));
    }
    folder.only(&["lesson.toml", "vi.md", PRACTICE, REVIEW], faults);
    let about = folder.file("lesson.toml", faults);
    let text = folder.file("vi.md", faults);
    let mut pictures = Pictures::read(folder.pictures(), faults);
    let mut reading = around.abbreviations.reading();

    let raw = about.and_then(|about| Some((about, form::parse::<RawLesson>(about, faults)?)));
    // First what stands at the top of the page, then the text, then the questions: the order of reading.
    let mut top = None;
    let mut questions = None;
    if let Some((about, raw)) = raw {
        let (read, rest) = read_top(about, raw, slug, around, faults);
        for said in [&read.title, &read.summary].into_iter().flatten() {
            reading.text(about, said, faults);
        }
        top = Some(read);
        questions = Some((about, rest));
    }
    let page = text.map(|text| {
        let blocks = markdown::blocks(text, faults);
        for block in &blocks {
            reading.text(text, &block.said, faults);
        }
        let page = page::read(text, &blocks, faults);
        let steps = page.steps.iter().map(|step| {
            let (alt, name, place) = step.picture.as_ref()?;
            let picture = pictures.take(name, alt, text, *place, faults)?;
            let (title, sentences, speak) = (step.title.clone(), step.sentences.clone(), step.speak.clone());
            Some(Step { title, picture, sentences, speak })
        });
        // Every step is looked at before the first that failed is missed.
        let steps: Vec<Option<Step>> = steps.collect();
        (steps.into_iter().collect::<Option<Vec<Step>>>(), page)
    });
    let questions = questions.map(|(about, raw)| {
        for of in raw.iter().filter_map(|question| question.get_ref().of.as_ref()) {
            faults.at(about, of.span().start, "`of` belongs to a booster (review.toml)");
        }
        let read = question::read_all(about, raw, QUESTIONS, faults);
        for said in read.iter().flat_map(|question| &question.texts) {
            reading.text(about, said, faults);
        }
        read.into_iter().map(|read| read.question).collect::<Option<Vec<_>>>()
    });
    let practice = folder.files.get(PRACTICE).map(|file| {
        // Without its name the lesson has a fault already.
        let lesson = id.clone().ok()?;
        practice::read(*file, &lesson, around.skills, &mut reading, faults)
    });
    let review = folder.file(REVIEW, faults).and_then(|file| review::read(file, &mut reading, faults));
    pictures.done(&folder.path, faults);
    let bytes = [about, text].into_iter().flatten().map(|file| file.text.len()).sum::<usize>();
    if bytes > TEXT_BYTES_MAX {
        let what = format!("lesson.toml and vi.md have {bytes} bytes together (at most {TEXT_BYTES_MAX})");
        faults.of(&folder.path, what);
    }

    let (id, top, (steps, page), questions) = (id.ok()?, top?, page?, questions??);
    let review = review?.of_lesson(&id, &questions, &top.skills, faults)?;
    let version = version(folder)?;
    let marking = Marking {
        lesson: id.clone(),
        version: version.clone(),
        skills: top.skills.clone(),
        pass_percent: top.pass_percent?,
        questions: questions.iter().map(|question| question.key.clone()).collect(),
    };
    let lesson = Lesson {
        id,
        version,
        title: top.title?.text,
        summary: top.summary?.text,
        minutes: top.minutes?,
        skills: top.skills,
        steps: steps?,
        key_points: page.key_points,
        for_real: page.for_real,
        without_phone: page.without_phone,
        questions,
        sources: top.sources?,
        fact_date: top.fact_date?,
        review_date: top.review_date?,
        marking,
        review,
    };
    let practice = match practice {
        Some(practice) => Some(practice?),
        None => None,
    };
    Some((top.order?, lesson, practice))
}

/// The first twelve digits of the hash over the names and bytes of all files of the folder but the simulator's and the
/// booster's, in the order of their names.
fn version(folder: &Folder<'_>) -> Option<Version> {
    let mut hash = Sha256::new();
    for (name, file) in folder.files.iter().filter(|(name, _)| ![PRACTICE, REVIEW].contains(name)) {
        // Lengths keep apart what a name and a text share.
        for part in [name, file.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hex(&hash.finalize())[..12].parse().ok()
}

/// What `lesson.toml` says before the questions.
struct Top {
    title: Option<Said>,
    summary: Option<Said>,
    order: Option<u8>,
    minutes: Option<u8>,
    skills: Vec<SkillId>,
    pass_percent: Option<u8>,
    fact_date: Option<NaiveDate>,
    review_date: Option<NaiveDate>,
    sources: Option<Vec<Source>>,
}

fn read_top(
    file: File<'_>,
    raw: RawLesson,
    slug: &str,
    around: &mut Around<'_>,
    faults: &mut Faults,
) -> (Top, Vec<Spanned<RawQuestion>>) {
    let mut form = Form { file, start: 0, owner: "the lesson", faults };
    let title = form.text(raw.title, "title");
    let summary = form.text(raw.summary, "summary");
    let order = form.number(raw.order, "order", 1..=u8::MAX);
    if let Some((order, place)) = order
        && let Some(other) = around.orders.insert(order, slug.to_owned())
    {
        form.fault(place, format!("`order` {order} is that of lesson “{other}”"));
    }
    let minutes = form.number(raw.minutes, "minutes", 1..=MINUTES_MAX);
    let pass_percent = form.number(raw.pass_percent, "pass_percent", 1..=100);
    let skills = read_skills(&mut form, raw.skills, around.skills);
    let fact_date = form.day(raw.fact_date, "fact_date").map(|(day, _)| day);
    let review = form.day(raw.review_date, "review_date");
    if let (Some(fact), Some((review, place))) = (fact_date, review) {
        if review <= fact {
            form.fault(place, format!("`review_date` {review} is not after `fact_date` {fact}"));
        } else if fact.checked_add_months(REVIEW_MONTHS_MAX).is_some_and(|latest| review > latest) {
            form.fault(place, format!("`review_date` {review} is more than 12 months after `fact_date` {fact}"));
        }
    }
    if raw.source.is_empty() {
        form.fault(0, "the lesson names no source");
    }
    let sources: Vec<Option<Source>> =
        raw.source.into_iter().map(|source| read_source(&mut form, source, fact_date)).collect();
    let top = Top {
        title,
        summary,
        order: order.map(|(order, _)| order),
        minutes: minutes.map(|(minutes, _)| minutes),
        skills,
        pass_percent: pass_percent.map(|(percent, _)| percent),
        fact_date,
        review_date: review.map(|(day, _)| day),
        sources: sources.into_iter().collect(),
    };
    (top, raw.question)
}

/// Skills of the track, by their names.
pub(crate) fn read_skills(
    form: &mut Form<'_, '_>,
    field: Option<Spanned<Vec<Spanned<String>>>>,
    known: Option<&[SkillId]>,
) -> Vec<SkillId> {
    let mut skills: Vec<SkillId> = Vec::new();
    let Some(field) = form.given(field, "skills") else { return skills };
    if field.get_ref().is_empty() {
        form.fault(field.span().start, "`skills` is empty: which one does the lesson teach?");
    }
    let Some(known) = known else { return skills };
    for wanted in field.get_ref() {
        let name = wanted.get_ref().as_str();
        match known.iter().find(|skill| skill.as_str() == name) {
            None => form.fault(wanted.span().start, format!("skill “{name}” is not in the track's track.toml")),
            Some(skill) if skills.contains(skill) => {
                form.fault(wanted.span().start, format!("skill “{name}” is named twice"));
            }
            Some(skill) => skills.push(skill.clone()),
        }
    }
    skills
}

fn read_source(form: &mut Form<'_, '_>, raw: Spanned<RawSource>, fact_date: Option<NaiveDate>) -> Option<Source> {
    let mut inner = Form { file: form.file, start: raw.span().start, owner: "a source", faults: form.faults };
    let raw = raw.into_inner();
    let document = inner.text(raw.document, "document");
    let date = inner.text(raw.date, "date").filter(|date| {
        let known = is_date(&date.text);
        if !known {
            let what = format!("the source's date is “{}”: write 2026, 2026-11 or 2026-11-23", date.text);
            inner.fault(date.start(), what);
        }
        known
    });
    let text = |field| optional_text(field).map(|said| said.text).filter(|text| !text.is_empty());
    let oldest = fact_date.map_or(i32::MIN, |day| day.year() - SOURCE_YEARS_MAX);
    let year = date.as_ref().and_then(|date| date.text.get(..4)?.parse::<i32>().ok());
    if let (Some(year), Some(date)) = (year.filter(|year| *year < oldest), &date)
        && text(raw.still).is_none()
    {
        let what = format!(
            "the source is of {year}, more than {SOURCE_YEARS_MAX} years before `fact_date`: find what holds today, or say in \
             `still` why it does"
        );
        inner.fault(date.start(), what);
    }
    let (publisher, number) = (text(raw.publisher), text(raw.number));
    Some(Source { document: document?.text, publisher, number, date: date?.text })
}

/// A year, a month or a day.
fn is_date(text: &str) -> bool {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    whole.len() == 10 && whole.is_ascii() && NaiveDate::parse_from_str(&whole, "%Y-%m-%d").is_ok()
}
