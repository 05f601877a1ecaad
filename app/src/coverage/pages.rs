//! `/thong-ke`: one finding, one number, one picture, the table, and how the figures come about.

use super::{
    gaps::Gaps,
    ladder::{Bar, Ladder, length, people, so_many_people, step_name},
    map::{Tile, UnitMap},
    method::{Method, estimated_units},
    trend::{Of, Trend},
};
use crate::{
    error::{AppError, NotFound},
    house::{House, house, viewer, words},
    paths::{self, Page, Shown},
    shell::Frame,
    t,
    ui::Icon,
    words::{Locale, Words},
};
use domain::{
    content::TrackId,
    coverage::{Figure, LessonState, Part, PublicCount, Step, Witness, series::Origin, shown},
    places::fold,
};
use leptos::prelude::*;
use leptos_meta::{Link, Title};
use leptos_router::hooks::{use_params_map, use_query_map};
use store::Statistics;

/// All tracks, or the one in the address.
#[component]
pub fn StatisticsRoute() -> impl IntoView {
    let track = use_params_map().with_untracked(|params| params.get("track"));
    let asked = use_query_map().with_untracked(|query| Shown::of(|name| query.get(name)));
    let styles = house().assets.path("charts.css");
    let page = Suspend::new(async move {
        let house = house();
        if track.as_deref().is_some_and(|track| house.library.track(track).is_none()) {
            return view! { <NotFound/> }.into_any();
        }
        match house.store.statistics(track.as_deref(), asked.step, asked.release).await {
            Ok(None) if asked.release.is_some() => view! { <NotFound/> }.into_any(),
            Ok(statistics) => page(&house, track.as_deref(), asked, statistics),
            Err(error) => AppError::from(error).view(),
        }
    });
    // Outside of what is waited for: there leptos_meta would not find the head any more.
    view! {
        <link rel="stylesheet" href=styles/>
        <Link rel="alternate" type_="application/ld+json" href=paths::COVERAGE_DATASET/>
        {page}
    }
}

