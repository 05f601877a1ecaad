//! `vi.md`: the steps of a lesson and its three closing parts.

use crate::{
    faults::Faults,
    markdown::{Block, Kind},
    source::File,
    text::{Said, counted, sentences, words},
};
use std::ops::RangeInclusive;

/// As many steps as five minutes hold, and as few as still tell something.
const STEPS: RangeInclusive<usize> = 4..=7;
/// What fits under a picture on a small phone without scrolling.
const STEP_SENTENCES_MAX: usize = 4;
/// What is said in one breath, and understood by somebody who is read to.
const SENTENCE_WORDS_MAX: usize = 12;
/// More is not remembered.
const KEY_POINTS: RangeInclusive<usize> = 2..=4;
/// More is not done.
const ACTS: RangeInclusive<usize> = 1..=3;

/// Headings of the closing parts.
const REMEMBER: &str = "Ghi nhớ";
const FOR_REAL: &str = "Làm thật";
const WITHOUT_PHONE: &str = "Không có điện thoại thông minh";

#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) steps: Vec<PageStep>,
    pub(crate) key_points: Vec<String>,
    pub(crate) for_real: Vec<String>,
    pub(crate) without_phone: String,
}

#[derive(Debug)]
pub(crate) struct PageStep {
    pub(crate) title: String,
    /// What it shows, the name of its file, and where that stands.
    pub(crate) picture: Option<(String, String, usize)>,
    pub(crate) sentences: Vec<String>,
    pub(crate) speak: Option<String>,
}

pub(crate) fn read(file: File<'_>, blocks: &[Block], faults: &mut Faults) -> Page {
    let mut page = Page::default();
    let mut closed: Vec<&str> = Vec::new();
    for section in sections(file, blocks, faults) {
        let (Some(heading), content) = (section.first(), section.get(1..).unwrap_or_default()) else { continue };
        let title = heading.said.text.trim();
        let closing = [REMEMBER, FOR_REAL, WITHOUT_PHONE].into_iter().find(|closing| *closing == title);
        let Some(closing) = closing else {
            if title.is_empty() {
                faults.at(file, heading.start, "a heading says nothing");
            }
            if let Some(last) = closed.last() {
                faults.at(file, heading.start, format!("step “{title}” stands after the closing part “{last}”"));
            }
            page.steps.push(step(file, heading, content, faults));
            continue;
        };
        if closed.contains(&closing) {
            faults.at(file, heading.start, format!("`## {closing}` stands here a second time"));
        }
        closed.push(closing);
        match closing {
            REMEMBER => page.key_points = points(file, heading, content, KEY_POINTS, faults),
            FOR_REAL => page.for_real = points(file, heading, content, ACTS, faults),
            _ => page.without_phone = paragraphs(file, heading, content, faults),
        }
    }
    if !STEPS.contains(&page.steps.len()) {
        faults.of(file.path, format!("{} ({})", counted(page.steps.len(), "step"), between(&STEPS)));
    }
    for closing in [REMEMBER, FOR_REAL, WITHOUT_PHONE] {
        if !closed.contains(&closing) {
            faults.of(file.path, format!("the closing part `## {closing}` is missing"));
        }
    }
    page
}

pub(crate) fn between(range: &RangeInclusive<usize>) -> String {
    format!("{} to {}", range.start(), range.end())
}

/// The headings, each with what stands under it.
fn sections<'b>(file: File<'_>, blocks: &'b [Block], faults: &mut Faults) -> Vec<&'b [Block]> {
    let mut sections: Vec<&[Block]> = blocks.chunk_by(|_, next| next.kind != Kind::Heading).collect();
    if let Some(first) = sections.first().and_then(|section| section.first())
        && first.kind != Kind::Heading
    {
        faults.at(file, first.start, "nothing stands before the first `## ` heading");
        sections.remove(0);
    }
    sections
}

