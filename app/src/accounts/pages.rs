//! Consent, profile, ethnic group, and what is held about a learner.

use super::islands::{PlaceField, about, units_to_text};
use crate::{
    house::{House, house, viewer, words},
    paths::Page,
    shell::Frame,
    t,
    ui::{FieldError, Icon, Summary},
    words::Words,
};
use domain::{
    accounts::{EthnicGroup, Sex},
    places,
    time::day_of,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// May your learning be counted? Yes and no are equally easy.
#[component]
pub fn ConsentRoute() -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    view! {
        <Title text=t!(words, "accounts-consent-title")/>
        <Frame>
            <img class="scene" src=house.assets.path("pictures/consent.svg") alt="" width="320" height="200"/>
            <h1>{t!(words, "accounts-consent-title")}</h1>
            <div class="stack">
                <p>{t!(words, "accounts-consent-why")}</p>
                <dl class="facts">
                    <dt>{t!(words, "accounts-consent-kept")}</dt>
                    <dd>{t!(words, "accounts-consent-kept-what")}</dd>
                    <dt>{t!(words, "accounts-consent-never")}</dt>
                    <dd>{t!(words, "accounts-consent-never-what")}</dd>
                </dl>
                <p>{t!(words, "accounts-consent-free")}</p>
                <form class="pair" method="post" data-consent>
                    <button class="btn tall" name="answer" value="yes">
                        <Icon name="done"/>
                        {t!(words, "accounts-consent-yes")}
                    </button>
                    <button class="btn tall" name="answer" value="no">
                        <Icon name="lock"/>
                        {t!(words, "accounts-consent-no")}
                    </button>
                </form>
                <p class="quiet">
                    <a href=Page::About.path(viewer.locale)>
                        <Icon name="help"/>
                        {t!(words, "accounts-consent-how")}
                    </a>
                </p>
            </div>
        </Frame>
    }
}

/// What was typed into the profile, and what is wrong with it.
#[derive(Clone, Default, Debug)]
pub struct ProfileForm {
    pub place: String,
    pub unit: String,
    pub born: String,
    pub sex: String,
    pub guardian: bool,
    /// Whether what is on the phone already is sent too. Nobody ticks it for them.
    pub earlier: bool,
    /// The field and what is wrong, in the person's language.
    pub faults: Vec<(&'static str, String)>,
}

impl ProfileForm {
    fn fault(&self, field: &str) -> Option<String> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.clone())
    }
}

#[component]
pub fn ProfileRoute() -> impl IntoView {
    view! { <ProfilePage form=ProfileForm::default()/> }
}

/// Commune, birth year, sex; nothing else.
#[component]
pub fn ProfilePage(form: ProfileForm) -> impl IntoView {
    let (house, words) = (house(), words());
    let summary = (!form.faults.is_empty()).then(|| {
        let faults = form.faults.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
        view! { <Summary title=t!(words, "accounts-profile-again") faults/> }
    });
    let [born_error, sex_error, guardian_error] = ["born", "sex", "guardian"].map(|field| form.fault(field));
    let error = |field: &str, text: &Option<String>| {
        text.clone().map(|text| view! { <FieldError id=format!("{field}-error") text/> })
    };
    let (born_said, sex_said) = (error("born", &born_error), error("sex", &sex_error));
    let guardian_said = error("guardian", &guardian_error);
    let sexes = [
        (Sex::Female, t!(words, "accounts-female")),
        (Sex::Male, t!(words, "accounts-male")),
        (Sex::Unstated, t!(words, "accounts-unstated")),
    ];
    let sexes = sexes.map(|(sex, text)| {
        let checked = form.sex == sex.as_str();
        view! {
            <label class="choice">
                <input type="radio" name="sex" value=sex.as_str() checked=checked/>
                <span>{text}</span>
            </label>
        }
    });
    let sexes = sexes.collect_view();
    let place = place_field(&house, &words, &form);
    view! {
        <Title text=t!(words, "accounts-profile-title")/>
        <Frame>
            {summary}
            <h1>{t!(words, "accounts-profile-title")}</h1>
            <p class="lead">{t!(words, "accounts-profile-lead")}</p>
            <form class="fields" method="post" novalidate data-profile>
                <PlaceField>
                    {place}
                </PlaceField>
                <div class="field" class:bad=born_error.is_some()>
                    <label for="born">{t!(words, "accounts-born")}</label>
                    <p class="hint" id="born-hint">{t!(words, "accounts-born-hint")}</p>
                    {born_said}
                    <input
                        class="year num"
                        id="born"
                        name="born"
                        inputmode="numeric"
                        maxlength="4"
                        autocomplete="bday-year"
                        aria-describedby="born-hint"
                        aria-invalid=born_error.is_some().then_some("true")
                        value=form.born.clone()
                    />
                </div>
                <fieldset class="field" class:bad=sex_error.is_some() id="sex">
                    <legend>{t!(words, "accounts-sex")}</legend>
                    {sex_said}
                    <div class="pair">{sexes}</div>
                </fieldset>
                <fieldset class="field" class:bad=guardian_error.is_some() id="guardian">
                    <legend>{t!(words, "accounts-young")}</legend>
                    {guardian_said}
                    <label class="choice">
                        <input type="checkbox" name="guardian" value="yes" checked=form.guardian/>
                        <span>{t!(words, "accounts-guardian")}</span>
                    </label>
                </fieldset>
                <fieldset class="field" hidden data-earlier>
                    <legend>{t!(words, "accounts-earlier")}</legend>
                    <label class="choice">
                        <input type="checkbox" name="earlier" value="yes" checked=form.earlier/>
                        <span>{t!(words, "accounts-earlier-send")}</span>
                    </label>
                </fieldset>
                <button class="btn btn-main" name="send" value="1">{t!(words, "accounts-send")}</button>
            </form>
        </Frame>
    }
}

