//! Month by month: a line from zero, and its twin in a table.

use super::ladder::people;
use crate::{house::words, t};
use domain::{
    coverage::{PublicCount, series::Origin},
    time::Month,
};
use leptos::prelude::*;

/// One month: the learners' own word, what a trainer has seen where that is shown, and where the figure comes from.
#[derive(Clone)]
pub(super) struct Of {
    pub(super) month: Month,
    pub(super) own: PublicCount,
    pub(super) seen: Option<PublicCount>,
    pub(super) origin: Origin,
}

/// The drawing in its own units.
const WIDTH: u64 = 640;
const HEIGHT: u64 = 200;
/// Room for the words above the first and the last point.
const ABOVE: u64 = 56;
const SIDE: u64 = 16;

/// A month as short as an axis allows.
fn short(month: Month) -> String {
    format!("{}/{}", month.month(), month.year())
}

#[component]
pub(super) fn Trend(points: Vec<Of>, caption: String) -> impl IntoView {
    let words = words();
    let most = points.iter().filter_map(|point| point.own.value()).max().unwrap_or_default().max(1);
    let last = points.len().saturating_sub(1).max(1) as u64;
    let place = |number: usize, value: u64| {
        let x = SIDE + (WIDTH - 2 * SIDE) * number as u64 / last;
        (x, ABOVE + HEIGHT - HEIGHT * value / most)
    };
    let known: Vec<(usize, u64)> =
        points.iter().enumerate().filter_map(|(number, point)| Some((number, point.own.value()?))).collect();
    let line: Vec<String> = known
        .iter()
        .map(|(number, value)| {
            let (x, y) = place(*number, *value);
            format!("{x},{y}")
        })
        .collect();
    let dots = known.iter().map(|(number, value)| {
        let (x, y) = place(*number, *value);
        let estimated = points.get(*number).is_some_and(|point| point.origin == Origin::Estimated);
        view! { <circle class:estimated=estimated cx=x cy=y r="7"></circle> }
    });
    let dots = dots.collect_view();
    // The first and the last month are labelled in place; the table has the others.
    let labels = [known.first(), known.last()].into_iter().flatten().enumerate().map(|(end, (number, value))| {
        let (x, y) = place(*number, *value);
        let anchor = if end == 0 { "start" } else { "end" };
        let x = if end == 0 { x - SIDE } else { x + SIDE };
        let month = points.get(*number).map(|point| short(point.month)).unwrap_or_default();
        view! {
            <text x=x y=y.saturating_sub(18) text-anchor=anchor class="value">{words.number(*value)}</text>
            <text x=x y=ABOVE + HEIGHT + 36 text-anchor=anchor>{month}</text>
        }
    });
    let is_line = known.len() > 1;
    let labels = labels.skip(usize::from(!is_line)).collect_view();
    let seen = points.iter().any(|point| point.seen.is_some());
    let rows = points.iter().map(|point| {
        let note = match point.origin {
            Origin::Published => None,
            Origin::Added => Some(t!(words, "coverage-added")),
            Origin::Estimated => Some(t!(words, "coverage-estimated")),
        };
        let trainer = point.seen.map(|seen| view! { <td>{people(&words, seen)}</td> });
        view! {
            <tr>
                <th scope="row">{short(point.month)}{note.map(|note| view! { <small>{note}</small> })}</th>
                <td>{people(&words, point.own)}</td>
                {trainer}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let drawing = is_line.then(|| {
        view! {
            <svg
                class="trend"
                viewBox=format!("0 0 {WIDTH} {}", ABOVE + HEIGHT + 48)
                role="img"
                aria-label=caption.clone()
            >
                <path class="ground" d=format!("M0 {0}H{WIDTH}", ABOVE + HEIGHT)></path>
                <polyline points=line.join(" ")></polyline>
                {dots}
                {labels}
            </svg>
        }
    });
    let few = (!is_line).then(|| view! { <p>{t!(words, "coverage-one-month")}</p> });
    view! {
        {drawing}
        {few}
        <details>
            <summary>{t!(words, "coverage-as-table")}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=caption.clone()>
            <table class="figures">
                <caption>{caption.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(words, "coverage-column-month")}</th>
                        <th scope="col">{t!(words, "coverage-column-own")}</th>
                        {seen.then(|| view! { <th scope="col">{t!(words, "coverage-column-seen")}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            </div>
        </details>
    }
}
