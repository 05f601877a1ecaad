//! Scam drills: six cases, one after the other.

use super::{fields, islands::DrillForm};
use crate::{
    content::pages::in_vietnamese,
    error::NotFound,
    house::{house, viewer, words},
    paths::Page,
    t,
    ui::Icon,
    words::Words,
};
use domain::{
    practice::{
        Answers, Book, CASES, Channel, DrawnCase, Drill, Held, Line, Outcome, Response, Said, Seen, Truth, lines,
    },
    time::Millis,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Where somebody is in a drill. Everything of it came with a form and goes back with the page.
#[derive(Clone, Default)]
pub struct Drilling {
    /// `None` before it begins.
    pub seed: Option<u32>,
    pub answers: Answers,
    pub notice: Option<super::pages::Notice>,
    pub held: Option<Held>,
    /// The event in JSON, for `app.js` to keep where the form was sent before the island was there.
    pub event: Option<String>,
    pub at: Option<Millis>,
}

#[component]
pub fn DrillRoute() -> impl IntoView {
    view! { <DrillPage now=Drilling::default()/> }
}

/// The drill; `now` is empty for a first visit, and then the page is the same for everyone and carries the book, so that the
/// phone can go on without a network.
#[component]
pub fn DrillPage(now: Drilling) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let Some(scams) = &house.library.scams else { return view! { <NotFound/> }.into_any() };
    let locale = viewer.locale;
    let drill = now.seed.map(|seed| Drill::new(&scams.book, seed));
    let seen = drill.as_ref().and_then(|drill| drill.see(&now.answers).ok());
    let here = drill.as_ref().zip(seen.as_ref());
    let case = here.and_then(|(drill, seen)| drill.cases.get(seen.case));
    let is_end = seen.is_some() && case.is_none();
    let notice = now.notice.map(|notice| super::pages::notice(&words, notice));
    let desk = desk(&words, &scams.book, case, seen.as_ref());
    let end = end(&words, seen.as_ref().filter(|_| is_end), &now);
    let (begun, in_case) = (seen.is_some(), case.is_some());
    let version = scams.version.to_string();
    let book = now.seed.is_none().then(|| view! { <pre hidden data-book>{scams.text.clone()}</pre> });
    view! {
        <Title text=t!(words, "practice-drill-title")/>
        <link rel="stylesheet" href=house.assets.path("practice.css")/>
        <div class="band"></div>
        <header class="top lean">
            <a href=Page::Practices.path(locale)>
                <Icon name="back"/>
                {t!(words, "practice-others")}
            </a>
        </header>
        <DrillForm>
            <form
                class="practice drill"
                method="post"
                data-js=house.assets.path("practice.js")
                data-wasm=house.assets.path("practice.wasm")
                action=Page::Drill.path(locale)
                data-drill
                data-asked=t!(words, "practice-asked")
                data-unheard=t!(words, "practice-unheard")
            >
                <input type="hidden" name=fields::VERSION value=version/>
                <input type="hidden" name=fields::SEED value=now.seed.map(|seed| seed.to_string())/>
                <input type="hidden" name=fields::ANSWERS value=now.answers.to_string()/>
                <input type="hidden" name=fields::AT value=now.at.map(|at| at.to_string())/>
                <section class="intro stack" hidden=begun data-intro>
                    {notice}
                    <h1 id="main" tabindex="-1">{t!(words, "practice-drill-title")}</h1>
                    {in_vietnamese(&words)}
                    <p class="lead">{t!(words, "practice-drill-lead")}</p>
                    <ul class="points">
                        <li>{t!(words, "practice-drill-mixed")}</li>
                        <li>{t!(words, "practice-drill-ask")}</li>
                        <li>{t!(words, "practice-drill-new")}</li>
                    </ul>
                    <p>{t!(words, "practice-unreal")}</p>
                    <button class="btn btn-main" name=fields::BEGIN value="1">{t!(words, "practice-drill-begin")}</button>
                </section>
                <section class="desk" hidden=!in_case data-desk>
                    {desk}
                </section>
                {end}
            </form>
            {book}
        </DrillForm>
    }
    .into_any()
}