/// The field for the commune with what was found, and all that the island needs.
fn place_field(house: &House, words: &Words, form: &ProfileForm) -> AnyView {
    let fault = form.fault("place");
    let bad = fault.is_some();
    let said = fault.map(|text| view! { <FieldError id="place-error".to_owned() text/> });
    let today = || house.library.units.iter().filter(|unit| unit.valid_to.is_none());
    let (was_in, formerly) =
        (t!(words, "accounts-place-was-in", name = "{name}"), t!(words, "accounts-place-formerly", name = "{name}"));
    let none = t!(words, "accounts-place-none");
    let hits = places::search(&house.library.units, &form.place);
    let cards = if hits.is_empty() && places::fold(&form.place).len() >= places::QUERY_LETTERS_MIN {
        none.clone().into_any()
    } else {
        let hits = hits.into_iter().filter(|hit| hit.unit.valid_to.is_none());
        let cards = hits.map(|hit| {
            let (code, name) = (hit.unit.code.to_string(), hit.unit.name.clone());
            let (about, checked) = (about(hit.unit, &hit.via, &was_in, &formerly), form.unit == code);
            view! { <PlaceCard code name about checked template=false/> }
        });
        cards.collect_view().into_any()
    };
    view! {
        <div class="field" class:bad=bad>
            <label for="place">{t!(words, "accounts-place")}</label>
            <p class="hint" id="place-hint">{t!(words, "accounts-place-hint")}</p>
            {said}
            <div class="find">
                <input
                    id="place"
                    name="place"
                    type="search"
                    autocomplete="off"
                    maxlength="80"
                    aria-describedby="place-hint"
                    aria-invalid=bad.then_some("true")
                    value=form.place.clone()
                    data-units=units_to_text(today())
                    data-none=none
                    data-was-in=was_in
                    data-formerly=formerly
                />
                <button class="btn" name="find" value="1"><Icon name="search"/>{t!(words, "accounts-place-find")}</button>
            </div>
            <fieldset class="suggest" lang="vi">
                <legend class="away">{t!(words, "accounts-place-choose")}</legend>
                <div id="place-cards" aria-live="polite">{cards}</div>
                <PlaceCard code=String::new() name=String::new() about=String::new() checked=false template=true/>
            </fieldset>
        </div>
    }
    .into_any()
}

/// A commune to choose. The template is what the island copies.
#[component]
fn PlaceCard(code: String, name: String, about: String, checked: bool, template: bool) -> impl IntoView {
    view! {
        <label class="choice" id=template.then_some("place-card") hidden=template>
            <input type="radio" name="unit" value=code checked=checked disabled=template/>
            <span><b>{name}</b><small>{about}</small></span>
        </label>
    }
}

