//! Scam cases and their genuine look-alikes, drawn from a seed: family × channel × slots × clues × wording.

use super::random::Random;
use crate::{
    accounts::named_values,
    content::{SkillId, TrackId},
};
use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    str::FromStr,
};

named_values! {
    /// Where a case meets the learner.
    Channel { Call = "call", Sms = "sms", Chat = "chat", Door = "door", Web = "web" }
}

named_values! {
    Truth { Scam = "scam", Genuine = "genuine" }
}

/// All families and slots. As text it is a tree, one thing a line, indented by tabs: small, and read without a library.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Book {
    /// Shared slots; `ten`, `so-1`, `so-2` and `so-3` are made of chance.
    pub slots: Vec<Slot>,
    pub families: Vec<Family>,
}

/// A named gap in the texts and what can fill it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slot {
    pub name: String,
    pub values: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Family {
    pub id: String,
    pub title: String,
    /// What to do when one meets it.
    pub right: String,
    pub skills: Vec<(TrackId, SkillId)>,
    pub slots: Vec<Slot>,
    pub signs: Vec<Sign>,
    pub cases: Vec<Case>,
}

/// What gives a scam away, or shows that something is genuine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sign {
    pub of: Truth,
    pub name: String,
    pub why: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    pub channel: Channel,
    pub of: Truth,
    /// What the phone shows of the sender.
    pub from: Vec<String>,
    /// Of genuine ones: why it was genuine, and what to do.
    pub then: String,
    /// Each turn is a row of choices; of each choice one piece is drawn.
    pub turns: Vec<Vec<Vec<Piece>>>,
    /// What is answered when the learner asks back.
    pub replies: Vec<Piece>,
}

/// One thing said, in several wordings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The sign of the family that it is.
    pub sign: Option<u8>,
    pub say: Vec<String>,
}

/// A case as it was drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DrawnCase {
    /// Its family's place in the book.
    pub family: usize,
    /// Its place in the family.
    pub case: usize,
    pub channel: Channel,
    pub of: Truth,
    pub from: String,
    pub turns: Vec<Vec<Said>>,
    /// One for each turn, for whoever asks there; empty where nothing can be asked.
    pub replies: Vec<Said>,
}

/// Something said, with its slots filled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    pub text: String,
    pub sign: Option<u8>,
}

/// Draws a case. The same book and seed give the same case, everywhere.
pub fn draw(book: &Book, seed: u64) -> Option<DrawnCase> {
    let mut random = Random::new(seed);
    let family = random.below(book.families.len());
    let of = if random.below(2) == 0 { Truth::Scam } else { Truth::Genuine };
    let cases = &book.families.get(family)?.cases;
    let fitting: Vec<usize> = (0..cases.len()).filter(|place| cases[*place].of == of).collect();
    let place = *random.one_of(&fitting)?;
    let case = cases.get(place)?;
    let mut filling = Filling { book, family: &book.families[family], random, filled: BTreeMap::new() };
    let from = filling.one_of(&case.from);
    let turns = case.turns.iter().map(|turn| turn.iter().map(|choice| filling.piece(choice)).collect()).collect();
    let replies = match case.replies.is_empty() {
        true => Vec::new(),
        false => (0..case.turns.len()).map(|_| filling.piece(&case.replies)).collect(),
    };
    Some(DrawnCase { family, case: place, channel: case.channel, of, from, turns, replies })
}

/// A case while its texts are drawn; a slot keeps its value.
struct Filling<'a> {
    book: &'a Book,
    family: &'a Family,
    random: Random,
    filled: BTreeMap<String, String>,
}

