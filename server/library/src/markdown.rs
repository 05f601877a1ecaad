//! The little of Markdown that a lesson may use, as a row of blocks.
//!
//! Everything else is a fault, so that what an author sees in the file is what people see on the page.

use crate::{faults::Faults, source::File, text::Said};
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// `## …`
    Heading,
    /// `![what it shows](file.svg)`, alone in its paragraph; the file's name.
    Picture(String),
    /// A paragraph.
    Text,
    /// `> …`
    Quote,
    /// `- …`
    Point,
}

#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    /// What it says; of a picture, what it shows.
    pub(crate) said: Said,
    /// Where it begins in the file.
    pub(crate) start: usize,
}

pub(crate) fn blocks(file: File<'_>, faults: &mut Faults) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    // Between the brackets of a picture, where text describes it.
    let mut in_picture = false;
    for (event, range) in Parser::new(file.text).into_offset_iter() {
        let start = range.start;
        let begin = |kind| Some(Block { kind, said: Said::default(), start });
        match event {
            Event::Start(Tag::Heading { level, .. }) if open.is_none() => {
                if level != HeadingLevel::H2 {
                    faults.at(file, start, "headings begin with `## `");
                }
                open = begin(Kind::Heading);
            }
            Event::Start(Tag::Paragraph) => match &mut open {
                None => open = begin(Kind::Text),
                // The next paragraph of a quote or a point.
                Some(block) if !block.said.text.is_empty() => block.said.push(" ", start),
                Some(_) => {}
            },
            Event::Start(Tag::BlockQuote(_)) if open.is_none() => open = begin(Kind::Quote),
            Event::Start(Tag::List(None)) if open.is_none() => {}
            Event::Start(Tag::Item) if open.is_none() => open = begin(Kind::Point),
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                in_picture = true;
                if !title.is_empty() {
                    faults.at(file, start, "a picture has no title, only `![what it shows](file.svg)`");
                }
                match &mut open {
                    Some(block) if block.kind == Kind::Text && block.said.text.is_empty() => {
                        block.kind = Kind::Picture(dest_url.into_string());
                    }
                    _ => faults.at(file, start, "a picture stands alone, with an empty line above and below"),
                }
            }
            Event::End(TagEnd::Image) => in_picture = false,
            Event::Text(text) => {
                if let Some(block) = &mut open {
                    if matches!(block.kind, Kind::Picture(_)) && !in_picture {
                        faults.at(file, start, "a picture stands alone, with an empty line above and below");
                    }
                    block.said.push(&text, start);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(block) = &mut open {
                    block.said.push(" ", start);
                }
            }
            Event::End(end) => {
                let closes = open.as_ref().is_some_and(|block| match block.kind {
                    Kind::Heading => matches!(end, TagEnd::Heading(_)),
                    Kind::Picture(_) | Kind::Text => end == TagEnd::Paragraph,
                    Kind::Quote => matches!(end, TagEnd::BlockQuote(_)),
                    Kind::Point => end == TagEnd::Item,
                });
                if closes {
                    blocks.extend(open.take());
                }
            }
            other => {
                if let Some(name) = not_ours(&other) {
                    faults.at(file, start, format!("{name} is not used here: write plain text"));
                }
            }
        }
    }
    blocks
}

/// What a piece of Markdown that lessons do not use is called; `None` when that is told elsewhere.
fn not_ours(event: &Event<'_>) -> Option<&'static str> {
    Some(match event {
        Event::Start(Tag::Emphasis | Tag::Strong) => "emphasis (`*`, `_`)",
        Event::Start(Tag::Link { .. }) => "a link",
        Event::Start(Tag::List(Some(_))) => "a numbered list",
        Event::Start(Tag::List(None)) => "a list inside something else",
        Event::Start(Tag::BlockQuote(_)) => "a quote inside something else",
        Event::Start(Tag::Heading { .. }) => "a heading inside something else",
        Event::Start(Tag::CodeBlock(_)) => "code (text that is indented or between ```)",
        Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => "HTML",
        Event::Code(_) => "code (between backticks)",
        Event::Rule => "a line across the page",
        // The inside of what has been named, and points of a list inside something else.
        Event::Html(_) | Event::Start(Tag::Item) => return None,
        _ => "this markup",
    })
}
