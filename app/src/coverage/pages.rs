//! `/thong-ke`: one finding, one number, one picture, the table, and how the figures come about.

use super::map::{Tile, TileMap};
use crate::{
    error::{AppError, NotFound},
    house::{House, house, viewer, words},
    paths::{self, Page},
    shell::Frame,
    t,
    ui::Icon,
    words::{Locale, Words},
};
use domain::{
    coverage::{PUBLIC_ROUNDING, PublicCount},
    places::fold,
};
use leptos::prelude::*;
use leptos_meta::{Link, Title};
use leptos_router::hooks::{use_params_map, use_query_map};
use store::{Publication, PublishedSubject};

/// How the table is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Name,
    People,
    Share,
}

impl Sort {
    fn of(query: Option<String>) -> Self {
        match query.as_deref() {
            Some(paths::SORT_NAME) => Self::Name,
            Some(paths::SORT_PEOPLE) => Self::People,
            _ => Self::Share,
        }
    }

    fn query(self) -> &'static str {
        match self {
            Self::Name => paths::SORT_NAME,
            Self::People => paths::SORT_PEOPLE,
            Self::Share => paths::SORT_SHARE,
        }
    }
}

/// A public count in words.
pub(super) fn people(words: &Words, count: PublicCount) -> String {
    match count {
        PublicCount::Zero => "0".to_owned(),
        PublicCount::UnderTen => t!(words, "coverage-under-ten"),
        PublicCount::About(people) => words.number(people),
    }
}

/// All tracks, or the one in the address.
#[component]
pub fn StatisticsRoute() -> impl IntoView {
    let track = use_params_map().with_untracked(|params| params.get("track"));
    let sort = use_query_map().with_untracked(|query| Sort::of(query.get(paths::SORT)));
    let styles = house().assets.path("charts.css");
    let page = Suspend::new(async move {
        let house = house();
        if track.as_deref().is_some_and(|track| house.library.track(track).is_none()) {
            return view! { <NotFound/> }.into_any();
        }
        let publication = match house.store.published_month().await {
            Ok(Some(month)) => house.store.publication(month).await.map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        match publication {
            Ok(publication) => page(&house, track.as_deref(), sort, publication),
            Err(error) => AppError::from(error).view(),
        }
    });
    // Outside of what is waited for: there leptos_meta would not find the head any more.
    view! {
        <Link rel="stylesheet" href=styles/>
        {page}
    }
}

fn page(house: &House, track: Option<&str>, sort: Sort, publication: Option<Publication>) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let locale = viewer.locale;
    let current = |this: Option<&str>| (track == this).then_some("page");
    let switch = house.library.tracks.iter().map(|t| {
        let id = t.id.as_str();
        view! { <a href=Page::Statistics(Some(id)).path(locale) aria-current=current(Some(id)) lang="vi">{t.title.clone()}</a> }
    });
    let switch = switch.collect_view();
    let any_current = current(None);
    let (targets, adults) = (targets(house, &words), adults_note(house, &words));
    let figures = match &publication {
        Some(publication) => figures(house, &words, locale, track, sort, publication),
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
                <a href=Page::Statistics(None).path(locale) aria-current=any_current>{t!(words, "coverage-any-track")}</a>
                {switch}
            </nav>
            {figures}
            {targets}
            <section class="part stack">
                <h2>{t!(words, "coverage-method-title")}</h2>
                <p>{t!(words, "coverage-method-who")}</p>
                <p>{t!(words, "coverage-method-once")}</p>
                <p>{t!(words, "coverage-method-rounded")}</p>
                <p>{t!(words, "coverage-method-learning")}</p>
                <p>{t!(words, "coverage-method-adults", adults = adults)}</p>
            </section>
        </Frame>
    }
    .into_any()
}

/// Basis and date of the denominator, from the data itself.
fn adults_note(house: &House, words: &Words) -> String {
    let source = &house.library.adults_source;
    let people = words.number(house.library.units.iter().map(|unit| u64::from(unit.adults)).sum());
    t!(
        words,
        "coverage-adults-note",
        people = people,
        document = source.document.clone(),
        date = words.date(source.date)
    )
}