fn step(file: File<'_>, heading: &Block, content: &[Block], faults: &mut Faults) -> PageStep {
    let title = heading.said.text.trim();
    let mut step = PageStep { title: title.to_owned(), picture: None, sentences: Vec::new(), speak: None };
    if !matches!(content.first(), Some(Block { kind: Kind::Picture(_), .. })) {
        let what = format!("step “{title}” begins with its picture: `![what it shows](file.svg)`");
        faults.at(file, heading.start, what);
    }
    for (nth, block) in content.iter().enumerate() {
        match &block.kind {
            Kind::Picture(name) => {
                let alt = block.said.text.trim();
                if alt.is_empty() {
                    faults.at(file, block.start, format!("picture “{name}” does not say what it shows"));
                }
                if step.picture.is_some() {
                    faults.at(file, block.start, format!("step “{title}” has a second picture, “{name}”"));
                } else if nth == 0 {
                    step.picture = Some((alt.to_owned(), name.clone(), block.start));
                }
            }
            Kind::Text if step.speak.is_some() => {
                faults.at(file, block.start, format!("step “{title}” goes on after what the voice reads (`> …`)"));
            }
            Kind::Text => step_text(file, &mut step, &block.said, faults),
            Kind::Quote if step.speak.is_some() => {
                faults.at(file, block.start, format!("step “{title}” has a second quote (`> …`)"));
            }
            Kind::Quote => step.speak = Some(block.said.text.trim().to_owned()),
            Kind::Point | Kind::Heading => {
                faults.at(file, block.start, format!("step “{title}” has a list: write sentences"));
            }
        }
    }
    if step.sentences.is_empty() {
        faults.at(file, heading.start, format!("step “{title}” has no text"));
    }
    if step.speak.as_ref().is_some_and(String::is_empty) {
        faults.at(file, heading.start, format!("step “{title}” has an empty quote (`>`)"));
    }
    step
}

fn step_text(file: File<'_>, step: &mut PageStep, said: &Said, faults: &mut Faults) {
    for (at, sentence) in sentences(&said.text) {
        let long = words(sentence);
        if long > SENTENCE_WORDS_MAX {
            let what = format!("sentence of {long} words (at most {SENTENCE_WORDS_MAX}): “{sentence}”");
            faults.at(file, said.place(at), what);
        }
        step.sentences.push(sentence.to_owned());
        if step.sentences.len() == STEP_SENTENCES_MAX + 1 {
            let what = format!("step “{}” has more than {STEP_SENTENCES_MAX} sentences: “{sentence}”", step.title);
            faults.at(file, said.place(at), what);
        }
    }
}

fn points(
    file: File<'_>,
    heading: &Block,
    content: &[Block],
    allowed: RangeInclusive<usize>,
    faults: &mut Faults,
) -> Vec<String> {
    let title = heading.said.text.trim();
    let mut points = Vec::new();
    for block in content {
        let point = block.said.text.trim();
        if block.kind != Kind::Point {
            faults.at(file, block.start, format!("“{title}” holds points only: `- …`"));
        } else if point.is_empty() {
            faults.at(file, block.start, "an empty point");
        } else {
            points.push(point.to_owned());
        }
    }
    if !allowed.contains(&points.len()) {
        faults.at(
            file,
            heading.start,
            format!("“{title}” has {} ({})", counted(points.len(), "point"), between(&allowed)),
        );
    }
    points
}

fn paragraphs(file: File<'_>, heading: &Block, content: &[Block], faults: &mut Faults) -> String {
    let title = heading.said.text.trim();
    let mut texts = Vec::new();
    for block in content {
        if block.kind == Kind::Text {
            texts.push(block.said.text.trim());
        } else {
            faults.at(file, block.start, format!("“{title}” holds plain text only"));
        }
    }
    if texts.is_empty() {
        faults.at(file, heading.start, format!("“{title}” says nothing"));
    }
    texts.join(" ")
}
