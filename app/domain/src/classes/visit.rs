//! Whom to visit next, and why: the one question of a trainer with fifteen people and two hands.

use crate::time::{Millis, SECOND_MS};

/// Wrong answers or taps at one place after which somebody should not be left alone with it.
pub const WRONG_MANY: u16 = 2;
/// How long somebody may look at one place: longest reading of a screen by a slow reader, twice.
pub const STILL_FOR: Millis = 3 * 60 * SECOND_MS;
/// How long a phone may be silent: away, asleep, or without a network.
pub const QUIET_FOR: Millis = 5 * 60 * SECOND_MS;
/// How long after coming somebody may not have begun.
pub const BEGIN_WITHIN: Millis = 5 * 60 * SECOND_MS;

/// Somebody in the room as far as the class view knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Seat {
    /// When they were marked as there; `None`: not there.
    pub there_since: Option<Millis>,
    /// They learn on a phone of their own.
    pub own_phone: bool,
    /// Where they are in a lesson: since when, how often wrong, and when their phone last said so.
    pub at: Option<At>,
    /// They finished something since they came.
    pub finished: bool,
    /// A trainer learnt with them since they came.
    pub visited: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct At {
    pub since: Millis,
    pub seen_at: Millis,
    pub wrong: u16,
}

/// Why somebody should be visited, the most urgent first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// So often wrong at one place.
    Wrong(u16),
    /// So many minutes at one place.
    Still(u32),
    /// No phone, and nobody has learnt with them yet.
    NoPhone,
    /// Came so many minutes ago and has not begun.
    NotBegun(u32),
    /// Nothing heard of their phone for so many minutes.
    Quiet(u32),
}

fn minutes(since: Millis, now: Millis) -> u32 {
    u32::try_from((now - since) / (60 * SECOND_MS)).unwrap_or_default()
}

/// Why this person should be visited; `None` when they get on.
pub fn reason(seat: &Seat, now: Millis) -> Option<Reason> {
    let there = seat.there_since?;
    if !seat.own_phone {
        return (!seat.visited).then_some(Reason::NoPhone);
    }
    match seat.at {
        Some(at) if now - at.seen_at >= QUIET_FOR => (!seat.finished).then(|| Reason::Quiet(minutes(at.seen_at, now))),
        Some(at) if at.wrong >= WRONG_MANY => Some(Reason::Wrong(at.wrong)),
        Some(at) if now - at.since >= STILL_FOR => Some(Reason::Still(minutes(at.since, now))),
        Some(_) => None,
        None if !seat.finished && now - there >= BEGIN_WITHIN => Some(Reason::NotBegun(minutes(there, now))),
        None => None,
    }
}

/// How pressing a reason is: kind first, then how much of it.
fn urgency(reason: Reason) -> (u8, u32) {
    match reason {
        Reason::Wrong(wrong) => (4, wrong.into()),
        Reason::Still(minutes) => (3, minutes),
        Reason::NoPhone => (2, 0),
        Reason::NotBegun(minutes) => (1, minutes),
        Reason::Quiet(minutes) => (0, minutes),
    }
}

/// Those to visit, the most pressing first; among equals as they stand on the roster.
pub fn visits(seats: &[Seat], now: Millis) -> Vec<(usize, Reason)> {
    let mut visits: Vec<(usize, Reason)> =
        seats.iter().enumerate().filter_map(|(place, seat)| Some((place, reason(seat, now)?))).collect();
    visits.sort_by_key(|(place, reason)| (std::cmp::Reverse(urgency(*reason)), *place));
    visits
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Millis = 60 * SECOND_MS;
    const NOW: Millis = 100 * MINUTE;

    fn seat(at: Option<(i64, i64, u16)>) -> Seat {
        let at = at.map(|(since, seen, wrong)| At { since: NOW - since * MINUTE, seen_at: NOW - seen * MINUTE, wrong });
        Seat { there_since: Some(NOW - 10 * MINUTE), own_phone: true, at, finished: false, visited: false }
    }

    #[test]
    fn who_is_visited_and_why() {
        let cases = [
            (seat(Some((1, 0, 0))), None),
            (seat(Some((1, 0, 1))), None),
            (seat(Some((1, 0, 2))), Some(Reason::Wrong(2))),
            (seat(Some((3, 0, 0))), Some(Reason::Still(3))),
            (seat(Some((9, 6, 3))), Some(Reason::Quiet(6))),
            (Seat { finished: true, ..seat(Some((9, 6, 0))) }, None),
            (seat(None), Some(Reason::NotBegun(10))),
            (Seat { finished: true, ..seat(None) }, None),
            (Seat { there_since: Some(NOW - MINUTE), ..seat(None) }, None),
            (Seat { own_phone: false, ..seat(None) }, Some(Reason::NoPhone)),
            (Seat { own_phone: false, visited: true, ..seat(None) }, None),
            (Seat { there_since: None, ..seat(Some((9, 0, 9))) }, None),
        ];
        for (seat, expected) in cases {
            assert_eq!(reason(&seat, NOW), expected, "{seat:?}");
        }
        let room =
            [seat(None), seat(Some((4, 0, 0))), seat(Some((1, 0, 2))), seat(Some((1, 0, 5))), seat(Some((7, 0, 0)))];
        let order: Vec<usize> = visits(&room, NOW).into_iter().map(|(place, _)| place).collect();
        assert_eq!(order, [3, 2, 4, 1, 0]);
    }
}
