//! A simulator's page, and the list of everything that can be practised.

use super::{
    fields,
    islands::PracticeForm,
    screens::{self, Now, Typed},
};
use crate::{
    content::pages::in_vietnamese,
    error::NotFound,
    house::{house, viewer, words},
    paths::Page,
    shell::Frame,
    t,
    ui::Icon,
    words::Words,
};
use domain::{
    content::{LessonId, SkillId},
    practice::{Held, Mode, Passed, RULES, Run, RunFault, Scenario, Shown, SlipLine, Trail, rehearse, show},
    time::Millis,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::{collections::BTreeSet, sync::Arc};

/// Where somebody is in a simulator. Everything of it came with a form and goes back with the page.
#[derive(Clone, Default)]
pub struct Practising {
    /// `None` before one has chosen how to practise.
    pub mode: Option<Mode>,
    pub trail: Trail,
    pub typed: Typed,
    /// Something that has to be said first: the simulator was changed meanwhile, or the form cannot be read.
    pub notice: Option<Notice>,
    /// A key that the strip says in place of what follows from the trail.
    pub said: Option<&'static str>,
    /// Who held the phone was said: thanks are shown.
    pub held: Option<Held>,
    /// The event in JSON, for `app.js` to keep where the form was sent before the island was there.
    pub event: Option<String>,
    /// When this page was made.
    pub at: Option<Millis>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notice {
    /// The form was made with another version.
    Changed,
    /// The form is not one of ours.
    Unreadable,
}

/// What follows from the trail.
fn follow(scenario: &Scenario, now: &Practising) -> Option<(Mode, Shown)> {
    let mode = now.mode?;
    Some((mode, show(&scenario.machine, mode, &now.trail).ok()?))
}

#[component]
pub fn PracticeRoute() -> impl IntoView {
    let (track, lesson) = use_params_map()
        .with_untracked(|params| (params.get("track").unwrap_or_default(), params.get("lesson").unwrap_or_default()));
    let found = LessonId::new(&track, &lesson).ok().and_then(|id| house().library.practice(&id).cloned());
    match found {
        Some(scenario) => view! { <PracticePage scenario=Arc::new(scenario) now=Practising::default()/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

/// The simulator; `now` is empty for a first visit, and then the page is the same for everyone.
#[component]
pub fn PracticePage(scenario: Arc<Scenario>, now: Practising) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let followed = follow(&scenario, &now);
    let shown = followed.map(|(_, shown)| shown);
    let on_screen = Now { screen: shown.map(|shown| shown.state.screen), next: shown.and_then(|shown| shown.next) };
    let action = Page::Practice(&scenario.lesson).path(locale);
    let notice = now.notice.map(|kind| notice(&words, kind));
    let skills = scenario.skills.iter().map(SkillId::as_str).collect::<Vec<_>>().join(" ");
    view! {
        <Title text=scenario.title.clone()/>
        <link rel="stylesheet" href=house.assets.path("practice.css")/>
        <div class="band"></div>
        <header class="top lean">
            <a href=Page::Lesson(&scenario.lesson).path(locale)>
                <Icon name="back"/>
                {t!(words, "practice-back")}
            </a>
        </header>
        <PracticeForm>
            <form
                class="practice"
                method="post"
                data-js=house.assets.path("practice.js")
                data-wasm=house.assets.path("practice.wasm")
                action=action
                data-practice=scenario.lesson.to_string()
                data-skills=skills
                data-machine=scenario.machine.to_string()
            >
                // Enter in a field presses the first button there is: one that does nothing outside of a dialog.
                <button class="away" formmethod="dialog" tabindex="-1" aria-hidden="true"></button>
                <input type="hidden" name=fields::VERSION value=scenario.version.to_string()/>
                <input type="hidden" name=fields::MODE value=now.mode.map(Mode::to_word)/>
                <input type="hidden" name=fields::TRAIL value=now.trail.to_string()/>
                <input type="hidden" name=fields::AT value=now.at.map(|at| at.to_string())/>
                <section class="intro stack" hidden=shown.is_some() data-intro>
                    {notice}
                    {intro(&words, &scenario)}
                </section>
                <h1 class="away" lang="vi" hidden=shown.is_none() data-desk>{scenario.title.clone()}</h1>
                <section class="desk" hidden=shown.is_none() data-desk>
                    {slip(&words, &scenario)}
                    {screens::phone(&words, &scenario, &now.typed, on_screen)}
                    {strip(&words, &scenario, &now, followed)}
                </section>
                {end(&words, &scenario, &now, followed)}
            </form>
        </PracticeForm>
    }
}

/// What it is about, and how one would like to practise.
fn intro(words: &Words, scenario: &Scenario) -> AnyView {
    let wrong = (0u8..).zip(&scenario.mistakes).map(|(kind, mistake)| {
        view! {
            <button class="btn" name=fields::BEGIN value=Mode::WrongRoom(kind).to_word()>{mistake.title.clone()}</button>
        }
    });
    let wrong = wrong.collect_view();
    view! {
        <h1 id="main" lang="vi" tabindex="-1">{scenario.title.clone()}</h1>
        {in_vietnamese(words)}
        <p class="lead" lang="vi">{scenario.task.clone()}</p>
        <dl class="paper rows" lang="vi">{slip_lines(scenario)}</dl>
        <p>{t!(words, "practice-unreal")}</p>
        <button class="btn btn-main" name=fields::BEGIN value=Mode::Guided.to_word()>{t!(words, "practice-guided")}</button>
        <button class="btn" name=fields::BEGIN value=Mode::Alone.to_word()>{t!(words, "practice-alone")}</button>
        <div class="notice wrong-room">
            <div class="stack">
                <h2>{t!(words, "practice-wrong-room")}</h2>
                <p>{t!(words, "practice-wrong-room-text")}</p>
                <div class="pair" lang="vi">{wrong}</div>
            </div>
        </div>
    }
    .into_any()
}

/// The slip of paper: what one has to know, always at hand.
fn slip(words: &Words, scenario: &Scenario) -> AnyView {
    view! {
        <details class="paper" open>
            <summary>{t!(words, "practice-slip")}</summary>
            <dl class="rows" lang="vi">{slip_lines(scenario)}</dl>
        </details>
    }
    .into_any()
}

fn slip_lines(scenario: &Scenario) -> AnyView {
    let line = |line: &SlipLine| {
        view! {
            <div>
                <dt>{line.name.clone()}</dt>
                <dd>{line.text.clone()}</dd>
            </div>
        }
    };
    scenario.slip.iter().map(line).collect_view().into_any()
}

/// Everything the strip can say, all but what it says now hidden, and what helps.
fn strip(words: &Words, scenario: &Scenario, now: &Practising, followed: Option<(Mode, Shown)>) -> AnyView {
    let keys = match (now.said, &followed) {
        (Some(said), _) => vec![said.to_owned()],
        (None, Some((_, shown))) => fields::strip_keys(shown, fields::has_field(&scenario.machine, shown.state.screen)),
        (None, None) => vec![],
    };
    let asked = followed.and_then(|(mode, shown)| fields::asked_for(mode, &shown));
    let guided = now.mode == Some(Mode::Guided);
    let line = |key: String, text: String, lang: &'static str, class: &'static str| {
        let hidden = !keys.contains(&key);
        view! { <p class=class data-key=key hidden=hidden lang=lang>{text}</p> }
    };
    let mut lines = Vec::new();
    for (place, screen) in (0u8..).zip(&scenario.screens) {
        lines.push(line(fields::say(place), screen.say.clone(), "vi", ""));
        for (at, made) in (0u8..).zip(&screen.moves) {
            lines.extend(made.why.clone().map(|why| line(fields::why(place, at), why, "vi", "why")));
            lines.extend(made.after.clone().map(|after| line(fields::after(place, at), after, "vi", "back")));
        }
        lines.extend(screen.field.as_ref().map(|field| line(fields::no(place), field.no.clone(), "vi", "")));
    }
    for (kind, mistake) in (0u8..).zip(&scenario.mistakes) {
        lines.push(line(fields::lesson(kind), mistake.lesson.clone(), "vi", "good"));
    }
    let code = words.locale.code();
    lines.push(line(fields::SLIP.to_owned(), t!(words, "practice-slip-touch"), code, ""));
    lines.push(line(fields::FULL.to_owned(), t!(words, "practice-full"), code, "back"));
    let asks = (0u8..).zip(&scenario.mistakes).map(|(kind, mistake)| {
        view! { <p class="ask" data-ask-for=kind hidden=asked != Some(kind) lang="vi">{mistake.ask.clone()}</p> }
    });
    view! {
        <div class="strip">
            {asks.collect_view()}
            <div class="said" role="status" data-strip>{lines.collect_view()}</div>
            <div class="helps">
                <button name=fields::HINT value="1" hidden=guided data-hint><Icon name="idea"/>{t!(words, "practice-hint")}</button>
                <button class="listen" type="button" hidden data-stop=t!(words, "learn-listen-stop")>
                    <Icon name="listen"/>
                    <span>{t!(words, "learn-listen")}</span>
                </button>
                <button name=fields::AGAIN value="1"><Icon name="again"/>{t!(words, "practice-again")}</button>
            </div>
        </div>
    }
    .into_any()
}

/// Something that has to be said before one begins again.
pub(super) fn notice(words: &Words, notice: Notice) -> AnyView {
    let text = match notice {
        Notice::Changed => t!(words, "practice-changed"),
        Notice::Unreadable => t!(words, "practice-unreadable"),
    };
    view! { <p class="notice problem" role="alert">{text}</p> }.into_any()
}

/// Who held the phone: only what they say themselves makes it a step of theirs.
pub(super) fn holders(words: &Words, held: Option<Held>) -> AnyView {
    let buttons = Held::ALL.iter().map(|held| {
        let text = match held {
            Held::Alone => t!(words, "practice-held-alone"),
            Held::HelperSpoke => t!(words, "practice-held-helper-spoke"),
            Held::HelperHeld => t!(words, "practice-held-helper-held"),
        };
        view! { <button class="btn" name=fields::HELD value=held.as_str()>{text}</button> }
    });
    view! {
        <fieldset class="stack" hidden=held.is_some() data-holders>
            <legend>{t!(words, "practice-who-held")}</legend>
            <p class="hint">{t!(words, "practice-who-held-why")}</p>
            {buttons.collect_view()}
        </fieldset>
        <p class="notice" hidden=held.is_none() role="status" data-thanks>{t!(words, "practice-thanks")}</p>
    }
    .into_any()
}

/// How it went, and who held the phone.
fn end(words: &Words, scenario: &Scenario, now: &Practising, followed: Option<(Mode, Shown)>) -> AnyView {
    let viewer = viewer();
    let run: Option<Result<Run, RunFault>> = followed
        .filter(|(_, shown)| shown.is_end)
        .map(|(mode, _)| rehearse(&scenario.machine, RULES, mode, &now.trail));
    let passed = run.and_then(Result::ok);
    let verdicts = Passed::ALL.iter().map(|kind| {
        let text = match kind {
            Passed::Alone => t!(words, "practice-passed-alone"),
            Passed::WithHints => t!(words, "practice-passed-with-hints"),
            Passed::AfterRecovery => t!(words, "practice-passed-after-recovery"),
            Passed::WrongRoom => t!(words, "practice-passed-wrong-room"),
        };
        let hidden = passed.map(|run| run.passed) != Some(*kind);
        view! { <p class="verdict" data-passed=kind.as_str() hidden=hidden><Icon name="done"/>{text}</p> }
    });
    let verdicts = verdicts.collect_view();
    let not_made = run == Some(Err(RunFault::Unfinished));
    let number = |name: &'static str, label: String, value: Option<u16>| {
        let text = value.map(|value| value.to_string());
        view! { <div><dt>{label}</dt><dd class="num" data-n=name>{text}</dd></div> }
    };
    let numbers = [
        number("mistakes", t!(words, "practice-mistakes"), passed.map(|run| run.mistakes)),
        number("recovered", t!(words, "practice-recovered"), passed.map(|run| run.recovered)),
        number("wrong-taps", t!(words, "practice-wrong-taps"), passed.map(|run| run.wrong_taps)),
        number("hints", t!(words, "practice-hints"), passed.map(|run| run.hints)),
    ];
    let locale = viewer.locale;
    view! {
        <section class="result stack" hidden=run.is_none() data-end data-finished=now.event.clone() tabindex="-1">
            <div data-not-made hidden=!not_made>
                <p class="notice">{t!(words, "practice-not-made")}</p>
            </div>
            <div class="stack" data-made hidden=passed.is_none()>
                <div class="feedback right">
                    {verdicts}
                    <p lang="vi">{scenario.praise.clone()}</p>
                </div>
                <dl class="counts">{numbers}</dl>
                {holders(words, now.held)}
            </div>
            <div class="turn">
                <button class="btn" name=fields::AGAIN value="1">{t!(words, "practice-once-more")}</button>
                <a href=Page::Practices.path(locale)><Icon name="back"/>{t!(words, "practice-others")}</a>
            </div>
        </section>
    }
    .into_any()
}

/// Everything that can be practised.
#[component]
pub fn PracticesRoute() -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let cards = house.library.practices.iter().map(|practice| {
        view! {
            <li data-practised=practice.lesson.to_string()>
                <a href=Page::Practice(&practice.lesson).path(locale)>{practice.title.clone()}</a>
                <p>{practice.task.clone()}</p>
                <p class="done" hidden data-done lang=words.locale.code()><Icon name="done"/>{t!(words, "practice-done")}</p>
            </li>
        }
    });
    let cards = cards.collect_view();
    let families: BTreeSet<&str> = house
        .library
        .scams
        .iter()
        .flat_map(|scams| scams.book.families.iter().map(|family| family.title.as_str()))
        .collect();
    let drill = (!families.is_empty()).then(|| {
        view! {
            <section class="next gap">
                <h2>{t!(words, "practice-drill-title")}</h2>
                <p>{t!(words, "practice-drill-lead")}</p>
                <a class="btn btn-main" href=Page::Drill.path(locale)>
                    <span>{t!(words, "practice-drill-go")}</span>
                    <Icon name="next"/>
                </a>
            </section>
        }
    });
    view! {
        <Title text=t!(words, "practice-title")/>
        <Frame>
            <h1>{t!(words, "practice-title")}</h1>
            <p class="lead">{t!(words, "practice-lead")}</p>
            {in_vietnamese(&words)}
            <ul class="lessons gap" lang="vi">{cards}</ul>
            {drill}
        </Frame>
    }
}

/// The way from a lesson to its simulator.
pub fn practice_link(words: &Words, lesson: &LessonId) -> Option<AnyView> {
    let (house, viewer) = (house(), viewer());
    house.library.practice(lesson)?;
    let href = Page::Practice(lesson).path(viewer.locale);
    Some(view! { <a class="btn" href=href>{t!(words, "practice-go")}</a> }.into_any())
}
