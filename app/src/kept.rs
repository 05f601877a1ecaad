//! An event as `app.js` is given it to keep.

use domain::sync::{Noted, What};

/// The event and what is noted beside it: `{"lesson_finished":{…},"noted":{…}}`.
pub(crate) fn beside(what: &What, noted: &Noted) -> String {
    let (Ok(what), Ok(noted)) = (serde_json::to_string(what), serde_json::to_string(noted)) else {
        return String::new();
    };
    // An event is an object with one name.
    what.strip_suffix('}').map(|open| format!("{open},\"noted\":{noted}}}")).unwrap_or_default()
}