/// The name of a people, and the language it is in: proper names are not translated.
fn group_name(group: EthnicGroup, words: &Words) -> (String, Option<&'static str>) {
    match group {
        EthnicGroup::Other => (t!(words, "accounts-ethnic-other"), None),
        _ => (group.name().to_owned(), Some("vi")),
    }
}

/// A question of its own, which may be skipped.
#[component]
pub fn EthnicGroupRoute() -> impl IntoView {
    let words = words();
    let groups = EthnicGroup::ALL.iter().map(|group| {
        let (name, lang) = group_name(*group, &words);
        view! {
            <label class="choice">
                <input type="radio" name="group" value=group.as_str()/>
                <span lang=lang>{name}</span>
            </label>
        }
    });
    let groups = groups.collect_view();
    view! {
        <Title text=t!(words, "accounts-ethnic-title")/>
        <Frame>
            <h1>{t!(words, "accounts-ethnic-title")}</h1>
            <p class="lead">{t!(words, "accounts-ethnic-lead")}</p>
            <form method="post" data-ethnic>
                <fieldset>
                    <legend class="away">{t!(words, "accounts-ethnic-title")}</legend>
                    <div class="pair">{groups}</div>
                </fieldset>
                <p class="gap">{t!(words, "accounts-ethnic-free")}</p>
                <div class="pair">
                    <button class="btn tall" name="answer" value="yes"><Icon name="done"/>{t!(words, "accounts-ethnic-yes")}</button>
                    <button class="btn tall" name="answer" value="skip"><Icon name="next"/>{t!(words, "accounts-ethnic-skip")}</button>
                    <button class="btn" name="answer" value="clear">{t!(words, "accounts-ethnic-clear")}</button>
                </div>
            </form>
        </Frame>
    }
}

