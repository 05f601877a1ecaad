//! A track: `track.toml`, its picture, and the lessons in its folder.

use crate::{
    abbreviations::Abbreviations,
    faults::Faults,
    form::{self, Form},
    lesson::{self, Around},
    picture::Pictures,
    source::File,
    text::Said,
    tree::TrackFolder,
};
use domain::{
    content::{Lesson, Skill, SkillId, Track, TrackId},
    practice::Scenario,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrack {
    title: Option<Spanned<String>>,
    summary: Option<Spanned<String>>,
    order: Option<Spanned<i64>>,
    picture: Option<Spanned<String>>,
    #[serde(default)]
    skill: Vec<Spanned<RawSkill>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSkill {
    id: Option<Spanned<String>>,
    title: Option<Spanned<String>>,
}

/// What no two tracks may share.
#[derive(Default)]
pub(crate) struct Taken {
    orders: BTreeMap<u8, String>,
    skills: BTreeMap<String, String>,
}

/// The track with its place among the others, and the simulators of its lessons. `None` only where there are faults.
pub(crate) fn read(
    name: &str,
    folder: &TrackFolder<'_>,
    abbreviations: &Abbreviations,
    taken: &mut Taken,
    faults: &mut Faults,
) -> Option<(u8, Track, Vec<Scenario>)> {
    let own = &folder.own;
    let id = name.parse::<TrackId>();
    if let Err(not) = id {
        faults.of(&own.path, format!("“{name}” is no name for a track: {not}"));
    }
    own.only(&["track.toml"], faults);
    let mut pictures = Pictures::read(own.pictures(), faults);
    let about = own.file("track.toml", faults);
    let raw = about.and_then(|about| Some((about, form::parse::<RawTrack>(about, faults)?)));
    let top = raw.map(|(about, raw)| read_top(about, raw, name, &mut pictures, taken, faults));
    pictures.done(&own.path, faults);
    let mut skill_ids: Option<Vec<SkillId>> = None;
    if let (Some(top), Some(about)) = (&top, about) {
        let mut reading = abbreviations.reading();
        for said in [&top.title, &top.summary].into_iter().flatten().chain(top.skills.iter().map(|(_, title)| title)) {
            reading.text(about, said, faults);
        }
        skill_ids = Some(top.skills.iter().map(|(id, _)| id.clone()).collect());
    }

    if folder.lessons.is_empty() {
        faults.of(&own.path, "this track has no lesson");
    }
    let mut around = Around { abbreviations, skills: skill_ids.as_deref(), orders: &mut BTreeMap::new() };
    let mut lessons: Vec<(u8, Lesson, Option<Scenario>)> = Vec::new();
    for (slug, folder) in &folder.lessons {
        let before = faults.0.len();
        let lesson = lesson::read(name, slug, folder, &mut around, faults);
        debug_assert!(lesson.is_some() || faults.0.len() > before, "{name}/{slug} is lost without a fault");
        lessons.extend(lesson);
    }
    lessons.sort_by_key(|(order, ..)| *order);
    let (lessons, practices): (Vec<Lesson>, Vec<Option<Scenario>>) =
        lessons.into_iter().map(|(_, lesson, practice)| (lesson, practice)).unzip();

    let top = top?;
    let track = Track {
        id: id.ok()?,
        title: top.title?.text,
        summary: top.summary?.text,
        picture: top.picture?,
        skills: top.skills.into_iter().map(|(id, title)| Skill { id, title: title.text }).collect(),
        lessons,
    };
    Some((top.order?, track, practices.into_iter().flatten().collect()))
}

/// What `track.toml` says.
struct Top {
    title: Option<Said>,
    summary: Option<Said>,
    order: Option<u8>,
    picture: Option<domain::content::Picture>,
    skills: Vec<(SkillId, Said)>,
}

fn read_top(
    file: File<'_>,
    raw: RawTrack,
    name: &str,
    pictures: &mut Pictures<'_>,
    taken: &mut Taken,
    faults: &mut Faults,
) -> Top {
    let mut form = Form { file, start: 0, owner: "the track", faults };
    let title = form.text(raw.title, "title");
    let summary = form.text(raw.summary, "summary");
    let order = form.number(raw.order, "order", 1..=u8::MAX);
    if let Some((order, place)) = order
        && let Some(other) = taken.orders.insert(order, name.to_owned())
    {
        form.fault(place, format!("`order` {order} is that of track “{other}”"));
    }
    let picture = form.text(raw.picture, "picture");
    // It decorates the track's title and is not described.
    let picture = picture.and_then(|wanted| pictures.take(&wanted.text, "", file, wanted.start(), form.faults));
    if raw.skill.is_empty() {
        form.fault(0, "the track teaches no skill (`[[skill]]`)");
    }
    let mut skills = Vec::new();
    for skill in raw.skill {
        let mut inner = Form { file, start: skill.span().start, owner: "a skill", faults: form.faults };
        let RawSkill { id, title } = skill.into_inner();
        let (id, title) = (inner.text(id, "id"), inner.text(title, "title"));
        let Some(id) = id else { continue };
        if let Some(other) = taken.skills.insert(id.text.clone(), name.to_owned()) {
            inner.fault(id.start(), format!("skill “{}” stands already in track “{other}”", id.text));
        }
        match id.text.parse() {
            Ok(id) => skills.push((id, title.unwrap_or_default())),
            Err(not) => inner.fault(id.start(), format!("“{}” is no name for a skill: {not}", id.text)),
        }
    }
    Top { title, summary, order: order.map(|(order, _)| order), picture, skills }
}
