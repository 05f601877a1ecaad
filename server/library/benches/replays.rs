//! How many runs are replayed and scored in a second: what `cargo xtask bench` holds against its budget.

use domain::practice::{Act, Mode, RULES, Scenario, Trail, onward, rehearse, show};
use library::Library;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Long enough that the clock's own noise does not show.
const FOR: Duration = Duration::from_secs(1);

/// The longest runs there are: into each mistake and out of it, with a hint at every screen.
fn runs(scenario: &Scenario) -> Vec<(Mode, Trail)> {
    let run = |mode| {
        let mut trail = Trail::default();
        loop {
            let shown = show(&scenario.machine, mode, &trail).ok()?;
            let Some(next) = onward(&scenario.machine, &shown.state, mode) else { return Some((mode, trail)) };
            trail.push(Act::Hint, 3).ok()?;
            trail.push(Act::Move(next), 3).ok()?;
        }
    };
    (0..scenario.mistakes.len() as u8).filter_map(|kind| run(Mode::WrongRoom(kind))).collect()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is about time")]
fn main() {
    let library = Library::embedded().unwrap_or_else(|faults| panic!("{faults}"));
    let all: Vec<_> = library
        .practices
        .iter()
        .flat_map(|scenario| runs(scenario).into_iter().map(|(mode, trail)| (&scenario.machine, mode, trail)))
        .collect();
    assert!(!all.is_empty(), "there is no simulator");
    let began = Instant::now();
    let mut replayed = 0u64;
    while began.elapsed() < FOR {
        for (machine, mode, trail) in &all {
            assert!(black_box(rehearse(machine, RULES, *mode, black_box(trail))).is_ok());
            replayed += 1;
        }
    }
    println!("{} replays per second", (replayed as f64 / began.elapsed().as_secs_f64()) as u64);
}
