//! Names of form fields and page attributes that pages, islands and handlers of practice share.

use domain::{
    practice::{
        Answers, Book, By, DrawnCase, Drill, DrillScore, Held, Machine, Mode, Outcome, RULES, Response, Seen, Shown,
        State, Strip, Trail, Truth, d_prime, rehearse, show,
    },
    sync::{Noted, Pass},
};

pub const VERSION: &str = "version";
pub const MODE: &str = "mode";
pub const TRAIL: &str = "trail";
pub const SEED: &str = "seed";
pub const ANSWERS: &str = "answers";
/// When the page was made, in milliseconds since 1970; empty in a page that is the same for everyone.
pub const AT: &str = "at";
/// Buttons. The value of `begin` is a mode, of `move` a screen and a place (`3.1`), of `type` a screen, of `held` who held the
/// phone, of `answer` the letter of a response.
pub const BEGIN: &str = "begin";
pub const MOVE: &str = "move";
pub const TYPE: &str = "type";
pub const HINT: &str = "hint";
pub const AGAIN: &str = "again";
pub const HELD: &str = "held";
pub const ANSWER: &str = "answer";

/// The field of a screen.
pub fn typed(screen: u8) -> String {
    format!("f{screen}")
}

/// A move as a button's value.
pub fn move_value(screen: u8, place: u8) -> String {
    format!("{screen}.{place}")
}

/// The screen and place of a button's value.
pub fn read_move(value: &str) -> Option<(u8, u8)> {
    let (screen, place) = value.split_once('.')?;
    Some((screen.parse().ok()?, place.parse().ok()?))
}

/// Words of the strip have a key each: what to do on a screen, why to make a move, what came of a mistake, what was learnt of a
/// kind of mistake, what was typed leads nowhere.
pub fn say(screen: u8) -> String {
    format!("s{screen}")
}

pub fn why(screen: u8, place: u8) -> String {
    format!("w{screen}.{place}")
}

pub fn after(screen: u8, place: u8) -> String {
    format!("a{screen}.{place}")
}

pub fn lesson(kind: u8) -> String {
    format!("l{kind}")
}

pub fn no(screen: u8) -> String {
    format!("n{screen}")
}

/// Said of a touch that does nothing.
pub const SLIP: &str = "slip";
/// Said when the trail is full.
pub const FULL: &str = "full";

/// The keys of what the strip says.
pub fn strip_keys(shown: &Shown, has_field: bool) -> Vec<String> {
    let screen = shown.state.screen;
    match shown.strip {
        Strip::Say => vec![say(screen)],
        Strip::Why(place) => vec![why(screen, place)],
        Strip::After { screen, place } => vec![after(screen, place)],
        Strip::Lesson(kinds) => (0..8).filter(|kind| kinds.has(*kind)).map(lesson).collect(),
        Strip::Slip if has_field => vec![no(screen)],
        Strip::Slip => vec![SLIP.to_owned()],
    }
}

/// The mistake that is asked for and not made yet.
pub fn asked_for(mode: Mode, shown: &Shown) -> Option<u8> {
    match mode {
        Mode::WrongRoom(kind) if !shown.state.made.has(kind) => Some(kind),
        _ => None,
    }
}

/// Whether a screen has something to type.
pub fn has_field(machine: &Machine, screen: u8) -> bool {
    let moves = machine.screen(screen).map(|screen| &screen.moves[..]).unwrap_or_default();
    moves.iter().any(|made| matches!(made.by, By::Typed(_)))
}

/// What is said of a case when it is over: `scam-refused`.
pub fn verdict(of: Truth, outcome: Outcome) -> String {
    let outcome = match outcome {
        Outcome::Followed => "followed",
        Outcome::Refused => "refused",
        Outcome::Checked => "checked",
    };
    format!("{}-{outcome}", of.as_str())
}

