//! Icons for controls, after Tabler (MIT): always with a word beside them.

use leptos::prelude::*;

#[component]
pub fn Icon(
    /// Which one.
    name: &'static str,
) -> impl IntoView {
    let path = match name {
        "next" => "m9 6 6 6-6 6",
        "back" => "m15 6-6 6 6 6",
        "done" => "m5 12 5 5L20 7",
        "help" => "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 16v.01M12 13a2 2 0 0 0 .9-3.8 2 2 0 0 0-2.4.5",
        "idea" => {
            "M3 12h1m8-9v1m8 8h1M5.6 5.6l.7.7m12.1-.7-.7.7M9 16a5 5 0 1 1 6 0 3.5 3.5 0 0 0-1 3 2 2 0 0 1-4 0 3.5 3.5 0 0 0-1-3m.7 1h4.6"
        }
        "listen" => {
            "M15 8a5 5 0 0 1 0 8M17.7 5a9 9 0 0 1 0 14M6 15H4a1 1 0 0 1-1-1v-4a1 1 0 0 1 1-1h2l3.5-4.5A.8.8 0 0 1 11 5v14a.8.8 0 0 1-1.5.5z"
        }
        "search" => "M10 3a7 7 0 1 0 0 14 7 7 0 1 0 0-14M21 21l-6-6",
        "warning" => {
            "M12 9v4m0 3v.01M10.4 3.9 2.3 17.4A1.9 1.9 0 0 0 3.9 20h16.2a1.9 1.9 0 0 0 1.6-2.6L13.6 3.9a1.9 1.9 0 0 0-3.2 0"
        }
        "sort" => "m8 9 4-4 4 4M16 15l-4 4-4-4",
        "lock" => "M5 13a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2zM8 11V7a4 4 0 1 1 8 0v4",
        "download" => "M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2M7 11l5 5 5-5M12 4v12",
        "again" => "M20 11A8 8 0 0 0 4.6 9M4 5v4h4M4 13a8 8 0 0 0 15.4 2m.6 4v-4h-4",
        "answer" => "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2",
        "hang-up" => "M3 14c5-5 13-5 18 0l-2.5 3-4-1.5V12.6a12 12 0 0 0-5 0v2.9L5.5 17z",
        _ => "",
    };
    view! {
        <svg class="i" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}

/// The mark: one stitch of the embroidered edge.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="i" viewBox="0 0 24 24" aria-hidden="true">
            <path fill="#E4573D" stroke="none" d="m12 1 11 11-11 11L1 12z"></path>
            <path fill="#F2BC4B" stroke="none" d="m12 6 6 6-6 6-6-6z"></path>
            <path fill="#FBF8F3" stroke="none" d="m12 10 2 2-2 2-2-2z"></path>
        </svg>
    }
}