impl Filling<'_> {
    fn piece(&mut self, choice: &[Piece]) -> Said {
        match self.random.one_of(choice) {
            Some(piece) => Said { text: self.one_of(&piece.say), sign: piece.sign },
            None => Said { text: String::new(), sign: None },
        }
    }

    fn one_of(&mut self, wordings: &[String]) -> String {
        let wording = self.random.one_of(wordings).map(String::as_str).unwrap_or_default();
        let mut text = String::with_capacity(wording.len() + 16);
        let mut rest = wording;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(&self.slot(name));
            rest = after;
        }
        text.push_str(rest);
        // What fills a gap is written as inside a sentence; a text that begins with one begins a sentence.
        if wording.starts_with('{') { capitalised(&text) } else { text }
    }

    fn slot(&mut self, name: &str) -> String {
        if let Some(filled) = self.filled.get(name) {
            return filled.clone();
        }
        let value = match name {
            "so-1" | "so-2" | "so-3" => format!("{:03}", self.random.below(1000)),
            "ten" => {
                let of = if self.random.below(2) == 0 { "ten-nam" } else { "ten-nu" };
                self.drawn(of)
            }
            _ => self.drawn(name),
        };
        self.filled.insert(name.to_owned(), value.clone());
        value
    }

    fn drawn(&mut self, name: &str) -> String {
        let slot = self.family.slots.iter().chain(&self.book.slots).find(|slot| slot.name == name);
        slot.and_then(|slot| self.random.one_of(&slot.values)).cloned().unwrap_or_default()
    }
}

/// Only letters without marks, which is what fillings begin with: for the others a phone would load tables of all alphabets.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

impl Book {
    /// What to do about a case: of a scam what its family says, of something genuine what its case says.
    pub fn advice(&self, case: &DrawnCase) -> &str {
        let Some(family) = self.families.get(case.family) else { return "" };
        match case.of {
            Truth::Scam => &family.right,
            Truth::Genuine => family.cases.get(case.case).map(|case| case.then.as_str()).unwrap_or_default(),
        }
    }

    /// The sign that something said in a case shows.
    pub fn sign(&self, case: &DrawnCase, said: &Said) -> Option<&Sign> {
        self.families.get(case.family)?.signs.get(usize::from(said.sign?))
    }
}

impl DrawnCase {
    /// Everything that is said in the turns, in order.
    pub fn text(&self) -> String {
        let said = self.turns.iter().flatten().map(|said| said.text.as_str());
        [self.from.as_str()].into_iter().chain(said).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for slot in &self.slots {
            write_slot(&mut text, 0, slot)?;
        }
        for family in &self.families {
            writeln!(text, "family {}", family.id)?;
            writeln!(text, "\ttitle {}", family.title)?;
            writeln!(text, "\tright {}", family.right)?;
            for (track, skill) in &family.skills {
                writeln!(text, "\tskill {track} {skill}")?;
            }
            for slot in &family.slots {
                write_slot(&mut text, 1, slot)?;
            }
            for sign in &family.signs {
                writeln!(text, "\tsign {} {}\n\t\t{}", sign.of.as_str(), sign.name, sign.why)?;
            }
            for case in &family.cases {
                writeln!(text, "\tcase {} {}", case.channel.as_str(), case.of.as_str())?;
                for from in &case.from {
                    writeln!(text, "\t\tfrom {from}")?;
                }
                if !case.then.is_empty() {
                    writeln!(text, "\t\tthen {}", case.then)?;
                }
                for turn in &case.turns {
                    writeln!(text, "\t\tturn")?;
                    for choice in turn {
                        for (place, piece) in choice.iter().enumerate() {
                            write_piece(&mut text, 3, if place == 0 { "piece" } else { "or" }, piece)?;
                        }
                    }
                }
                for piece in &case.replies {
                    write_piece(&mut text, 2, "reply", piece)?;
                }
            }
        }
        f.write_str(&text)
    }
}

fn write_slot(text: &mut String, deep: usize, slot: &Slot) -> fmt::Result {
    let tabs = "\t".repeat(deep);
    writeln!(text, "{tabs}slot {}", slot.name)?;
    slot.values.iter().try_for_each(|value| writeln!(text, "{tabs}\t{value}"))
}

