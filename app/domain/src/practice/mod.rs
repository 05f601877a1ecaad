//! Practice: simulators that are safe to get wrong, and scam drills that never repeat.
//!
//! A simulator is a machine of screens and moves; what was done is a trail, and a trail can be replayed: the phone shows what
//! happens at once, the server replays and scores the same trail with this same code. A drill is drawn from a seed, and its
//! answers are replayed in the same way. Neither believes a claimed score.
//!
//! To add a rule to the machine: give it a new number beside [`RULES`], keep the old one replayable, and let `replay` choose.

mod drill;
mod guide;
mod machine;
mod qr;
mod random;
mod scams;
mod scenario;
mod score;
mod sensitivity;
mod telling;
mod trail;
mod walk;

pub use drill::{ANSWERS_BYTES_MAX, Answers, CASES, Drill, DrillFault, DrillScore, Outcome, Response, Seen};
pub use guide::{Shown, Strip, onward, show};
pub use machine::{
    Act, By, KINDS_MAX, Kinds, MOVES_MAX, Machine, Mark, Move, NotPossible, SCREENS_MAX, Screen, State,
    TYPED_LETTERS_MAX, TextFault, digits_of, step,
};
pub use qr::{Crc, NOTE_LETTERS_MAX, Payload, QrFault, crc16, practice_code, read_code};
pub use random::Random;
pub use scams::{Book, Case, Channel, DrawnCase, Family, Piece, Said, Sign, Slot, Truth, draw};
pub use scenario::{
    App, Field, FieldKind, Look, Mistake, MoveWords, Part, Rehearsal, Scenario, ScreenWords, SlipLine, Text,
    shown_value, typed_value,
};
pub use score::{Held, Mode, Passed, Run, RunFault, rehearse};
pub use sensitivity::d_prime;
pub use telling::{Line, lines};
pub use trail::{SECONDS_MAX, TRAIL_BYTES_MAX, Timed, Trail, TrailFault};
pub use walk::{MachineFault, faults, shortest_right_path};

/// The rules of the machine and of drills that this program plays by. A trail names the rules it was made with.
pub const RULES: u16 = 1;
