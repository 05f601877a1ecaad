//! `/thong-ke/xa/<code>`: how far one commune or ward has come.

use super::{
    ladder::{people, so_many_people, step_name},
    method::adults_note,
    trend::{Of, Trend},
};
use crate::{
    error::{AppError, NotFound},
    house::{House, house, viewer, words},
    paths::Page,
    shell::Frame,
    t,
};
use domain::{
    content::TrackId,
    coverage::{Figure, Part, PublicCount, Step, Witness, series::Origin, shown},
    places::{Unit, UnitCode},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use store::UnitStatistics;

#[component]
pub fn UnitStatisticsRoute() -> impl IntoView {
    let code =
        use_params_map().with_untracked(|params| params.get("unit")).and_then(|code| code.parse::<UnitCode>().ok());
    let styles = house().assets.path("charts.css");
    let page = Suspend::new(async move {
        let house = house();
        let Some(unit) = code.and_then(|code| house.library.unit(code)).filter(|unit| unit.valid_to.is_none()).cloned()
        else {
            return view! { <NotFound/> }.into_any();
        };
        let library = &house.library;
        match house.store.unit_statistics(unit.code, &library.became, &library.parts_of).await {
            Ok(statistics) => page(&house, &unit, statistics),
            Err(error) => AppError::from(error).view(),
        }
    });
    view! {
        <link rel="stylesheet" href=styles/>
        {page}
    }
}

fn page(house: &House, unit: &Unit, statistics: Option<UnitStatistics>) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let name = unit.name.clone();
    let body = match statistics {
        Some(statistics) => figures(house, unit, statistics),
        None => view! { <p class="finding">{t!(words, "coverage-none-yet")}</p> }.into_any(),
    };
    view! {
        <Title text=name.clone()/>
        <Frame wide=true>
            <p><a href=Page::Statistics(None).path(viewer.locale)>{t!(words, "coverage-to-province")}</a></p>
            <h1 lang="vi">{name}</h1>
            {body}
        </Frame>
    }
    .into_any()
}

fn figures(house: &House, unit: &Unit, UnitStatistics { head, figures, course }: UnitStatistics) -> AnyView {
    let words = words();
    let month = words.month(head.month);
    let adults = head.adults(&Part::Unit(unit.code)).unwrap_or_default();
    let of = |track: Option<TrackId>, step: Step, witness: Witness| {
        shown(&figures, &Figure::Ladder { track, step, witness, part: Part::Unit(unit.code) })
    };
    let heard = of(None, Step::Heard, Witness::Self_);
    let share = heard.permille_of(adults);
    let finding = t!(words, "coverage-unit-finding", people = so_many_people(&words, heard));
    let share = share.map(|share| view! { <p class="big">{words.percent(share)}</p> });
    let tracks: Vec<(Option<TrackId>, String)> = [(None, t!(words, "coverage-any-track"))]
        .into_iter()
        .chain(house.library.tracks.iter().map(|track| (Some(track.id.clone()), track.title.clone())))
        .collect();
    let tables = tracks.into_iter().map(|(track, title)| {
        let rows = Step::ALL.iter().map(|&step| {
            let [own, seen] = [Witness::Self_, Witness::Trainer].map(|witness| of(track.clone(), step, witness));
            let few = |count: PublicCount| count.value().is_none();
            view! {
                <tr>
                    <th scope="row">{step_name(&words, step)}</th>
                    <td class:few=few(own)>{people(&words, own)}</td>
                    <td class:few=few(seen)>{people(&words, seen)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label=title.clone()>
            <table class="figures ladder-table">
                <caption lang="vi">{title.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(words, "coverage-column-step")}</th>
                        <th scope="col">{t!(words, "coverage-column-own")}</th>
                        <th scope="col">{t!(words, "coverage-column-seen")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            </div>
        }
    });
    let tables = tables.collect_view();
    let added = course.iter().any(|point| point.origin == Origin::Added);
    let guessed = unit.estimated || course.iter().any(|point| point.origin == Origin::Estimated);
    let added = added.then(|| view! { <p>{t!(words, "coverage-unit-added")}</p> });
    let guessed = guessed.then(|| view! { <p>{t!(words, "coverage-unit-estimated")}</p> });
    let points =
        course.iter().map(|point| Of { month: point.month, own: point.shown, seen: None, origin: point.origin });
    let points: Vec<Of> = points.collect();
    let heard_name = step_name(&words, Step::Heard);
    let source = t!(words, "coverage-source", month = month);
    view! {
        <p class="finding">{finding}</p>
        {share}
        <p>{t!(words, "coverage-unit-adults", adults = words.number(adults))}</p>
        <section class="part stack" id="bac-thang">
            <h2>{t!(words, "coverage-ladder-title")}</h2>
            <p>{t!(words, "coverage-unit-ladder-how")}</p>
            <div class="ladders">{tables}</div>
            <p class="source">{source.clone()}</p>
        </section>
        <section class="part stack" id="theo-thang">
            <h2>{t!(words, "coverage-trend-title", step = heard_name.clone())}</h2>
            {added}
            {guessed}
            <Trend points=points caption=t!(words, "coverage-trend-caption", step = heard_name)/>
            <p class="source">{source}</p>
        </section>
        <section class="part stack">
            <h2>{t!(words, "coverage-method-title")}</h2>
            <p>{t!(words, "coverage-method-noise")}</p>
            <p>{t!(words, "coverage-method-hidden")}</p>
            <p>{t!(words, "coverage-method-adults", adults = adults_note(&head, &words))}</p>
        </section>
    }
    .into_any()
}
