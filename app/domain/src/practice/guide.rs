//! What to touch next, and what the strip under the phone says.

use super::{
    machine::{Act, Kinds, Machine, Mark, NotPossible, State, step},
    score::Mode,
    trail::Trail,
};
use std::collections::{BTreeMap, VecDeque};

/// The move to make now: the first of the shortest way onward. In "phòng bấm sai" that is first the way to the mistake that is
/// asked for, then, as everywhere, the way by right moves and recoveries to an end with nothing left open.
pub fn onward(machine: &Machine, state: &State, mode: Mode) -> Option<u8> {
    match mode {
        Mode::WrongRoom(kind) if !state.made.has(kind) => {
            let wanted = |mark| matches!(mark, Mark::Mistake(made) if made == kind);
            // A mistake may stand behind another one; without that is better.
            let plain =
                |mark| if wanted(mark) { Some(true) } else { (!matches!(mark, Mark::Mistake(_))).then_some(false) };
            let any = |mark| Some(wanted(mark));
            shortest(machine, state, false, plain).or_else(|| shortest(machine, state, false, any))
        }
        _ => shortest(machine, state, true, |mark| matches!(mark, Mark::Right | Mark::Recovery(_)).then_some(false)),
    }
}

/// Breadth first over (screen, open mistakes). `allow` says whether a move may be made, and whether it is what is looked for;
/// with `to_end` an end without open mistakes is.
fn shortest(machine: &Machine, from: &State, to_end: bool, allow: impl Fn(Mark) -> Option<bool>) -> Option<u8> {
    let mut first: BTreeMap<(u8, Kinds), u8> = BTreeMap::new();
    let mut queue = VecDeque::from([(*from, None)]);
    while let Some((state, began)) = queue.pop_front() {
        if to_end && machine.is_end(state.screen) && state.open.is_empty() {
            return began;
        }
        let Some(screen) = machine.screen(state.screen) else { continue };
        for (place, made) in (0..).zip(&screen.moves) {
            let Some(found) = allow(made.mark) else { continue };
            let began = began.unwrap_or(place);
            if found {
                return Some(began);
            }
            let Ok(next) = step(machine, &state, Act::Move(place), 0) else { continue };
            first.entry((next.screen, next.open)).or_insert_with(|| {
                queue.push_back((next, Some(began)));
                began
            });
        }
    }
    None
}

/// Which words the strip says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strip {
    /// What there is to do on the screen.
    Say,
    /// Why to make this move of the screen.
    Why(u8),
    /// What came of the mistake that this move of that screen was, and the way back.
    After { screen: u8, place: u8 },
    /// What was learnt by making mistakes of these kinds good.
    Lesson(Kinds),
    /// What was touched does nothing.
    Slip,
}

/// What a page shows after a trail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown {
    pub state: State,
    pub strip: Strip,
    /// The move that is pointed out.
    pub next: Option<u8>,
    pub is_end: bool,
}

/// Replays a trail and says what to show.
pub fn show(machine: &Machine, mode: Mode, trail: &Trail) -> Result<Shown, NotPossible> {
    let mut state = State::default();
    let mut before = state;
    for timed in trail.acts() {
        before = state;
        state = step(machine, &state, timed.act, timed.seconds)?;
    }
    let last = trail.acts().last().map(|timed| timed.act);
    let is_end = machine.is_end(state.screen);
    let pointed = mode == Mode::Guided || last == Some(Act::Hint);
    let next = if pointed && !is_end { onward(machine, &state, mode) } else { None };
    let mark = |place: u8| {
        let screen = machine.screen(before.screen)?;
        screen.moves.get(usize::from(place)).map(|made| made.mark)
    };
    let said = match last {
        Some(Act::Slip) => Some(Strip::Slip),
        Some(Act::Move(place)) => match mark(place) {
            Some(Mark::Mistake(_)) => Some(Strip::After { screen: before.screen, place }),
            Some(Mark::Recovery(kinds)) => {
                let good = before.open.shared(kinds);
                (!good.is_empty()).then_some(Strip::Lesson(good))
            }
            _ => None,
        },
        _ => None,
    };
    let strip = said.or(next.map(Strip::Why)).unwrap_or(Strip::Say);
    Ok(Shown { state, strip, next, is_end })
}

#[cfg(test)]
mod tests {
    use super::super::machine::tests::small;
    use super::*;

    fn shown(mode: Mode, trail: &str) -> Shown {
        let trail: Trail = trail.parse().unwrap_or_else(|_| panic!("{trail}"));
        show(&small(), mode, &trail).unwrap_or_else(|_| panic!("{trail}"))
    }

    #[test]
    fn the_strip_says_what_just_mattered() {
        let wrong = Mode::WrongRoom(0);
        let after = Strip::After { screen: 2, place: 0 };
        let cases = [
            (Mode::Alone, "", Strip::Say, None),
            (Mode::Guided, "", Strip::Why(0), Some(0)),
            (Mode::Alone, "?1", Strip::Why(0), Some(0)),
            (Mode::Alone, "!1", Strip::Slip, None),
            (Mode::Guided, "!1", Strip::Slip, Some(0)),
            (Mode::Guided, "b1", Strip::Why(1), Some(1)),
            (Mode::Alone, "b1a1", after, None),
            (Mode::Guided, "b1a1", after, Some(0)),
            (Mode::Alone, "b1a1a1", Strip::Lesson(Kinds(1)), None),
            (wrong, "?1", Strip::Why(1), Some(1)),
            (wrong, "b1?1", Strip::Why(0), Some(0)),
            (wrong, "b1a1?1", Strip::Why(0), Some(0)),
            (Mode::Guided, "a1a1", Strip::Say, None),
        ];
        for (mode, trail, strip, next) in cases {
            let shown = shown(mode, trail);
            assert_eq!((shown.strip, shown.next), (strip, next), "{mode:?} {trail}");
        }
        assert!(shown(Mode::Alone, "a1a1").is_end);
        assert!(show(&small(), Mode::Alone, &"c1".parse().unwrap_or_default()).is_err());
    }

    #[test]
    fn in_the_wrong_room_the_way_leads_to_the_mistake() {
        // 0: the end is near, the mistake 0 is far; mistake 1 stands only behind mistake 0.
        let machine: Machine = "1r,2w;.;3m0;4m1,1c1;1c3".parse().unwrap_or_else(|_| panic!("no machine"));
        let next = |kind, trail: &str| {
            let trail: Trail = trail.parse().unwrap_or_default();
            show(&machine, Mode::WrongRoom(kind), &trail)
                .map(|shown| onward(&machine, &shown.state, Mode::WrongRoom(kind)))
        };
        assert_eq!(next(0, ""), Ok(Some(1)));
        assert_eq!(next(1, ""), Ok(Some(1)), "another mistake may stand on the way");
        assert_eq!(next(1, "b1a1"), Ok(Some(0)));
        assert_eq!(next(1, "b1a1a1"), Ok(Some(0)), "made: now the way back");
        assert_eq!(next(0, "a1"), Ok(None), "at an end nothing is possible");
    }
}
