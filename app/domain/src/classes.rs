//! Classes: the people who learn together, the list they were entered from, and what the class gained.

mod gain;
mod name;
mod roster;

pub use gain::{GAIN_PEOPLE_MIN, Gain, Pair, gain};
pub use name::{DisplayName, NAME_CHARACTERS_MAX, NameFault, SortKey};
pub use roster::{
    Certainty, Duplicate, DuplicateOf, ExistingPerson, HEADING_ROWS_MAX, LeftOut, PEOPLE_MAX, Preview, PreviewRow,
    RosterContext, RosterEntry, RosterFault, RowDoubt, RowFault, SheetRow, Why, preview,
};
