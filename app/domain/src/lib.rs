//! The rules of Học Số, the same on the phone and on the server.
//!
//! No I/O, no `async`, no clock and no randomness here: the moment and the random bytes are arguments.
//! To add a rule: put it into the module of the feature that owns it, give it a table of cases beside it, and let it use
//! only modules to its left in this list:
//!
//! `places · accounts · content · practice · learn · classes · coverage · sync`

pub mod accounts;
pub mod classes;
pub mod content;
pub mod coverage;
pub mod learn;
pub mod places;
pub mod practice;
pub mod sync;
pub mod time;