fn desk(words: &Words, book: &Book, case: Option<&DrawnCase>, seen: Option<&Seen>) -> AnyView {
    let channel = case.map(|case| case.channel);
    let channels = Channel::ALL.iter().map(|one| {
        view! { <span data-channel=one.as_str() hidden=channel != Some(*one)>{channel_name(words, *one)}</span> }
    });
    let shown = case.zip(seen);
    let told = shown.map(|(case, seen)| told(words, book, case, seen));
    let number = seen.map_or(1, |seen| seen.case + 1);
    let over = shown.and_then(|(case, seen)| Some((case, seen.outcome?)));
    let answers = Channel::ALL.iter().map(|one| answers(words, *one, shown, channel == Some(*one) && over.is_none()));
    let verdicts = [Truth::Scam, Truth::Genuine]
        .into_iter()
        .flat_map(|of| [Outcome::Followed, Outcome::Refused, Outcome::Checked].map(|outcome| (of, outcome)));
    let verdicts = verdicts.map(|(of, outcome)| {
        let hidden = over.is_none_or(|(case, how)| (case.of, how) != (of, outcome));
        let right = outcome.is_right(of);
        view! {
            <p class="verdict" class:right=right data-verdict=fields::verdict(of, outcome) hidden=hidden>
                <Icon name=if right { "done" } else { "idea" }/>
                {verdict(words, of, outcome)}
            </p>
        }
    });
    let what_to_do = over.map(|(case, _)| book.advice(case).to_owned());
    view! {
        <h1 class="away">{t!(words, "practice-drill-title")}</h1>
        <div class="phone">
            <p class="status" aria-hidden="true">
                <span class="num">{t!(words, "practice-case")}" "<span data-n="case">{number}</span>"/"{CASES}</span>
                <b>"MẪU · KHÔNG CÓ THẬT"</b>
            </p>
            <section class="screen" data-app="drill">
                <h2 class="bar" tabindex="-1" data-head>{channels.collect_view()}</h2>
                <div class="glass" lang="vi" tabindex="0" data-lines>{told}</div>
            </section>
        </div>
        <div class="strip">
            {answers.collect_view()}
            <div class="stack over" hidden=over.is_none() data-over>
                <div role="status">{verdicts.collect_view()}</div>
                <p lang="vi" data-advice>{what_to_do}</p>
                <button class="btn btn-main" name=fields::ANSWER value=Response::Next.letter().to_string()>
                    {t!(words, "practice-next-case")}
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn told(words: &Words, book: &Book, case: &DrawnCase, seen: &Seen) -> AnyView {
    let over = seen.outcome.is_some();
    let sign = |said: &Said| {
        let sign = book.sign(case, said).filter(|_| over)?;
        let class = format!("clue {}", sign.of.as_str());
        Some(view! { <p class=class><b>{sign.name.clone()}</b>" "{sign.why.clone()}</p> })
    };
    let line = |line: Line<'_>| match line {
        Line::From(from) => view! { <p class="caller">{from.to_owned()}</p> }.into_any(),
        Line::They(said) => view! {
            <p class="bubble">{said.text.clone()}</p>
            {sign(said)}
        }
        .into_any(),
        Line::Asked => view! { <p class="bubble mine">{t!(words, "practice-asked")}</p> }.into_any(),
        Line::Unheard => view! { <p class="unheard">{t!(words, "practice-unheard")}</p> }.into_any(),
    };
    lines(case, seen).into_iter().map(line).collect_view().into_any()
}

/// What one can do in a case of this channel.
fn answers(words: &Words, channel: Channel, shown: Option<(&DrawnCase, &Seen)>, now: bool) -> AnyView {
    let (may_ask, last) = match shown.filter(|_| now) {
        Some((case, seen)) => (seen.may_ask(case), !fields::goes_on(seen, case.turns.len())),
        None => (false, false),
    };
    let button = |response: Response, class: &'static str, label: String| {
        let letter = response.letter().to_string();
        let hidden = response == Response::Ask && !may_ask;
        view! { <button class=class name=fields::ANSWER value=letter hidden=hidden>{label}</button> }
    };
    let (on, follow) = going_on(words, channel);
    let go = Response::GoOn.letter().to_string();
    view! {
        <div class="answers" data-answers=channel.as_str() hidden=!now>
            <button class="btn" name=fields::ANSWER value=go.clone() data-on hidden=last>{on}</button>
            <button class="btn" name=fields::ANSWER value=go data-last hidden=!last>{follow}</button>
            {button(Response::Ask, "btn", t!(words, "practice-do-ask"))}
            {button(Response::HangUp, "btn", refusing(words, channel))}
            {button(Response::CallBack, "btn", t!(words, "practice-do-call-back"))}
            {button(Response::Report, "btn", t!(words, "practice-do-report"))}
        </div>
    }
    .into_any()
}