fn page(house: &House, track: Option<&str>, asked: Shown, statistics: Option<Statistics>) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let locale = viewer.locale;
    let current = |this: Option<&str>| (track == this).then_some("page");
    let query = asked.to_query();
    let address = |track: Option<&str>| format!("{}{query}", Page::Statistics(track).path(locale));
    let switch = house.library.tracks.iter().map(|t| {
        let id = t.id.as_str();
        view! { <a href=address(Some(id)) aria-current=current(Some(id)) lang="vi">{t.title.clone()}</a> }
    });
    let switch = switch.collect_view();
    let (any, any_current) = (address(None), current(None));
    let targets = targets(house, &words);
    let figures = match statistics {
        Some(statistics) => figures(house, &words, locale, track, asked, statistics),
        None => {
            let next = domain::time::Month::of(viewer.now).next();
            view! {
                <div class="state">
                    <img class="scene" src=house.assets.path("pictures/empty.svg") alt="" width="320" height="200"/>
                    <p class="finding">{t!(words, "coverage-none-yet")}</p>
                    <p>{t!(words, "coverage-none-yet-when", month = words.month(next))}</p>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <Title text=t!(words, "coverage-title")/>
        <Frame wide=true>
            <h1>{t!(words, "coverage-title")}</h1>
            <nav class="switch" aria-label=t!(words, "coverage-switch")>
                <a href=any aria-current=any_current>{t!(words, "coverage-any-track")}</a>
                {switch}
            </nav>
            {figures}
            {targets}
        </Frame>
    }
    .into_any()
}

/// What people of a step have done, for the finding.
fn finding(words: &Words, step: Step, count: PublicCount, what: String) -> String {
    let people = people(words, count);
    match step {
        _ if count == PublicCount::Withheld => t!(words, "coverage-finding-withheld", what = what),
        Step::Heard => t!(words, "coverage-finding", people = people, what = what),
        Step::PractisedWithHelp => t!(words, "coverage-finding-practised-with-help", people = people, what = what),
        Step::Practised => t!(words, "coverage-finding-practised", people = people, what = what),
        Step::DidWithHelp => t!(words, "coverage-finding-did-with-help", people = people, what = what),
        Step::DoesAlone => t!(words, "coverage-finding-does-alone", people = people, what = what),
        Step::Taught => t!(words, "coverage-finding-taught", people = people, what = what),
    }
}

fn figures(
    house: &House,
    words: &Words,
    locale: Locale,
    track: Option<&str>,
    asked: Shown,
    statistics: Statistics,
) -> AnyView {
    let Statistics { head, digest, figures, course, releases } = statistics;
    let id: Option<TrackId> = track.and_then(|track| track.parse().ok());
    let of = {
        let (figures, id) = (figures.clone(), id.clone());
        move |step: Step, witness: Witness, part: Part| {
            shown(&figures, &Figure::Ladder { track: id.clone(), step, witness, part })
        }
    };
    let tiles = head.places.iter().filter_map(|place| {
        let unit = house.library.unit(place.code)?;
        let own = of(asked.step, Witness::Self_, Part::Unit(place.code));
        let seen = of(asked.step, Witness::Trainer, Part::Unit(place.code));
        let share = own.permille_of(place.adults.into());
        // As it was called then; where it stands on the map is where it stands today.
        let unit = domain::places::Unit { name: place.name.clone(), adults: place.adults, ..unit.clone() };
        Some(Tile { unit, people: own, seen, permille: share })
    });
    let tiles: Vec<Tile> = tiles.collect();
    let adults = head.adults(&Part::Province).unwrap_or_default();
    let province = of(asked.step, Witness::Self_, Part::Province);
    let share = province.permille_of(adults);
    let month = words.month(head.month);
    let title = track.and_then(|track| house.library.track(track)).map(|track| track.title.clone());
    let what = match (asked.step, title) {
        (Step::Heard, None) => t!(words, "coverage-of-any-track"),
        (Step::Heard, Some(title)) => t!(words, "coverage-of-track", track = title),
        (_, None) => t!(words, "coverage-thing-any"),
        (_, Some(title)) => t!(words, "coverage-thing-of-track", track = title),
    };
    let finding = finding(words, asked.step, province, what);
    let source = t!(words, "coverage-source", month = month.clone());
    let step = step_name(words, asked.step);
    let step_caption = t!(words, "coverage-table-caption", step = step.clone(), month = month.clone());
    let old = releases.iter().any(|release| (release.month, release.number) > (head.month, head.number));
    let old = old.then(|| {
        let corrected = releases.iter().find(|release| release.corrects == Some(head.number)).map(|release| release.number);
        let said = match corrected {
            Some(number) => t!(words, "coverage-corrected", number = head.number.to_string(), by = number.to_string()),
            None => t!(words, "coverage-older", number = head.number.to_string(), month = month.clone()),
        };
        let newest = Page::Statistics(track).path(locale);
        view! { <p class="notice" role="note"><span>{said}" "<a href=newest>{t!(words, "coverage-to-newest")}</a></span></p> }
    });
    let corrects = head.corrects.map(|number| {
        view! { <p class="soft">{t!(words, "coverage-corrects", number = number.to_string())}</p> }
    });
    let ladder = {
        let base = Page::Statistics(track).path(locale);
        let of = of.clone();
        let address = move |step: Step| format!("{base}{}#ban-do", Shown { step, ..asked }.to_query());
        view! {
            <Ladder
                shown=Box::new(move |step, witness| of(step, witness, Part::Province))
                address=Box::new(address)
                current=asked.step
            />
        }
    };
    let points =
        course.into_iter().map(|(month, own, seen)| Of { month, own, seen: Some(seen), origin: Origin::Published });
    let points: Vec<Of> = points.collect();
    let lessons = lessons(house, words, track, &figures);
    let estimated = estimated_units(house, &head, words);
    let estimated = estimated.map(|estimated| view! { <p class="source">{estimated}</p> });
    view! {
        {old}
        <p class="finding">{finding}</p>
        <p class="big">{share.map_or_else(|| people(words, province), |share| words.percent(share))}</p>
        <p>{t!(words, "coverage-of-adults", people = people(words, province), adults = words.number(adults))}</p>
        {corrects}
        <section class="part" id="bac-thang">
            <h2><a class="own" href="#bac-thang">{t!(words, "coverage-ladder-title")}</a></h2>
            <p>{t!(words, "coverage-ladder-how")}</p>
            {ladder}
            <p class="source">{source.clone()}</p>
        </section>
        <figure id="ban-do">
            <h2><a class="own" href="#ban-do">{t!(words, "coverage-map-title", step = step.clone())}</a></h2>
            <p class="gap">{t!(words, "coverage-map-how")}</p>
            <UnitMap tiles=tiles.clone()/>
            <p class="key">
                <svg viewBox="0 0 94 94" class="t0" aria-hidden="true"><rect x="2" y="2" width="90" height="90" rx="12"></rect></svg>
                {t!(words, "coverage-map-key")}
            </p>
            <figcaption class="source">{source.clone()}</figcaption>
        </figure>
        <section class="part" id="bang">
            <h2><a class="own" href="#bang">{t!(words, "coverage-table-title")}</a></h2>
            <details open=asked.sort != paths::SORT_SHARE>
                <summary>{t!(words, "coverage-table-show", units = tiles.len() as u64)}</summary>
                {table(words, locale, track, asked, tiles, &step_caption)}
            </details>
            {estimated}
            <p class="source">{source.clone()}</p>
        </section>
        <section class="part" id="theo-thang">
            <h2><a class="own" href="#theo-thang">{t!(words, "coverage-trend-title", step = step.clone())}</a></h2>
            <Trend points=points caption=t!(words, "coverage-trend-caption", step = step.clone())/>
            <p class="source">{source.clone()}</p>
        </section>
        <section class="part" id="khoang-cach">
            <h2><a class="own" href="#khoang-cach">{t!(words, "coverage-gap-title")}</a></h2>
            <Gaps head=head.clone() figures=figures track=id step=asked.step/>
            <p class="source">{source.clone()}</p>
        </section>
        <section class="part" id="theo-bai">
            <h2><a class="own" href="#theo-bai">{t!(words, "coverage-lessons-title")}</a></h2>
            <details open=track.is_some()>
                <summary>{t!(words, "coverage-lessons-show")}</summary>
                <dl class="bars">{lessons}</dl>
            </details>
            <p class="source">{source}</p>
        </section>
        <Method head digest/>
    }
    .into_any()
}

/// How many have finished each lesson: of all tracks or of one. The numbers stand beside the bars.
fn lessons(house: &House, words: &Words, track: Option<&str>, figures: &domain::coverage::Published) -> AnyView {
    let lessons = house.library.lessons().filter(|lesson| track.is_none_or(|track| lesson.id.track() == track));
    let lessons = lessons.map(|lesson| {
        let figure = Figure::Lesson { lesson: lesson.id.clone(), state: LessonState::Completed };
        (lesson.title.clone(), shown(figures, &figure))
    });
    let lessons: Vec<(String, PublicCount)> = lessons.collect();
    let longest = lessons.iter().map(|(_, completed)| length(*completed)).max().unwrap_or_default().max(1);
    let lessons = lessons.into_iter().map(|(title, completed)| {
        view! {
            <dt lang="vi">{title}</dt>
            <dd>
                <Bar length=length(completed) longest/>
                <span>{so_many_people(words, completed)}</span>
            </dd>
        }
    });
    lessons.collect_view().into_any()
}

/// For sorting: fewer than ten come after ten, and what is not told after nobody.
fn told(count: PublicCount) -> u64 {
    match count {
        PublicCount::About(people) => people + 2,
        PublicCount::UnderTen => 2,
        PublicCount::Zero => 1,
        PublicCount::Withheld => 0,
    }
}

/// The twin of the map: every figure in words and digits, sortable without JavaScript.
fn table(
    words: &Words,
    locale: Locale,
    track: Option<&str>,
    asked: Shown,
    mut tiles: Vec<Tile>,
    caption: &str,
) -> impl IntoView + use<> {
    let by_name = |tile: &Tile| (fold(&tile.unit.short_name), tile.unit.code);
    match asked.sort {
        paths::SORT_NAME => tiles.sort_by_key(by_name),
        paths::SORT_PEOPLE => tiles.sort_by_key(|tile| (std::cmp::Reverse(told(tile.people)), by_name(tile))),
        _ => tiles.sort_by_key(|tile| (std::cmp::Reverse(tile.permille), by_name(tile))),
    }
    let page = Page::Statistics(track).path(locale);
    let head = |this: &'static str, text: String| {
        let sorted = match (asked.sort == this, this) {
            (false, _) => "none",
            (true, paths::SORT_NAME) => "ascending",
            (true, _) => "descending",
        };
        let query = Shown { sort: this, ..asked }.to_query();
        view! {
            <th scope="col" aria-sort=sorted>
                <a href=format!("{page}{query}#bang") rel="nofollow">
                    {text}
                    <Icon name="sort"/>
                </a>
            </th>
        }
    };
    let rows = tiles.into_iter().map(|Tile { unit, people: own, seen, permille }| {
        let share = permille.map_or_else(|| "–".to_owned(), |permille| words.percent(permille));
        let few = permille.is_none();
        let place = Page::UnitStatistics(unit.code.as_str()).path(locale);
        view! {
            <tr id=format!("u-{}", unit.code)>
                <th scope="row" lang="vi"><a href=place>{unit.name}</a><small>{unit.former_district}</small></th>
                <td class:few=few>{people(words, own)}</td>
                <td class:few=seen.value().is_none()>{people(words, seen)}</td>
                <td>{words.number(u64::from(unit.adults))}</td>
                <td class:few=few>{share}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=caption.to_owned()>
            <table class="figures">
                <caption>{caption.to_owned()}</caption>
                <thead>
                    <tr>
                        {head(paths::SORT_NAME, t!(words, "coverage-column-unit"))}
                        {head(paths::SORT_PEOPLE, t!(words, "coverage-column-own"))}
                        <th scope="col">{t!(words, "coverage-column-seen")}</th>
                        <th scope="col">{t!(words, "coverage-column-adults")}</th>
                        {head(paths::SORT_SHARE, t!(words, "coverage-column-share"))}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Official targets as context; learning is never drawn against them.
fn targets(house: &House, words: &Words) -> impl IntoView + use<> {
    let targets = house.library.targets.iter().map(|target| {
        let name = if words.locale == Locale::Vi { target.name_vi.clone() } else { target.name_en.clone() };
        let by = t!(words, "coverage-target", percent = target.percent.clone(), year = target.year.to_string());
        view! {
            <dt>{by}</dt>
            <dd>
                {name}", "<span lang="vi">{target.geography.clone()}</span>". "
                <span class="soft" lang="vi">{target.document.clone()}</span>
            </dd>
        }
    });
    view! {
        <section class="part">
            <h2>{t!(words, "coverage-targets-title")}</h2>
            <p>{t!(words, "coverage-targets-lead")}</p>
            <details>
                <summary>{t!(words, "coverage-targets-show")}</summary>
                <dl class="aims">{targets.collect_view()}</dl>
            </details>
        </section>
    }
}
