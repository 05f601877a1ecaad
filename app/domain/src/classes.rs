//! Classes: where they meet, who is on the roster, who was there, whom to visit next.

mod class;
pub mod visit;

pub use class::{
    Attendance, CLASS_DAYS_MAX, CLASS_NAME_CHARS_MAX, Class, ClassId, ConsentGiven, JOIN_DIGITS, JOIN_FOR, JoinCode,
    MEMBERS_MAX, MemberId, NotAJoinCode, Plan,
};