/// The numbers at the end of a drill, by the names that the page has for their places.
pub fn drill_numbers(score: &DrillScore) -> [(&'static str, String); 5] {
    [
        ("hits", score.hits.to_string()),
        ("scams", score.scams.to_string()),
        ("false-alarms", score.false_alarms.to_string()),
        ("genuine", score.genuine.to_string()),
        ("d-prime", two_places(d_prime(score))),
    ]
}

/// What is said at the end: passed, a scam was followed, or too much that is genuine was refused.
pub fn drill_result(score: &DrillScore) -> &'static str {
    match () {
        () if score.is_pass() => "pass",
        () if score.hits < score.scams => "missed",
        () => "wary",
    }
}

/// A number with two decimal places, as Vietnamese writes it. Without the machinery for floating point that a phone would load.
fn two_places(number: f64) -> String {
    let hundredths = (number * 100.0).round() as i32;
    let sign = if hundredths < 0 { "−" } else { "" };
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    let zero = if rest < 10 { "0" } else { "" };
    format!("{sign}{whole},{zero}{rest}")
}

/// What follows from a trail, in one line: for the test that phone and server agree. Empty where the trail is not possible.
/// Written without `Debug`, which the phone would load for nothing else.
pub fn replayed(machine: &str, mode: &str, trail: &str) -> String {
    let read = || {
        let (machine, mode) = (machine.parse::<Machine>().ok()?, Mode::from_word(mode)?);
        let trail: Trail = trail.parse().ok()?;
        let shown = show(&machine, mode, &trail).ok()?;
        let State { screen, open, made, mistakes, recovered, wrong_taps, hints, seconds } = shown.state;
        let mut said = strip_keys(&shown, has_field(&machine, screen));
        for number in [screen.into(), open.0.into(), made.0.into(), mistakes, recovered, wrong_taps, hints] {
            said.push(number.to_string());
        }
        said.push(seconds.to_string());
        said.push(shown.next.map(|next| next.to_string()).unwrap_or_default());
        said.push(match rehearse(&machine, RULES, mode, &trail) {
            Ok(run) => run.passed.as_str().to_owned(),
            Err(_) => String::new(),
        });
        Some(said.join(" "))
    };
    read().unwrap_or_default()
}

/// The same of a drill.
pub fn drilled(book: &str, seed: u32, answers: &str) -> String {
    let read = || {
        let drill = Drill::new(&book.parse().ok()?, seed);
        let seen = drill.see(&answers.parse().ok()?).ok()?;
        let case = drill.cases.get(seen.case).map(DrawnCase::text).unwrap_or_default();
        let outcome = seen.results.last().map(|(_, of, outcome)| verdict(*of, *outcome)).unwrap_or_default();
        let mut said = vec![seen.case.to_string(), seen.turn.to_string(), outcome, case];
        said.extend(drill_numbers(&seen.score).map(|(_, number)| number));
        Some(said.join(" "))
    };
    read().unwrap_or_default()
}

/// Answers so far with one more.
pub fn with(answers: &Answers, response: Response, seconds: u16) -> Answers {
    let mut more = answers.clone();
    more.push(response, seconds);
    more
}

/// What a finished drill says about the skills of its families.
pub fn noted(book: &Book, seed: u32, held: Held, answers: &Answers) -> Noted {
    let Ok((score, families)) = Drill::new(book, seed).score(RULES, answers) else { return Noted::default() };
    let families = families.iter().filter_map(|family| book.families.get(*family));
    let skills = families.flat_map(|family| &family.skills).map(|(_, skill)| skill.clone()).collect();
    Noted::practised(Pass::of_drill(&score, held), skills)
}

/// Whether there is another turn of this case.
pub fn goes_on(seen: &Seen, turns: usize) -> bool {
    seen.turn + 1 < turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_read_back() {
        assert_eq!(read_move(&move_value(12, 3)), Some((12, 3)));
        for bad in ["", "3", "3.", ".3", "3.1.2", "-1.0", "300.0"] {
            assert_eq!(read_move(bad), None, "{bad}");
        }
    }

    #[test]
    fn decimals_have_a_comma() {
        for (number, text) in [(0.0, "0,00"), (1.689, "1,69"), (-0.054, "−0,05"), (2.5, "2,50"), (-3.0, "−3,00")] {
            assert_eq!(two_places(number), text);
        }
    }
}