fn write_piece(text: &mut String, deep: usize, kind: &str, piece: &Piece) -> fmt::Result {
    let tabs = "\t".repeat(deep);
    match piece.sign {
        Some(sign) => writeln!(text, "{tabs}{kind} {sign}")?,
        None => writeln!(text, "{tabs}{kind}")?,
    }
    piece.say.iter().try_for_each(|wording| writeln!(text, "{tabs}\t{wording}"))
}

/// A text is not that of a book.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotABook;

/// A line of the tree and what stands under it.
struct Branch<'a> {
    /// Its first word.
    kind: &'a str,
    /// What follows the first word.
    rest: &'a str,
    line: &'a str,
    under: Vec<Branch<'a>>,
}

fn branches<'a>(lines: &mut std::iter::Peekable<std::str::Lines<'a>>, deep: usize) -> Vec<Branch<'a>> {
    let mut found = Vec::new();
    while let Some(line) = lines.peek().copied() {
        if line.bytes().take_while(|byte| *byte == b'\t').count() != deep {
            break;
        }
        lines.next();
        let line = &line[deep..];
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        found.push(Branch { kind, rest, line, under: branches(lines, deep + 1) });
    }
    found
}

impl Branch<'_> {
    fn lines(&self) -> Vec<String> {
        self.under.iter().map(|line| line.line.to_owned()).collect()
    }

    fn slot(&self) -> Slot {
        Slot { name: self.rest.to_owned(), values: self.lines() }
    }

    fn piece(&self) -> Piece {
        Piece { sign: self.rest.parse().ok(), say: self.lines() }
    }

    fn case(&self) -> Option<Case> {
        let (channel, of) = self.rest.split_once(' ')?;
        let (channel, of) = (Channel::parse(channel)?, Truth::parse(of)?);
        let mut case = Case { channel, of, from: vec![], then: String::new(), turns: vec![], replies: vec![] };
        for under in &self.under {
            match under.kind {
                "from" => case.from.push(under.rest.to_owned()),
                "then" => case.then = under.rest.to_owned(),
                "turn" => {
                    let mut turn: Vec<Vec<Piece>> = Vec::new();
                    for piece in &under.under {
                        match (piece.kind, turn.last_mut()) {
                            ("piece", _) => turn.push(vec![piece.piece()]),
                            ("or", Some(choice)) => choice.push(piece.piece()),
                            _ => return None,
                        }
                    }
                    case.turns.push(turn);
                }
                "reply" => case.replies.push(under.piece()),
                _ => return None,
            }
        }
        Some(case)
    }

    fn family(&self) -> Option<Family> {
        let id = self.rest.to_owned();
        let mut family = Family {
            id,
            title: String::new(),
            right: String::new(),
            skills: vec![],
            slots: vec![],
            signs: vec![],
            cases: vec![],
        };
        for under in &self.under {
            match under.kind {
                "title" => family.title = under.rest.to_owned(),
                "right" => family.right = under.rest.to_owned(),
                "skill" => {
                    let (track, skill) = under.rest.split_once(' ')?;
                    family.skills.push((track.parse().ok()?, skill.parse().ok()?));
                }
                "slot" => family.slots.push(under.slot()),
                "sign" => {
                    let (of, name) = under.rest.split_once(' ')?;
                    let why = under.under.first()?.line.to_owned();
                    family.signs.push(Sign { of: Truth::parse(of)?, name: name.to_owned(), why });
                }
                "case" => family.cases.push(under.case()?),
                _ => return None,
            }
        }
        Some(family)
    }
}

impl FromStr for Book {
    type Err = NotABook;

