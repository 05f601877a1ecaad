//! Pictures: SVG that is one hand's work, light, and harmless inside a page.
//!
//! Only what is listed here may stand in a picture, so nothing in it can run, load, or be named from outside.

use crate::{faults::Faults, source::File};
use domain::content::{NotASlug, Picture, TrackId};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Compressed: the first scene of a lesson stands inside its page, and the page must fit the first 14 000 bytes.
const PICTURE_BYTES_MAX: usize = 3 * 1024;
/// Compressed, all of a lesson: what a bad network brings while one reads.
const LESSON_PICTURES_BYTES_MAX: usize = 24 * 1024;
/// As written: more than ten times the compressed limit is no flat scene, and would only cost time to look at.
const WRITTEN_BYTES_MAX: usize = 32 * 1024;
/// Groups in groups deeper than this are no hand's work.
const NESTING_MAX: usize = 8;

/// Ink, indigo, soft indigo, mist, paper, sand, gold, red, forest, leaf, skin, skin shade, white.
const PALETTE: [&str; 13] = [
    "#1D2233", "#27316B", "#8E97C8", "#E9E6F2", "#FBF8F3", "#F0E4CC", "#E2A72E", "#C8322B", "#2E7D4F", "#A9CDB5",
    "#E8B98F", "#C98F62", "#FFFFFF",
];

/// The pictures of a folder, by file name, and where each is used.
pub(crate) struct Pictures<'a> {
    files: BTreeMap<&'a str, (File<'a>, Option<usize>)>,
}

impl<'a> Pictures<'a> {
    /// Looks at every one of them.
    pub(crate) fn read(files: impl IntoIterator<Item = (&'a str, File<'a>)>, faults: &mut Faults) -> Self {
        let files: BTreeMap<_, _> = files.into_iter().map(|(name, file)| (name, (file, None))).collect();
        for (name, (file, _)) in &files {
            if let Err(not) = stem(name) {
                faults.of(file.path, format!("“{name}” is no name for a picture: {not}, then `.svg`"));
            }
            check(*file, faults);
        }
        Self { files }
    }

    /// The picture that `place` in `user` asks for.
    pub(crate) fn take(
        &mut self,
        name: &str,
        alt: &str,
        user: File<'_>,
        place: usize,
        faults: &mut Faults,
    ) -> Option<Picture> {
        let Some((file, used)) = self.files.get_mut(name) else {
            faults.at(user, place, format!("picture “{name}” is not in the folder"));
            return None;
        };
        let line = user.line(place);
        if let Some(first) = used.replace(line) {
            faults.at(user, place, format!("picture “{name}” is used already in line {first}"));
        }
        let svg = file.text.trim();
        let served_as = format!("{}-{}.svg", stem(name).ok()?, &hex(&Sha256::digest(svg))[..10]);
        Some(Picture { alt: alt.to_owned(), svg: svg.to_owned(), served_as })
    }

