//! Classes: where they meet, the list that people were entered from, who was there, whom to visit next, and what was gained.

mod class;
mod gain;
mod name;
mod roster;
pub mod visit;

pub use class::{
    Attendance, CLASS_DAYS_MAX, CLASS_NAME_CHARS_MAX, Class, ClassId, ConsentGiven, JOIN_DIGITS, JOIN_FOR, JoinCode,
    MEMBERS_MAX, MemberId, NotAJoinCode, Plan,
};
pub use gain::{GAIN_PEOPLE_MIN, Gain, Pair, gain};
pub use name::{DisplayName, NAME_CHARACTERS_MAX, NameFault, SortKey};
pub use roster::{
    Certainty, Duplicate, DuplicateOf, ExistingPerson, HEADING_ROWS_MAX, LeftOut, PEOPLE_MAX, Preview, PreviewRow,
    RosterContext, RosterEntry, RosterFault, RowDoubt, RowFault, SheetRow, Why, preview,
};