fn channel_name(words: &Words, channel: Channel) -> String {
    match channel {
        Channel::Call => t!(words, "practice-channel-call"),
        Channel::Sms => t!(words, "practice-channel-sms"),
        Channel::Chat => t!(words, "practice-channel-chat"),
        Channel::Door => t!(words, "practice-channel-door"),
        Channel::Web => t!(words, "practice-channel-web"),
    }
}

/// Going on, and at the last turn doing what is wanted.
fn going_on(words: &Words, channel: Channel) -> (String, String) {
    match channel {
        Channel::Call | Channel::Door => (t!(words, "practice-do-listen"), t!(words, "practice-do-follow")),
        Channel::Sms | Channel::Chat => (t!(words, "practice-do-read"), t!(words, "practice-do-follow-message")),
        Channel::Web => (t!(words, "practice-do-look"), t!(words, "practice-do-follow-page")),
    }
}

fn refusing(words: &Words, channel: Channel) -> String {
    match channel {
        Channel::Call => t!(words, "practice-do-hang-up"),
        Channel::Sms => t!(words, "practice-do-delete"),
        Channel::Chat => t!(words, "practice-do-ignore"),
        Channel::Door => t!(words, "practice-do-send-away"),
        Channel::Web => t!(words, "practice-do-close"),
    }
}

fn verdict(words: &Words, of: Truth, outcome: Outcome) -> String {
    match (of, outcome) {
        (Truth::Scam, Outcome::Followed) => t!(words, "practice-scam-followed"),
        (Truth::Scam, Outcome::Refused) => t!(words, "practice-scam-refused"),
        (Truth::Scam, Outcome::Checked) => t!(words, "practice-scam-checked"),
        (Truth::Genuine, Outcome::Followed) => t!(words, "practice-genuine-followed"),
        (Truth::Genuine, Outcome::Refused) => t!(words, "practice-genuine-refused"),
        (Truth::Genuine, Outcome::Checked) => t!(words, "practice-genuine-checked"),
    }
}

/// How it went: scams refused and genuine ones refused stand apart.
fn end(words: &Words, seen: Option<&Seen>, now: &Drilling) -> AnyView {
    let score = seen.map(|seen| seen.score).unwrap_or_default();
    let numbers = fields::drill_numbers(&score);
    let number = |name: &'static str| {
        let value = numbers.iter().find(|(of, _)| *of == name).map(|(_, value)| value.clone());
        view! { <b class="num" data-n=name>{value}</b> }
    };
    let result = fields::drill_result(&score);
    let results = [
        ("pass", t!(words, "practice-drill-pass")),
        ("missed", t!(words, "practice-drill-missed")),
        ("wary", t!(words, "practice-drill-wary")),
    ];
    let results = results.into_iter().map(|(name, text)| {
        let pass = name == "pass";
        view! {
            <div class="feedback" class:right=pass data-result=name hidden=result != name>
                <p class="verdict"><Icon name=if pass { "done" } else { "idea" }/>{text}</p>
            </div>
        }
    });
    let locale = viewer().locale;
    view! {
        <section class="result stack" hidden=seen.is_none() data-end data-finished=now.event.clone() tabindex="-1">
            <h1>{t!(words, "practice-drill-done")}</h1>
            {results.collect_view()}
            <dl class="counts wide-counts">
                <div><dt>{t!(words, "practice-hits")}</dt><dd>{number("hits")}"/"{number("scams")}</dd></div>
                <div><dt>{t!(words, "practice-false-alarms")}</dt><dd>{number("false-alarms")}"/"{number("genuine")}</dd></div>
            </dl>
            <p class="hint">{t!(words, "practice-false-alarms-why")}</p>
            {super::pages::holders(words, now.held)}
            <details class="small">
                <summary>{t!(words, "practice-for-trainers")}</summary>
                <p>{t!(words, "practice-d-prime")}" "{number("d-prime")}</p>
                <p>{t!(words, "practice-d-prime-why")}</p>
            </details>
            <div class="turn">
                <button class="btn" name=fields::BEGIN value="1">{t!(words, "practice-drill-again")}</button>
                <a href=Page::Practices.path(locale)><Icon name="back"/>{t!(words, "practice-others")}</a>
            </div>
        </section>
    }
    .into_any()
}
