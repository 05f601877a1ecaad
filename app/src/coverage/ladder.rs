//! The ladder of a track in the province: for each step what people say themselves, and what a trainer has seen.

use crate::{house::words, t, words::Words};
use domain::coverage::{PublicCount, Step, Witness};
use leptos::prelude::*;

/// A published count in words.
pub(super) fn people(words: &Words, count: PublicCount) -> String {
    match count {
        PublicCount::Zero => "0".to_owned(),
        PublicCount::UnderTen => t!(words, "coverage-under-ten"),
        PublicCount::Withheld => t!(words, "coverage-withheld"),
        PublicCount::About(people) => words.number(people),
    }
}

/// "1.040 người", or why there is no number.
pub(super) fn so_many_people(words: &Words, count: PublicCount) -> String {
    match count {
        PublicCount::Withheld => t!(words, "coverage-withheld"),
        _ => t!(words, "coverage-people-of", people = people(words, count)),
    }
}

/// How long a bar is for a count: what is under ten is as long as it could at most be.
pub(super) fn length(count: PublicCount) -> u64 {
    match count {
        PublicCount::Zero | PublicCount::Withheld => 0,
        PublicCount::UnderTen => domain::coverage::PUBLIC_MIN,
        PublicCount::About(people) => people,
    }
}

/// What a step of the ladder is called.
pub(super) fn step_name(words: &Words, step: Step) -> String {
    match step {
        Step::Heard => t!(words, "coverage-step-heard"),
        Step::PractisedWithHelp => t!(words, "coverage-step-practised-with-help"),
        Step::Practised => t!(words, "coverage-step-practised"),
        Step::DidWithHelp => t!(words, "coverage-step-did-with-help"),
        Step::DoesAlone => t!(words, "coverage-step-does-alone"),
        Step::Taught => t!(words, "coverage-step-taught"),
    }
}

/// A bar from zero, in hundredths of the longest.
#[component]
pub(super) fn Bar(
    length: u64,
    longest: u64,
    /// What a trainer has seen is drawn apart.
    #[prop(optional)]
    seen: bool,
) -> impl IntoView {
    let width = (length * 100).checked_div(longest).unwrap_or_default();
    view! {
        <svg class="bar" class:seen=seen viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect width=width.to_string() height="10"></rect>
        </svg>
    }
}

/// Six steps, each with two bars that are never added together.
#[component]
pub(super) fn Ladder(
    /// For each step and witness what is published.
    shown: Box<dyn Fn(Step, Witness) -> PublicCount + Send>,
    /// Where a step's own map stands.
    address: Box<dyn Fn(Step) -> String + Send>,
    current: Step,
) -> impl IntoView {
    let words = words();
    // Until a trainer has seen anything one sentence says so.
    let nobody = Step::ALL.iter().all(|step| shown(*step, Witness::Trainer) == PublicCount::Zero);
    let all = Step::ALL.iter().flat_map(|step| Witness::ALL.iter().map(|witness| length(shown(*step, *witness))));
    let longest = all.max().unwrap_or_default().max(1);
    let steps = Step::ALL.iter().map(|&step| {
        let [own, seen] = [Witness::Self_, Witness::Trainer].map(|witness| shown(step, witness));
        let here = (step == current).then_some("true");
        view! {
            <dt><a href=address(step) aria-current=here>{step_name(&words, step)}</a></dt>
            <dd>
                <Bar length=length(own) longest/>
                <span>{t!(words, "coverage-own-word", people = so_many_people(&words, own))}</span>
            </dd>
            {(!nobody).then(|| view! {
                <dd>
                    <Bar length=length(seen) longest seen=true/>
                    <span>{t!(words, "coverage-seen", people = so_many_people(&words, seen))}</span>
                </dd>
            })}
        }
    });
    let nobody = nobody.then(|| view! { <p>{t!(words, "coverage-seen-nothing")}</p> });
    let steps = steps.collect_view();
    view! {
        <dl class="bars ladder">{steps}</dl>
        {nobody}
    }
}