    /// After everybody has taken theirs.
    pub(crate) fn done(self, folder: &str, faults: &mut Faults) {
        for (file, _) in self.files.values().filter(|(_, used)| used.is_none()) {
            faults.of(file.path, "nothing uses this picture");
        }
        let texts: Vec<&str> = self.files.values().map(|(file, _)| file.text).collect();
        if let Some(bytes) = compressed_over(&texts, LESSON_PICTURES_BYTES_MAX) {
            let what = format!("all pictures weigh {bytes} bytes compressed (at most {LESSON_PICTURES_BYTES_MAX})");
            faults.of(folder, what);
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A picture's name has the letters of an address, as a track's has.
fn stem(name: &str) -> Result<&str, NotASlug> {
    let stem = name.strip_suffix(".svg").ok_or(NotASlug)?;
    stem.parse::<TrackId>().map(|_| stem)
}

/// What they weigh together when that is more than `limit`.
///
/// The best compression takes eight milliseconds a picture, a quick one a tenth of one, and the program must start quickly:
/// the best is tried only on what is too heavy after the quick one.
fn compressed_over(texts: &[&str], limit: usize) -> Option<usize> {
    const QUICK: i32 = 2;
    const BEST: i32 = 11;
    let total = |quality| texts.iter().map(|text| compressed(text, quality)).sum::<usize>();
    let over = |bytes: &usize| *bytes > limit;
    Some(texts.iter().map(|text| text.len()).sum()).filter(over)?;
    Some(total(QUICK)).filter(over)?;
    Some(total(BEST)).filter(over)
}

fn compressed(text: &str, quality: i32) -> usize {
    // A window of 2^16 bytes holds any picture.
    const WINDOW_BITS: i32 = 16;
    packing::brotli(text.as_bytes(), quality, WINDOW_BITS).len()
}

fn check(file: File<'_>, faults: &mut Faults) {
    if file.text.len() > WRITTEN_BYTES_MAX {
        return faults.of(file.path, format!("{} bytes as written (at most {WRITTEN_BYTES_MAX})", file.text.len()));
    }
    if let Some(bytes) = compressed_over(&[file.text], PICTURE_BYTES_MAX) {
        faults.of(file.path, format!("{bytes} bytes compressed (at most {PICTURE_BYTES_MAX})"));
    }
    if let Err((place, what)) = (Scanner { file, place: 0, open: Vec::new(), faults }).scan() {
        faults.at(file, place, what);
    }
}

/// What an attribute may hold.
#[derive(Clone, Copy)]
enum Value {
    /// Exactly this.
    Is(&'static str),
    OneOf(&'static [&'static str]),
    /// `none` or a colour of the palette.
    Colour,
    Number,
    /// Numbers with commas or white space between.
    Numbers,
    /// Commands of a path and numbers.
    Path,
    /// `translate(10 20) rotate(30)`
    Transform,
}

impl Value {
    fn fits(self, value: &str) -> bool {
        let digit = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+');
        let between = |letter: char| letter.is_ascii_whitespace() || letter == ',';
        match self {
            Self::Is(expected) => value == expected,
            Self::OneOf(words) => words.contains(&value),
            Self::Colour => value == "none" || PALETTE.iter().any(|colour| colour.eq_ignore_ascii_case(value)),
            Self::Number => value.chars().all(digit) && value.parse::<f32>().is_ok(),
            Self::Numbers => value.chars().all(|letter| digit(letter) || between(letter)),
            Self::Path => {
                value.chars().all(|letter| digit(letter) || between(letter) || "MLHVCSQTAZmlhvcsqtaz".contains(letter))
            }
            Self::Transform => {
                let letters = |letter: char| digit(letter) || between(letter) || matches!(letter, '(' | ')');
                let names = value.split(letters).filter(|name| !name.is_empty());
                let known = ["translate", "rotate", "scale", "skewX", "skewY", "matrix"];
                names.into_iter().all(|name| known.contains(&name))
            }
        }
    }

    fn told(self) -> String {
        match self {
            Self::Is(expected) => format!("“{expected}”"),
            Self::OneOf(words) => words.join(" or "),
            Self::Colour => "a colour of the palette, or none".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Numbers => "numbers".to_owned(),
            Self::Path => "a path".to_owned(),
            Self::Transform => "a transform".to_owned(),
        }
    }
}

/// What `attribute` of `element` may hold; `None` when it may not stand there.
fn allowed(element: &str, attribute: &str) -> Option<Value> {
    Some(match (element, attribute) {
        ("svg", "xmlns") => Value::Is("http://www.w3.org/2000/svg"),
        ("svg", "viewBox") => Value::Is("0 0 320 200"),
        ("path", "d") => Value::Path,
        ("polyline" | "polygon", "points") => Value::Numbers,
        ("circle" | "ellipse", "cx" | "cy")
        | ("circle", "r")
        | ("ellipse" | "rect", "rx" | "ry")
        | ("rect", "x" | "y" | "width" | "height")
        | ("line", "x1" | "y1" | "x2" | "y2") => Value::Number,
        (_, "fill" | "stroke") => Value::Colour,
        (_, "stroke-width" | "stroke-dashoffset" | "opacity" | "fill-opacity" | "stroke-opacity") => Value::Number,
        (_, "stroke-dasharray") => Value::Numbers,
        (_, "stroke-linecap") => Value::OneOf(&["round", "butt", "square"]),
        (_, "stroke-linejoin") => Value::OneOf(&["round", "miter", "bevel"]),
        (_, "fill-rule") => Value::OneOf(&["nonzero", "evenodd"]),
        (_, "transform") => Value::Transform,
        _ => return None,
    })
}

const SHAPES: [&str; 7] = ["path", "circle", "ellipse", "rect", "line", "polyline", "polygon"];

/// A tag that waits for its end.
struct Open<'a> {
    name: &'a str,
    /// Whether it, or one around it, says with what to fill.
    filled: bool,
}

/// Goes over a picture once. What is not well-formed ends it, everything else is noted.
struct Scanner<'a, 'f> {
    file: File<'a>,
    place: usize,
    open: Vec<Open<'a>>,
    faults: &'f mut Faults,
}

type Broken = (usize, String);

impl<'a> Scanner<'a, '_> {
    fn scan(mut self) -> Result<(), Broken> {
        let mut begun = false;
        loop {
            self.space();
            if self.rest().is_empty() {
                break;
            }
            let start = self.place;
            if self.takes("</") {
                let name = self.name();
                self.space();
                if !self.takes(">") || self.open.pop().is_none_or(|open| open.name != name) {
                    return Err((start, format!("</{name}> closes nothing")));
                }
            } else if self.rest().starts_with("<!") || self.rest().starts_with("<?") {
                return Err((start, "comments and declarations only add weight: leave them out".to_owned()));
            } else if self.takes("<") {
                if begun && self.open.is_empty() {
                    return Err((start, "nothing may follow </svg>".to_owned()));
                }
                self.tag(start, !begun)?;
                begun = true;
            } else {
                return Err((start, "a picture holds no text".to_owned()));
            }
        }
        match self.open.last() {
            Some(open) => Err((self.place, format!("<{}> is not closed", open.name))),
            None if begun => Ok(()),
            None => Err((0, "an empty picture".to_owned())),
        }
    }

    /// One tag after its `<`.
    fn tag(&mut self, start: usize, first: bool) -> Result<(), Broken> {
        let name = self.name();
        if first != (name == "svg") {
            let what = if first { "a picture begins with <svg>" } else { "<svg> inside <svg>" };
            return Err((start, what.to_owned()));
        }
        let shape = SHAPES.contains(&name);
        if !shape && !matches!(name, "svg" | "g") {
            self.faults.at(self.file, start, format!("<{name}> may not stand in a picture"));
        }
        let known = shape || matches!(name, "svg" | "g");
        let attributes = self.attributes(name, known)?;
        let has = |wanted: &str| attributes.iter().any(|(attribute, _)| *attribute == wanted);
        for wanted in ["xmlns", "viewBox"].iter().filter(|wanted| name == "svg" && !has(wanted)) {
            let expected = allowed(name, wanted).map(Value::told).unwrap_or_default();
            self.faults.at(self.file, start, format!("<svg> has no {wanted}: it is {expected}"));
        }
        let filled = has("fill") || self.open.last().is_some_and(|open| open.filled);
        if shape && name != "line" && !filled {
            self.faults.at(self.file, start, format!("<{name}> has no fill and would be black: fill=\"none\"?"));
        }
        if self.takes("/>") {
            return Ok(());
        }
        if !self.takes(">") {
            return Err((start, format!("<{name}> has no end")));
        }
        self.open.push(Open { name, filled });
        if self.open.len() > NESTING_MAX {
            return Err((start, format!("more than {NESTING_MAX} elements inside each other")));
        }
        Ok(())
    }

    fn attributes(&mut self, element: &str, known: bool) -> Result<Vec<(&'a str, &'a str)>, Broken> {
        let mut attributes: Vec<(&str, &str)> = Vec::new();
        loop {
            self.space();
            let place = self.place;
            let attribute = self.name();
            if attribute.is_empty() {
                return Ok(attributes);
            }
            let value = self.takes("=\"").then(|| self.rest().find('"')).flatten();
            let Some(value) = value.map(|end| &self.rest()[..end]) else {
                return Err((place, format!("<{element}>: {attribute} is not written {attribute}=\"…\"")));
            };
            self.place += value.len() + 1;
            if value.contains(['<', '&']) {
                return Err((place, format!("<{element}>: {attribute} holds `<` or `&`")));
            }
            if attributes.iter().any(|(other, _)| *other == attribute) {
                return Err((place, format!("<{element}> has {attribute} twice")));
            }
            match allowed(element, attribute) {
                // The element itself is the fault.
                _ if !known => {}
                None => {
                    self.faults.at(self.file, place, format!("<{element}> may not have {attribute}"));
                }
                Some(expected) if !expected.fits(value) => {
                    let what = format!("<{element}>: {attribute} is “{value}”, not {}", expected.told());
                    self.faults.at(self.file, place, what);
                }
                Some(_) => {}
            }
            attributes.push((attribute, value));
            if !self.rest().starts_with([' ', '\n', '\t', '/', '>']) {
                return Err((self.place, format!("<{element}>: no space after {attribute}")));
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.file.text.get(self.place..).unwrap_or_default()
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.place += rest.len() - rest.trim_ascii_start().len();
    }

    fn takes(&mut self, what: &str) -> bool {
        let here = self.rest().starts_with(what);
        self.place += if here { what.len() } else { 0 };
        here
    }

    /// A name of letters, digits, `-`, `_`, `:` and full stops; empty when none stands here.
    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_:.".contains(letter));
        let name = &rest[..end.unwrap_or(rest.len())];
        self.place += name.len();
        name
    }
}