    fn from_str(text: &str) -> Result<Self, NotABook> {
        let mut lines = text.lines().peekable();
        let mut book = Self::default();
        for branch in branches(&mut lines, 0) {
            match branch.kind {
                "slot" => book.slots.push(branch.slot()),
                "family" => book.families.push(branch.family().ok_or(NotABook)?),
                _ => return Err(NotABook),
            }
        }
        // A line indented too deep ends the reading.
        if lines.next().is_some() { Err(NotABook) } else { Ok(book) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::practice) fn book() -> Book {
        let pieces = |sign, say: [&str; 2]| Piece { sign, say: say.map(str::to_owned).to_vec() };
        let case = |of: Truth, sign| Case {
            channel: Channel::Call,
            of,
            from: vec!["Số lạ 0000 {so-1}".to_owned(), "Ẩn số".to_owned()],
            then: if of == Truth::Genuine { "Người thật.".to_owned() } else { String::new() },
            turns: vec![
                vec![vec![pieces(None, ["Tôi là {ten} ở {xa}.", "{ten} đây, ở {xa}."])]],
                vec![vec![pieces(sign, ["Đọc mã đi.", "Mã là gì?"]), pieces(sign, ["Nhanh lên.", "Gấp lắm."])]],
            ],
            replies: vec![pieces(sign, ["{ten} mà.", "Tôi đã nói rồi."])],
        };
        let slot = |name: &str, values: &[&str]| Slot {
            name: name.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let family = |id: &str| Family {
            id: id.to_owned(),
            title: "Giả".to_owned(),
            right: "Tắt máy.".to_owned(),
            skills: "an-toan".parse().ok().zip("goi".parse().ok()).into_iter().collect(),
            slots: vec![slot("xa", &["xã Mẫu"])],
            signs: [Truth::Scam, Truth::Genuine]
                .map(|of| Sign { of, name: "Dấu".to_owned(), why: "Vì thế.".to_owned() })
                .to_vec(),
            cases: vec![case(Truth::Scam, Some(0)), case(Truth::Genuine, Some(1))],
        };
        let slots = vec![slot("ten-nam", &["Lò Văn Mẫu", "Cầm Mẫu"]), slot("ten-nu", &["Quàng Thị Mẫu"])];
        Book { slots, families: vec![family("mot"), family("hai")] }
    }

    #[test]
    fn a_book_is_read_as_it_is_written() {
        let text = book().to_string();
        assert_eq!(text.parse::<Book>(), Ok(book()));
        for bad in
            ["x", "family a\n\t\t\tb", "family a\n\tcase call\n", "family a\n\tcase call scam\n\t\tturn\n\t\t\tor\n"]
        {
            assert_eq!(bad.parse::<Book>(), Err(NotABook), "{bad}");
        }
    }

    #[test]
    fn a_seed_is_a_case_and_slots_keep_their_value() {
        let book = book();
        for seed in 0..200 {
            let case = draw(&book, seed).unwrap_or_else(|| panic!("{seed}"));
            assert_eq!(draw(&book, seed), Some(case.clone()));
            assert!(!case.text().contains(['{', '}']), "{case:?}");
            assert!(case.text().contains("xã Mẫu"), "{case:?}");
            let names = ["Lò Văn Mẫu", "Cầm Mẫu", "Quàng Thị Mẫu"];
            let all = case.text() + &case.replies.iter().map(|said| said.text.as_str()).collect::<String>();
            assert_eq!(names.iter().filter(|name| all.contains(**name)).count(), 1, "{all}");
            assert_eq!(case.replies.len(), case.turns.len());
            let (advice, of) = if case.of == Truth::Scam {
                ("Tắt máy.", Truth::Scam)
            } else {
                ("Người thật.", Truth::Genuine)
            };
            assert_eq!(book.advice(&case), advice);
            let signs: Vec<_> = case.turns.iter().flatten().filter_map(|said| book.sign(&case, said)).collect();
            assert!(!signs.is_empty() && signs.iter().all(|sign| sign.of == of), "{case:?}");
        }
        assert_eq!(draw(&Book::default(), 1), None);
    }
}
