//! Walks a simulator completely, so that no learner meets a dead end.

use super::machine::{Act, Kinds, Machine, Mark, State, step};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What is wrong with a machine. Numbers are places of screens, moves and kinds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MachineFault {
    /// Nothing leads to this screen.
    Unreachable(u8),
    /// From this screen, with these mistakes open, no way leads to an end with all of them made good.
    DeadEnd(u8, Kinds),
    /// This end can be reached while these mistakes are still open.
    EndsOpen(u8, Kinds),
    /// No way by right moves and recoveries leads from this screen, with these mistakes open, to an end.
    NoRightWay(u8, Kinds),
    /// The right moves alone do not lead from the first screen to an end.
    NoRightPath,
    /// No move that can be made makes this mistake.
    NeverMade(u8),
    /// Nothing makes this mistake good.
    NeverRecovered(u8),
    /// A recovery that closes nothing, however one comes to it.
    IdleRecovery(u8, u8),
}

type Place = (u8, Kinds);

fn next(machine: &Machine, (screen, open): Place, place: u8) -> Option<Place> {
    let state = State { screen, open, made: open, ..State::default() };
    step(machine, &state, Act::Move(place), 0).ok().map(|state| (state.screen, state.open))
}

/// Everything wrong with it, in order. `kinds` is how many kinds of mistakes it names.
pub fn faults(machine: &Machine, kinds: u8) -> Vec<MachineFault> {
    let mut found = BTreeSet::new();
    let mut made = Kinds::default();
    let mut recovered = Kinds::default();
    let mut closing: BTreeMap<(u8, u8), bool> = BTreeMap::new();
    // Forward: every place that can be reached, and who leads to it.
    let start: Place = (0, Kinds::default());
    let mut reached = BTreeSet::from([start]);
    let mut back: BTreeMap<Place, Vec<(Place, bool)>> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        let moves = machine.screen(here.0).map(|screen| &screen.moves[..]).unwrap_or_default();
        for (place, by) in (0..).zip(moves) {
            let Some(there) = next(machine, here, place) else { continue };
            match by.mark {
                Mark::Mistake(kind) => made = made.and(Kinds::one(kind)),
                Mark::Recovery(kinds) => {
                    let closes = here.1.shared(kinds);
                    recovered = recovered.and(closes);
                    *closing.entry((here.0, place)).or_default() |= !closes.is_empty();
                }
                Mark::Way | Mark::Right => {}
            }
            let onward = matches!(by.mark, Mark::Right | Mark::Recovery(_));
            back.entry(there).or_default().push((here, onward));
            if reached.insert(there) {
                queue.push_back(there);
            }
        }
    }
    // Backward from the good ends: by any move, and by the moves that are pointed out.
    let ends = reached.iter().copied().filter(|(screen, open)| machine.is_end(*screen) && open.is_empty());
    let ends: Vec<Place> = ends.collect();
    let saved = backward(&back, &ends, |_| true);
    let guided = backward(&back, &ends, |onward| onward);
    for &(screen, open) in &reached {
        if machine.is_end(screen) {
            if !open.is_empty() {
                found.insert(MachineFault::EndsOpen(screen, open));
            }
        } else if !saved.contains(&(screen, open)) {
            found.insert(MachineFault::DeadEnd(screen, open));
        } else if !guided.contains(&(screen, open)) {
            found.insert(MachineFault::NoRightWay(screen, open));
        }
    }
    for screen in (0..).take(machine.screens.len()) {
        if !reached.iter().any(|(reached, _)| *reached == screen) {
            found.insert(MachineFault::Unreachable(screen));
        }
    }
    if shortest_right_path(machine).is_none() {
        found.insert(MachineFault::NoRightPath);
    }
    for kind in 0..kinds {
        if !made.has(kind) {
            found.insert(MachineFault::NeverMade(kind));
        } else if !recovered.has(kind) {
            found.insert(MachineFault::NeverRecovered(kind));
        }
    }
    for ((screen, place), closes) in closing {
        if !closes {
            found.insert(MachineFault::IdleRecovery(screen, place));
        }
    }
    found.into_iter().collect()
}

fn backward(back: &BTreeMap<Place, Vec<(Place, bool)>>, ends: &[Place], by: impl Fn(bool) -> bool) -> BTreeSet<Place> {
    let mut found: BTreeSet<Place> = ends.iter().copied().collect();
    let mut queue: Vec<Place> = ends.to_vec();
    while let Some(there) = queue.pop() {
        for (here, onward) in back.get(&there).map(|from| &from[..]).unwrap_or_default() {
            if by(*onward) && found.insert(*here) {
                queue.push(*here);
            }
        }
    }
    found
}

/// The moves of the shortest way from the first screen to an end by right moves alone.
pub fn shortest_right_path(machine: &Machine) -> Option<Vec<Act>> {
    let mut came: BTreeMap<u8, Option<(u8, u8)>> = BTreeMap::from([(0, None)]);
    let mut queue = VecDeque::from([0u8]);
    while let Some(here) = queue.pop_front() {
        if machine.is_end(here) {
            let mut path = Vec::new();
            let mut at = here;
            while let Some(Some((from, place))) = came.get(&at) {
                path.push(Act::Move(*place));
                at = *from;
            }
            path.reverse();
            return Some(path);
        }
        let moves = machine.screen(here).map(|screen| &screen.moves[..]).unwrap_or_default();
        for (place, by) in (0..).zip(moves) {
            if by.mark == Mark::Right && !came.contains_key(&by.to) {
                came.insert(by.to, Some((here, place)));
                queue.push_back(by.to);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::machine::tests::{SMALL, small};
    use super::*;

    #[test]
    fn each_fault_is_found() {
        use MachineFault::{
            DeadEnd, EndsOpen, IdleRecovery, NeverMade, NeverRecovered, NoRightPath, NoRightWay, Unreachable,
        };
        let cases: &[(&str, u8, &[MachineFault])] = &[
            (SMALL, 1, &[]),
            ("1r;.;.", 0, &[Unreachable(2)]),
            ("1r,2w;.;2w", 0, &[DeadEnd(2, Kinds(0))]),
            ("1r,1m0;.", 1, &[EndsOpen(1, Kinds(1)), NeverRecovered(0)]),
            ("1r,2w;.;1w", 0, &[NoRightWay(2, Kinds(0))]),
            ("1w;.", 0, &[NoRightWay(0, Kinds(0)), NoRightPath]),
            ("1r;.", 2, &[NeverMade(0), NeverMade(1)]),
            ("1r,1c1;.", 0, &[IdleRecovery(0, 1)]),
            ("1r,2m0;.;1c2,1c1", 1, &[EndsOpen(1, Kinds(1)), IdleRecovery(2, 0)]),
        ];
        for (text, kinds, expected) in cases {
            let machine: Machine = text.parse().unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(faults(&machine, *kinds), *expected, "{text}");
        }
    }

    #[test]
    fn the_right_path_is_the_shortest() {
        assert_eq!(shortest_right_path(&small()), Some(vec![Act::Move(0), Act::Move(0)]));
    }
}
