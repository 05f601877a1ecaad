//! A lesson: one page with all its steps and questions.

use super::{islands::LessonForm, next};
use crate::{
    content::{
        glossary_pages,
        pages::{counted, in_vietnamese},
    },
    error::NotFound,
    house::{house, viewer, words},
    paths::Page,
    t,
    ui::{Icon, Scene, StitchedEdge, Summary},
    words::Words,
};
use domain::{
    content::{Choice, ChoiceId, Lesson, LessonId, Marking, Question, QuestionId, Right, SkillId, Step, first_uses},
    learn::{Answer, Mark, TRIES_MAX, Tried, fields, mark},
    time::Month,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What somebody without JavaScript has filled in so far. Everything of it came with the form and goes back with the page.
#[derive(Clone, Default, Debug)]
pub struct Filled {
    pub answers: BTreeMap<QuestionId, Answer>,
    pub tries: BTreeMap<QuestionId, Vec<Answer>>,
    /// Questions whose answer is looked at now.
    pub looked_at: BTreeSet<QuestionId>,
    /// Questions without an answer when finishing was asked for.
    pub open: Vec<QuestionId>,
    /// The lesson is finished: show the end.
    pub finished: Option<Finished>,
}

impl Filled {
    /// Notes which of these questions have no answer.
    pub(super) fn note_open(&mut self, questions: &[Question]) {
        let ids = questions.iter().map(|question| question.key.id.clone());
        self.open = ids.filter(|id| !self.answers.contains_key(id)).collect();
    }

    /// Everything that was tried, question by question.
    pub(super) fn tried(&self) -> Vec<Tried> {
        let tried = self.answers.iter().map(|(question, answer)| {
            let tries = self.tries.get(question).filter(|tries| !tries.is_empty());
            Tried { question: question.clone(), tries: tries.cloned().unwrap_or_else(|| vec![answer.clone()]) }
        });
        tried.collect()
    }
}

/// A lesson finished without JavaScript.
#[derive(Clone, Default, Debug)]
pub struct Finished {
    /// All lessons finished, this one included.
    pub all: BTreeSet<LessonId>,
    /// Whether to ask for consent: nobody answered yet.
    pub ask: bool,
    /// The event in JSON, for `app.js` to keep where the form was sent before the island was there.
    pub event: Option<String>,
}

#[component]
pub fn LessonRoute() -> impl IntoView {
    let (track, lesson) = use_params_map()
        .with_untracked(|params| (params.get("track").unwrap_or_default(), params.get("lesson").unwrap_or_default()));
    let found = LessonId::new(&track, &lesson).ok().and_then(|id| house().library.lesson(&id).cloned());
    match found {
        Some(lesson) => view! { <LessonPage lesson=Arc::new(lesson) filled=Filled::default()/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

/// The lesson; `filled` is empty for a first visit, and then the page is the same for everyone.
#[component]
pub fn LessonPage(lesson: Arc<Lesson>, filled: Filled) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let track = house.library.track(lesson.id.track());
    let track_title = track.map(|track| track.title.clone()).unwrap_or_default();
    // The pages of the lesson by their anchors, in order, so that each knows its neighbours.
    let anchors: Vec<String> = (1..=lesson.steps.len())
        .map(|place| format!("b{place}"))
        .chain(lesson.questions.iter().map(|question| format!("q-{}", question.key.id)))
        .chain(["ghi-nho".to_owned(), "lam-that".to_owned()])
        .collect();
    let turn = |place: usize, main: bool| turn(&words, &anchors, place, main);
    let texts = lesson.steps.iter().map(|step| format!("{}. {}", step.title, step.sentences.join(" ")));
    let terms = first_uses(&house.library.terms, texts);
    let steps = lesson.steps.iter().zip(terms).enumerate().map(|(place, (step, terms))| {
        let id = anchors[place].clone();
        let terms = glossary_pages::met_first(&words, locale, &terms);
        view! { <StepPage id step=step.clone() first=place == 0 terms more=turn(place, true)/> }
    });
    let steps = steps.collect_view();
    let questions = lesson.questions.iter().enumerate().map(|(nth, question)| {
        let place = lesson.steps.len() + nth;
        let looked_at = filled.looked_at.contains(&question.key.id);
        view! {
            <QuestionPage question=question.clone() filled=filled.clone() more=turn(place, looked_at)/>
        }
    });
    let questions = questions.collect_view();
    let (remember, for_real) = (anchors.len() - 2, anchors.len() - 1);
    let points = |points: &[String]| points.iter().map(|point| view! { <li>{point.clone()}</li> }).collect_view();
    let (key_points, acts) = (points(&lesson.key_points), points(&lesson.for_real));
    let (remember_turn, for_real_turn) = (turn(remember, true), turn(for_real, false));
    let (remember, for_real) = (anchors[remember].clone(), anchors[for_real].clone());
    let open = (!filled.open.is_empty()).then(|| {
        let faults = filled.open.iter().filter_map(|id| {
            let question = lesson.questions.iter().find(|question| question.key.id == *id)?;
            Some((format!("q-{id}"), question.text.clone()))
        });
        view! { <Summary title=t!(words, "learn-open") faults=faults.collect()/> }
    });
    let sources = lesson.sources.iter().map(|source| {
        let by = [source.publisher.clone(), source.number.clone(), Some(source_date(&words, &source.date))];
        let by = by.into_iter().flatten().collect::<Vec<_>>().join(", ");
        view! { <li>{source.document.clone()}" ("{by}")"</li> }
    });
    let sources = sources.collect_view();
    let end = end_page(&words, &lesson, &filled);
    let action = Page::Lesson(&lesson.id).path(locale);
    view! {
        <Title text=lesson.title.clone()/>
        <div class="band"></div>
        <header class="top lean">
            <a href=Page::Track(lesson.id.track()).path(locale) lang="vi">
                <Icon name="back"/>
                {track_title}
            </a>
            <span class="pos num" data-pos></span>
        </header>
        <LessonForm>
            <form
                class="lesson"
                method="post"
                action=action
                data-lesson-form=lesson.id.to_string()
                data-version=lesson.version.to_string()
                data-skills=skills_word(&lesson.marking)
                data-pass=lesson.marking.pass_percent
            >
            // Enter in a choice presses the first button there is: one that does nothing outside of a dialog.
            <button class="away" formmethod="dialog" tabindex="-1" aria-hidden="true"></button>
            <h1 class="name" id="main" lang="vi">{lesson.title.clone()}</h1>
            {in_vietnamese(&words)}
            {open}
            {steps}
            {questions}
            <section class="page" id=remember>
                <h2>{t!(words, "learn-remember")}</h2>
                <ul class="points" lang="vi" data-say>{key_points}</ul>
                <ListenButton/>
                {remember_turn}
            </section>
            <section class="page" id=for_real>
                <h2>{t!(words, "learn-for-real")}</h2>
                <ul class="points" lang="vi" data-say>{acts}</ul>
                <ListenButton/>
                <div class="notice">
                    <div>
                        <h3>{t!(words, "learn-without-phone")}</h3>
                        <p lang="vi">{lesson.without_phone.clone()}</p>
                    </div>
                </div>
                <button class="btn btn-main" name="finish" value="1" formaction="#xong">{t!(words, "learn-finish")}</button>
                <details class="small">
                    <summary>{t!(words, "learn-sources", date = words.date(lesson.fact_date))}</summary>
                    <ul lang="vi">{sources}</ul>
                </details>
                {for_real_turn}
            </section>
            {end}
            </form>
        </LessonForm>
    }
}

/// The skills of a lesson as the page carries them.
pub(super) fn skills_word(marking: &Marking) -> String {
    marking.skills.iter().map(SkillId::as_str).collect::<Vec<_>>().join(" ")
}

/// A date as precise as it is known: a day, a month or a year.
fn source_date(words: &Words, date: &str) -> String {
    let month = || {
        let (year, month) = date.split_once('-')?;
        Month::new(year.parse().ok()?, month.parse().ok()?)
    };
    match date.parse() {
        Ok(day) => words.date(day),
        Err(_) => month().map_or_else(|| date.to_owned(), |month| words.month(month)),
    }
}

/// Back and on. `main`: going on is the thing to do here; before an answer it is only "later".
pub(super) fn turn(words: &Words, anchors: &[String], place: usize, main: bool) -> AnyView {
    let link = |place: usize| format!("#{}", anchors[place]);
    let back = place.checked_sub(1).map(|place| {
        view! { <a href=link(place)><Icon name="back"/>{t!(words, "learn-back")}</a> }
    });
    let on = (place + 1 < anchors.len()).then(|| {
        let class = if main { "btn btn-main" } else { "" };
        let text = if main { t!(words, "learn-on") } else { t!(words, "learn-later") };
        view! { <a class=class href=link(place + 1) data-on=t!(words, "learn-on")><span>{text}</span><Icon name="next"/></a> }
    });
    view! { <div class="turn">{back}{on}</div> }.into_any()
}

#[component]
fn StepPage(id: String, step: Step, first: bool, terms: Option<AnyView>, more: AnyView) -> impl IntoView {
    view! {
        <section class="page step" id=id>
            <h2 lang="vi">{step.title.clone()}</h2>
            <Scene picture=step.picture.clone() inline=first/>
            <div class="say" lang="vi" data-say=step.speak.clone().unwrap_or_default()>
                <p>{step.sentences.join(" ")}</p>
            </div>
            <ListenButton/>
            {terms}
            {more}
        </section>
    }
}

/// Reads aloud with the phone's own Vietnamese voice; shown by `app.js` where there is one.
#[component]
pub(crate) fn ListenButton() -> impl IntoView {
    let words = words();
    view! {
        <button class="listen" type="button" hidden data-stop=t!(words, "learn-listen-stop")>
            <Icon name="listen"/>
            <span>{t!(words, "learn-listen")}</span>
        </button>
    }
}

#[component]
pub(super) fn QuestionPage(question: Question, filled: Filled, more: AnyView) -> impl IntoView {
    let words = words();
    let key = question.key.clone();
    let answer = filled.answers.get(&key.id);
    let looked_at = filled.looked_at.contains(&key.id);
    let seen = looked_at.then(|| answer.and_then(|answer| mark(&key, answer)));
    let shown = seen.map(|mark| mark.map_or_else(|| "none".to_owned(), Mark::feedback));
    let tries = filled.tries.get(&key.id).map(|tries| {
        let trail: Vec<String> = tries.iter().take(TRIES_MAX).map(Answer::to_word).collect();
        view! { <input type="hidden" name=fields::tries(&key.id) value=trail.join(" ")/> }
    });
    let check = if shown.is_some() { t!(words, "learn-check-again") } else { t!(words, "learn-check") };
    let check_class = if shown.is_some() { "btn" } else { "btn btn-main" };
    let anchor = format!("q-{}", key.id);
    let action = format!("#{anchor}");
    view! {
        <section
            class="page question"
            id=anchor
            data-question=key.id.to_string()
            data-choices=key.choices
            data-right=key.right.answer(key.choices).to_word()
        >
            {tries}
            <Choices question=question.clone() answer=answer.cloned()/>
            <button
                class=check_class
                name="check"
                value=key.id.to_string()
                formaction=action
                data-again=t!(words, "learn-check-again")
            >
                {check}
            </button>
            <div class="stack" role="status" tabindex="-1" data-feedbacks>
                {feedbacks(&words, &question, shown.as_deref())}
            </div>
            {more}
        </section>
    }
}

/// The choices as big cards, with what was chosen.
#[component]
fn Choices(question: Question, answer: Option<Answer>) -> impl IntoView {
    let words = words();
    let id = question.key.id.clone();
    let text = |choice: ChoiceId| question.choices.get(choice.place()).map(|choice| choice.text.clone());
    let card = |kind: &'static str, name: String, chosen: &dyn Fn(ChoiceId) -> bool| {
        let cards = question.shown_order().into_iter().map(|choice| {
            view! {
                <label class="choice">
                    <input type=kind name=name.clone() value=choice.to_string() checked=chosen(choice)/>
                    <span>{text(choice)}</span>
                </label>
            }
        });
        cards.collect_view().into_any()
    };
    let name = fields::answer(&id);
    match &question.key.right {
        Right::Single(_) => {
            let chosen = |choice| matches!(&answer, Some(Answer::Single(chosen)) if *chosen == choice);
            view! {
                <fieldset lang="vi">
                    <legend>{question.text.clone()}</legend>
                    {card("radio", name, &chosen)}
                </fieldset>
            }
            .into_any()
        }
        Right::Multiple(_) => {
            let chosen = |choice| matches!(&answer, Some(Answer::Multiple(chosen)) if chosen.contains(&choice));
            view! {
                <fieldset lang="vi">
                    <legend>{question.text.clone()}</legend>
                    <p class="hint" lang=words.locale.code()>{t!(words, "learn-choose-all")}</p>
                    {card("checkbox", name, &chosen)}
                </fieldset>
            }
            .into_any()
        }
        Right::Order => {
            let place_of = |choice: ChoiceId| match &answer {
                Some(Answer::Order(given)) => given.iter().position(|given| *given == choice).map(|place| place + 1),
                _ => None,
            };
            let count = question.choices.len();
            let cards = question.shown_order().into_iter().map(|choice| {
                let at = place_of(choice);
                let places = (1..=count).map(|place| {
                    view! { <option value=place.to_string() selected=at == Some(place)>{place}</option> }
                });
                view! {
                    <label class="choice">
                        <select name=fields::place(&id, choice) lang=words.locale.code()>
                            <option value="">"–"</option>
                            {places.collect_view()}
                        </select>
                        <span>{text(choice)}</span>
                    </label>
                }
            });
            view! {
                <fieldset lang="vi">
                    <legend>{question.text.clone()}</legend>
                    <p class="hint" lang=words.locale.code()>{t!(words, "learn-choose-order")}</p>
                    {cards.collect_view()}
                </fieldset>
            }
            .into_any()
        }
        Right::Truth { .. } => {
            let given = match answer {
                Some(Answer::Truth { verdict, reason }) => Some((verdict, reason)),
                _ => None,
            };
            let reason = |choice| given.is_some_and(|(_, reason)| reason == choice);
            let verdict = |value: bool, text: String| {
                let checked = given.is_some_and(|(verdict, _)| verdict == value);
                view! {
                    <label class="choice">
                        <input type="radio" name=name.clone() value=value.to_string() checked=checked/>
                        <span>{text}</span>
                    </label>
                }
            };
            view! {
                <fieldset lang="vi">
                    <legend>{t!(words, "learn-true-or-false")}" “"{question.text.clone()}"”"</legend>
                    <div class="pair verdicts" lang=words.locale.code()>
                        {verdict(true, t!(words, "learn-true"))}
                        {verdict(false, t!(words, "learn-false"))}
                    </div>
                </fieldset>
                <fieldset lang="vi">
                    <legend class="why" lang=words.locale.code()>{t!(words, "learn-why")}</legend>
                    {card("radio", fields::reason(&id), &reason)}
                </fieldset>
            }
            .into_any()
        }
    }
}

/// Every feedback this question can give, all but `shown` hidden: the island shows another when it marks.
fn feedbacks(words: &Words, question: &Question, shown: Option<&str>) -> AnyView {
    let mut all: Vec<(String, Option<String>)> =
        vec![("none".to_owned(), None), (Mark::Right.feedback(), Some(question.because.clone()))];
    let place = |place: usize| ChoiceId::nth(place).map(|choice| Mark::Choice(choice).feedback()).unwrap_or_default();
    let whys = question.choices.iter().enumerate();
    all.extend(whys.filter_map(|(at, Choice { why, .. })| why.clone().map(|why| (place(at), Some(why)))));
    match &question.key.right {
        Right::Multiple(_) => all.push(("missing".to_owned(), Some(t!(words, "learn-missing")))),
        Right::Truth { .. } => all.push((Mark::Verdict.feedback(), question.verdict_why.clone())),
        Right::Single(_) | Right::Order => {}
    }
    let one = |(name, text): (String, Option<String>)| {
        let hidden = shown != Some(name.as_str());
        let right = name == "right";
        let (icon, verdict) = match name.as_str() {
            "right" => ("done", t!(words, "learn-right")),
            "none" => ("idea", t!(words, "learn-none")),
            _ => ("idea", t!(words, "learn-wrong")),
        };
        let ours = name == "missing";
        view! {
            <div class="feedback" class:right=right class:wrong=!right data-mark=name hidden=hidden>
                <p class="verdict"><Icon name=icon/>{verdict}</p>
                {text.map(|text| view! { <p lang=(!ours).then_some("vi")>{text}</p> })}
            </div>
        }
    };
    all.into_iter().map(one).collect_view().into_any()
}

/// The end: one stitch more, what comes next, and once the question whether it may be counted.
fn end_page(words: &Words, lesson: &Lesson, filled: &Filled) -> AnyView {
    let (house, viewer) = (house(), viewer());
    let finished = filled.finished.as_ref();
    let track = house.library.track(lesson.id.track());
    let edge: Vec<(LessonId, bool)> = track
        .map(|track| &track.lessons[..])
        .unwrap_or_default()
        .iter()
        .map(|l| (l.id.clone(), finished.is_some_and(|finished| finished.all.contains(&l.id))))
        .collect();
    // For the first visit: what comes after this lesson for somebody who has learnt nothing else.
    let known = finished.map(|finished| finished.all.clone()).unwrap_or_else(|| [lesson.id.clone()].into());
    let progress = super::Progress { finished: known, last: Some(lesson.id.clone()), ..super::Progress::default() };
    let onward = match next(&house, &progress) {
        Some(next) => view! {
            <a class="btn btn-main" href=Page::Lesson(&next.id).path(viewer.locale)>
                <span>{t!(words, "learn-next-lesson")}" "<span lang="vi">{next.title.clone()}</span></span>
            </a>
        }
        .into_any(),
        None => view! { <a class="btn btn-main" href=Page::Progress.path(viewer.locale)>{t!(words, "learn-to-progress")}</a> }.into_any(),
    };
    let practice = crate::practice::pages::practice_link(words, &lesson.id);
    let ask_hidden = !finished.is_some_and(|finished| finished.ask);
    let event = finished.and_then(|finished| finished.event.clone());
    view! {
        <section class="page finish" id="xong" hidden=finished.is_none() data-finished=event tabindex="-1">
            <img class="scene" src=house.assets.path("pictures/finished.svg") alt="" width="320" height="200" loading="lazy"/>
            <StitchedEdge lessons=edge.clone()/>
            <h2>{t!(words, "learn-finished")}</h2>
            {counted(words, &edge)}
            <div class="card ask stack" hidden=ask_hidden data-ask>
                <h3>{t!(words, "learn-ask-title")}</h3>
                <p>{t!(words, "learn-ask-text")}</p>
                <div class="pair">
                    <a class="btn" href=Page::Consent.path(viewer.locale)>{t!(words, "learn-ask-look")}</a>
                    <button class="btn" name="answer" value="no" formaction=Page::Consent.path(viewer.locale) data-decline>
                        {t!(words, "learn-ask-no")}
                    </button>
                </div>
            </div>
            {practice}
            <div class="turn">
                {onward}
                <a href=Page::Track(lesson.id.track()).path(viewer.locale)>
                    <Icon name="back"/>
                    {t!(words, "learn-other-lessons")}
                </a>
            </div>
        </section>
    }
    .into_any()
}