fn figures(
    house: &House,
    words: &Words,
    locale: Locale,
    track: Option<&str>,
    sort: Sort,
    publication: &Publication,
) -> AnyView {
    let subject = track.map_or(PublishedSubject::AnyTrack, |track| PublishedSubject::Track(track.to_owned()));
    let count = |unit, subject: &PublishedSubject| {
        publication.figures.get(&(unit, subject.clone())).copied().unwrap_or(PublicCount::Zero)
    };
    let tiles: Vec<Tile> = house
        .library
        .units
        .iter()
        .filter(|unit| unit.valid_to.is_none())
        .map(|unit| {
            let people = count(Some(unit.code), &subject);
            Tile { unit: unit.clone(), people, permille: people.permille_of(unit.adults) }
        })
        .collect();
    let adults: u32 = tiles.iter().map(|tile| tile.unit.adults).sum();
    let province = count(None, &subject);
    let share = province.permille_of(adults);
    let month = words.month(publication.month);
    let title = track.and_then(|track| house.library.track(track)).map(|track| track.title.clone());
    let learnt =
        title.map_or_else(|| t!(words, "coverage-of-any-track"), |title| t!(words, "coverage-of-track", track = title));
    let finding = t!(words, "coverage-finding", people = people(words, province), what = learnt.clone());
    let lessons = house.library.lessons().filter(|lesson| track.is_none_or(|track| lesson.id.track() == track));
    let lessons = lessons.map(|lesson| {
        let completed = count(None, &PublishedSubject::Lesson(lesson.id.to_string()));
        let length = match completed {
            PublicCount::Zero => 0,
            // As long as the smallest figure that is shown could at most be.
            PublicCount::UnderTen => PUBLIC_ROUNDING,
            PublicCount::About(people) => people,
        };
        (lesson.title.clone(), completed, length)
    });
    let lessons: Vec<_> = lessons.collect();
    let longest = lessons.iter().map(|(_, _, length)| *length).max().unwrap_or_default().max(1);
    let lessons = lessons.into_iter().map(|(title, completed, length)| {
        view! {
            <dt lang="vi">{title}</dt>
            <dd>
                <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=(length * 100 / longest).to_string() height="10"></rect>
                </svg>
                <span>{t!(words, "coverage-people-of", people = people(words, completed))}</span>
            </dd>
        }
    });
    view! {
        <p class="finding">{finding}</p>
        <p class="big">{share.map_or_else(|| people(words, province), |share| words.percent(share))}</p>
        <p>{t!(words, "coverage-of-adults", people = people(words, province), adults = words.number(u64::from(adults)))}</p>
        <figure>
            <h2>{t!(words, "coverage-map-title")}</h2>
            <p class="gap">{t!(words, "coverage-map-how")}</p>
            <TileMap tiles=tiles.clone()/>
            <p class="key">
                <svg viewBox="0 0 94 94" class="t0" aria-hidden="true"><rect x="2" y="2" width="90" height="90" rx="12"></rect></svg>
                {t!(words, "coverage-map-key")}
            </p>
            <figcaption class="source">{t!(words, "coverage-source", month = month.clone())}</figcaption>
        </figure>
        <section class="part">
            <h2>{t!(words, "coverage-table-title")}</h2>
            {table(words, locale, track, sort, tiles, &t!(words, "coverage-table-caption", what = learnt, month = month.clone()))}
            <p class="source">{t!(words, "coverage-source", month = month.clone())}</p>
        </section>
        <section class="part">
            <h2>{t!(words, "coverage-lessons-title")}</h2>
            <dl class="bars">{lessons.collect_view()}</dl>
            <p class="source">{t!(words, "coverage-source", month = month)}</p>
        </section>
    }
    .into_any()
}

/// The twin of the map: every figure in words and digits, sortable without JavaScript.
fn table(
    words: &Words,
    locale: Locale,
    track: Option<&str>,
    sort: Sort,
    mut tiles: Vec<Tile>,
    caption: &str,
) -> impl IntoView + use<> {
    let by_name = |tile: &Tile| (fold(&tile.unit.short_name), tile.unit.code);
    match sort {
        Sort::Name => tiles.sort_by_key(by_name),
        Sort::People => tiles.sort_by_key(|tile| (std::cmp::Reverse(tile.people), by_name(tile))),
        Sort::Share => tiles.sort_by_key(|tile| (std::cmp::Reverse(tile.permille), by_name(tile))),
    }
    let page = Page::Statistics(track).path(locale);
    let head = |this: Sort, text: String| {
        let sorted = match (sort == this, this) {
            (false, _) => "none",
            (true, Sort::Name) => "ascending",
            (true, _) => "descending",
        };
        view! {
            <th scope="col" aria-sort=sorted>
                <a href=format!("{page}?{}={}", paths::SORT, this.query()) rel="nofollow">
                    {text}
                    <Icon name="sort"/>
                </a>
            </th>
        }
    };
    let rows = tiles.into_iter().map(|Tile { unit, people: count, permille }| {
        let share = permille.map_or_else(|| "–".to_owned(), |permille| words.percent(permille));
        let few = permille.is_none();
        view! {
            <tr id=format!("u-{}", unit.code)>
                <th scope="row" lang="vi">{unit.name}<small>{unit.former_district}</small></th>
                <td class:few=few>{people(words, count)}</td>
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
                        {head(Sort::Name, t!(words, "coverage-column-unit"))}
                        {head(Sort::People, t!(words, "coverage-column-people"))}
                        <th scope="col">{t!(words, "coverage-column-adults")}</th>
                        {head(Sort::Share, t!(words, "coverage-column-share"))}
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
