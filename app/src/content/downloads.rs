//! A whole track on the phone: its size before, how far it is, how to be rid of it. `weights.js` does it.

use crate::{
    house::{viewer, words},
    paths, t,
    ui::Icon,
};
use domain::content::Track;
use leptos::prelude::*;

/// Where the phone asks what the pages of a track weigh.
pub fn weights_of(track: &Track) -> String {
    let prefix = paths::in_locale("", viewer().locale);
    format!("{}{}/{}", prefix.trim_end_matches('/'), paths::TRACK_WEIGHTS, track.id)
}

/// The state of a track on this phone with its buttons; nothing shows before the phone knows.
#[component]
pub fn Download(
    track: Track,
    /// With its name, where it stands among others.
    #[prop(optional)]
    named: bool,
) -> impl IntoView {
    let words = words();
    view! {
        <div
            class="card stack"
            hidden
            data-track=weights_of(&track)
            data-get=t!(words, "device-get", size = "{n}")
            data-more=t!(words, "device-get-more", size = "{n}")
            data-newer=t!(words, "device-get-newer", size = "{n}")
            data-none=t!(words, "device-have-none")
            data-some=t!(words, "device-have-some", n = "{n}", all = "{all}")
            data-every=t!(words, "device-have-every", all = "{all}", n = "{n}")
            data-going=t!(words, "device-going", n = "{n}", all = "{all}")
            data-stopped=t!(words, "device-stopped")
            data-away=t!(words, "device-away")
        >
            {named.then(|| view! { <h3 lang="vi">{track.title.clone()}</h3> })}
            <p class="soft" lang=words.locale.code() role="status" data-track-state></p>
            <progress max="1" value="0" hidden aria-label=t!(words, "device-downloads")></progress>
            <button class="btn" type="button" lang=words.locale.code() hidden data-get>
                <Icon name="download"/>
                <span></span>
            </button>
            <button class="btn" type="button" lang=words.locale.code() hidden data-drop>{t!(words, "device-drop")}</button>
        </div>
    }
}
