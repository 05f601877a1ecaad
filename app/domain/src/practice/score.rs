//! How a finished run is scored: from its trail alone.

use super::{RULES, guide::show, machine::Machine, trail::Trail};
use crate::accounts::named_values;
use serde::{Deserialize, Serialize};

/// How a simulator is practised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The next thing to touch is shown, with one sentence why.
    Guided,
    Alone,
    /// "Phòng bấm sai": the mistake of this kind is made on purpose, and then the way back is found.
    WrongRoom(u8),
}

impl Mode {
    /// One word for a form: `guided`, `alone`, `wrong-2`.
    pub fn to_word(self) -> String {
        match self {
            Self::Guided => "guided".to_owned(),
            Self::Alone => "alone".to_owned(),
            Self::WrongRoom(kind) => format!("wrong-{kind}"),
        }
    }

    /// From what [`Self::to_word`] gave.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "guided" => Some(Self::Guided),
            "alone" => Some(Self::Alone),
            _ => word.strip_prefix("wrong-")?.parse().ok().map(Self::WrongRoom),
        }
    }
}

named_values! {
    /// Who held the phone, as people say themselves.
    Held { Alone = "alone", HelperSpoke = "helper_spoke", HelperHeld = "helper_held" }
}

named_values! {
    /// How a run was passed; they stand apart and are never added.
    Passed {
        /// Without a mistake and without a hint.
        Alone = "alone",
        /// Without a mistake; the next thing was shown, once or all the way.
        WithHints = "with_hints",
        /// A mistake was made, and made good.
        AfterRecovery = "after_recovery",
        /// In "phòng bấm sai": the mistake that was asked for was made on purpose, and made good.
        WrongRoom = "wrong_room",
    }
}

/// A finished run, scored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    pub passed: Passed,
    pub mistakes: u16,
    pub recovered: u16,
    pub wrong_taps: u16,
    pub hints: u16,
    /// Time spent, in seconds; pauses over a quarter of an hour count as that.
    pub seconds: u32,
    /// Nothing was shown: no guiding, no hint.
    pub unaided: bool,
}

/// Why a trail is no finished run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunFault {
    /// Rules that this program does not know: those of a newer one.
    UnknownRules,
    /// A move that does not exist on its screen: the trail is of something else.
    NotPossible,
    /// It does not reach an end with every mistake made good, or not the mistake that was asked for.
    Unfinished,
}

/// Replays a trail by the rules it was made with and scores it.
pub fn rehearse(machine: &Machine, rules: u16, mode: Mode, trail: &Trail) -> Result<Run, RunFault> {
    if rules != RULES {
        return Err(RunFault::UnknownRules);
    }
    let shown = show(machine, mode, trail).map_err(|_| RunFault::NotPossible)?;
    let state = shown.state;
    let made_it = match mode {
        Mode::WrongRoom(kind) => state.made.has(kind),
        Mode::Guided | Mode::Alone => true,
    };
    if !shown.is_end || !state.open.is_empty() || !made_it {
        return Err(RunFault::Unfinished);
    }
    let unaided = mode != Mode::Guided && state.hints == 0;
    let passed = match mode {
        Mode::WrongRoom(_) => Passed::WrongRoom,
        _ if state.mistakes > 0 => Passed::AfterRecovery,
        _ if unaided => Passed::Alone,
        _ => Passed::WithHints,
    };
    Ok(Run {
        passed,
        mistakes: state.mistakes,
        recovered: state.recovered,
        wrong_taps: state.wrong_taps,
        hints: state.hints,
        seconds: state.seconds,
        unaided,
    })
}

#[cfg(test)]
mod tests {
    use super::super::machine::{Act, State, step, tests::small};
    use super::*;
    use proptest::prelude::*;

    fn run(mode: Mode, trail: &str) -> Result<Run, RunFault> {
        let trail: Trail = trail.parse().unwrap_or_else(|_| panic!("{trail}"));
        rehearse(&small(), RULES, mode, &trail)
    }

    #[test]
    fn ways_of_passing_stand_apart() {
        use RunFault::{NotPossible, Unfinished};
        let wrong = Mode::WrongRoom(0);
        let cases = [
            (Mode::Alone, "a1a1", Ok(Passed::Alone)),
            (Mode::Alone, "b1b1a1a1", Ok(Passed::Alone)),
            (Mode::Alone, "!1a1a1", Ok(Passed::Alone)),
            (Mode::Alone, "?1a1a1", Ok(Passed::WithHints)),
            (Mode::Guided, "a1a1", Ok(Passed::WithHints)),
            (Mode::Alone, "b1a1a1", Ok(Passed::AfterRecovery)),
            (Mode::Guided, "b1a1?1a1", Ok(Passed::AfterRecovery)),
            (wrong, "b1a1a1", Ok(Passed::WrongRoom)),
            (wrong, "a1a1", Err(Unfinished)),
            (Mode::WrongRoom(3), "b1a1a1", Err(Unfinished)),
            (Mode::Alone, "", Err(Unfinished)),
            (Mode::Alone, "b1a1", Err(Unfinished)),
            (Mode::Alone, "a1a1a1", Err(NotPossible)),
            (Mode::Alone, "l1", Err(NotPossible)),
        ];
        for (mode, trail, expected) in cases {
            assert_eq!(run(mode, trail).map(|run| run.passed), expected, "{mode:?} {trail}");
        }
        let counted = run(Mode::Alone, "!3b4?5a6a7").unwrap_or_else(|fault| panic!("{fault:?}"));
        let expected = Run {
            passed: Passed::AfterRecovery,
            mistakes: 1,
            recovered: 1,
            wrong_taps: 1,
            hints: 1,
            seconds: 25,
            unaided: false,
        };
        assert_eq!(counted, expected);
        let trail = "a1a1".parse().unwrap_or_default();
        assert_eq!(rehearse(&small(), RULES + 1, Mode::Alone, &trail), Err(RunFault::UnknownRules));
    }

    #[test]
    fn modes_are_words() {
        for mode in [Mode::Guided, Mode::Alone, Mode::WrongRoom(0), Mode::WrongRoom(7)] {
            assert_eq!(Mode::from_word(&mode.to_word()), Some(mode));
        }
        for bad in ["", "wrong", "wrong-", "wrong-300", "Alone"] {
            assert_eq!(Mode::from_word(bad), None, "{bad}");
        }
    }

    proptest! {
        /// What happens act by act on the phone is what the server finds in the trail.
        #[test]
        fn a_replay_equals_the_live_run(acts in proptest::collection::vec((0..14u8, 0..1000u16), 0..60)) {
            let machine = small();
            let (mut state, mut trail) = (State::default(), Trail::default());
            for (act, seconds) in acts {
                let act = match act { 12 => Act::Hint, 13 => Act::Slip, place => Act::Move(place) };
                if let Ok(next) = step(&machine, &state, act, seconds) {
                    state = next;
                    prop_assert!(trail.push(act, seconds).is_ok());
                }
            }
            let sent: Trail = trail.to_string().parse().unwrap_or_default();
            let shown = show(&machine, Mode::Alone, &sent);
            prop_assert_eq!(shown.map(|shown| shown.state), Ok(state));
            let scored = rehearse(&machine, RULES, Mode::Alone, &sent);
            prop_assert_eq!(scored.is_ok(), machine.is_end(state.screen) && state.open.is_empty());
        }
    }
}