/// What is held about me; take it away; erase it.
#[component]
pub fn MineRoute() -> impl IntoView {
    Suspend::new(async move {
        let (house, viewer, words) = (house(), viewer(), words());
        let held = match &viewer.credentials {
            Some(credentials) => house.store.held(credentials).await,
            None => Ok(None),
        };
        let held = match held {
            Ok(held) => held,
            Err(error) => return crate::error::AppError::from(error).view(),
        };
        let picture = house.assets.path("pictures/private.svg");
        let title = t!(words, "accounts-mine-title");
        let Some(held) = held else {
            return view! {
                <Title text=title.clone()/>
                <Frame personal=true>
                    <img class="scene" src=picture alt="" width="320" height="200"/>
                    <h1>{title}</h1>
                    <p class="lead">{t!(words, "accounts-mine-nothing")}</p>
                    <p>{t!(words, "accounts-mine-nothing-more")}</p>
                    <p class="gap"><a class="btn" href=Page::Consent.path(viewer.locale)>{t!(words, "accounts-mine-consent")}</a></p>
                </Frame>
            }
            .into_any();
        };
        let unit =
            house.library.unit(house.library.home(held.profile.unit)).map(|unit| unit.name.clone()).unwrap_or_default();
        let sex = match held.profile.sex {
            Sex::Female => t!(words, "accounts-female"),
            Sex::Male => t!(words, "accounts-male"),
            Sex::Unstated => t!(words, "accounts-unstated"),
        };
        let group = held.ethnic_group.map(|group| group_name(group, &words));
        let (group, group_lang) = group.unwrap_or_else(|| (t!(words, "accounts-mine-not-stated"), None));
        let lessons: std::collections::BTreeSet<_> = held.attempts.iter().map(|(lesson, _)| lesson).collect();
        let lessons = lessons.into_iter().filter_map(|id| house.library.lesson(id)).map(|lesson| {
            view! { <li>{lesson.title.clone()}</li> }
        });
        let lessons = lessons.collect_view();
        let practised: std::collections::BTreeSet<_> = held.runs.iter().map(|run| &run.lesson).collect();
        let practised = practised.into_iter().filter_map(|id| house.library.practice(id)).map(|practice| {
            view! { <li lang="vi">{practice.title.clone()}</li> }
        });
        let practised = practised.collect_view();
        let drills = (!held.drills.is_empty()).then(|| {
            view! { <li>{t!(words, "accounts-mine-drills", count = held.drills.len() as u64)}</li> }
        });
        view! {
            <Title text=title.clone()/>
            <Frame personal=true>
                <img class="scene" src=picture alt="" width="320" height="200"/>
                <h1>{title}</h1>
                <p class="lead">{t!(words, "accounts-mine-lead")}</p>
                <section class="card">
                    <dl class="facts">
                        <dt>{t!(words, "accounts-mine-unit")}</dt><dd lang="vi">{unit}</dd>
                        <dt>{t!(words, "accounts-born")}</dt><dd class="num">{held.profile.birth_year.get()}</dd>
                        <dt>{t!(words, "accounts-sex")}</dt><dd>{sex}</dd>
                        <dt>{t!(words, "accounts-mine-group")}</dt>
                        <dd lang=group_lang>{group}</dd>
                        <dt>{t!(words, "accounts-mine-since")}</dt><dd class="num">{words.date(day_of(held.registered_at))}</dd>
                        <dt>{t!(words, "accounts-mine-events")}</dt><dd class="num">{words.number(held.events.len() as u64)}</dd>
                        <dt>{t!(words, "accounts-mine-lessons")}</dt>
                        <dd><ul class="plain" lang="vi">{lessons}</ul></dd>
                        <dt>{t!(words, "accounts-mine-practised")}</dt>
                        <dd><ul class="plain">{practised}{drills}</ul></dd>
                    </dl>
                </section>
                <p class="gap">{t!(words, "accounts-mine-never")}</p>
                <div class="stack">
                    <a class="btn" href=Page::TakeAway.path(viewer.locale) download="hoc-so.json" data-take-away>
                        <Icon name="download"/>
                        {t!(words, "accounts-mine-take-away")}
                    </a>
                    <a class="btn" href=Page::Profile.path(viewer.locale)>{t!(words, "accounts-mine-change")}</a>
                    <a class="btn" href=Page::EthnicGroup.path(viewer.locale)>{t!(words, "accounts-mine-change-group")}</a>
                </div>
                {card_section(&words, &viewer, &held)}
                <section class="part stack">
                    <h2>{t!(words, "accounts-erase-title")}</h2>
                    <p>{t!(words, "accounts-erase-lead")}</p>
                    <ul class="points">
                        <li>{t!(words, "accounts-erase-1")}</li>
                        <li>{t!(words, "accounts-erase-2")}</li>
                        <li>{t!(words, "accounts-erase-3")}</li>
                        <li>{t!(words, "accounts-erase-4")}</li>
                    </ul>
                    <form method="post" action=Page::Erase.path(viewer.locale) data-erase>
                        <label class="choice">
                            <input type="checkbox" name="sure" value="yes" required/>
                            <span>{t!(words, "accounts-erase-sure")}</span>
                        </label>
                        <button class="btn btn-danger">{t!(words, "accounts-erase")}</button>
                    </form>
                </section>
            </Frame>
        }
        .into_any()
    })
}

/// Making a learner card, a new one, or none any more.
fn card_section(words: &Words, viewer: &crate::viewer::Viewer, held: &store::Held) -> AnyView {
    let make = match held.card_made_at {
        Some(_) => t!(words, "accounts-card-make-new"),
        None => t!(words, "accounts-card-make"),
    };
    let since = held.card_made_at.map(|at| {
        let void = Page::VoidCard.path(viewer.locale);
        view! {
            <p>{t!(words, "accounts-card-since", date = words.date(day_of(at)))}</p>
            <form method="post" action=void data-void><button class="btn">{t!(words, "accounts-card-void")}</button></form>
        }
    });
    let phones = (held.more_phones > 0).then(|| {
        view! { <p>{t!(words, "accounts-card-phones")}": "<b class="num">{words.number(held.more_phones)}</b></p> }
    });
    view! {
        <section class="part stack">
            <h2>{t!(words, "accounts-card-make-title")}</h2>
            <p>{t!(words, "accounts-card-make-text")}</p>
            <form method="post" action=Page::MyCard.path(viewer.locale) data-make-card>
                <button class="btn">{make}</button>
            </form>
            {since}
            {phones}
        </section>
    }
    .into_any()
}

/// After erasing: it is done, and learning goes on.
#[component]
pub fn Erased() -> impl IntoView {
    let words = words();
    view! {
        <Title text=t!(words, "accounts-erased-title")/>
        <crate::ui::State
            picture="pictures/private.svg"
            title=t!(words, "accounts-erased-title")
            text=t!(words, "accounts-erased-text")
        >
            <crate::ui::HomeLink/>
        </crate::ui::State>
    }
}
