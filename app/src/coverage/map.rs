//! The map: one square for each commune, where its neighbours are; or the boundaries that the province supplied.

use crate::{
    house::{Boundaries, house, viewer, words},
    paths::Page,
    t,
    words::{Locale, Words},
};
use domain::{coverage::PublicCount, places::Unit};
use leptos::prelude::*;

/// A commune with its figure.
#[derive(Clone)]
pub struct Tile {
    pub unit: Unit,
    /// By the learners' own word.
    pub people: PublicCount,
    /// What a trainer has seen.
    pub seen: PublicCount,
    /// Tenths of a percent of its adults, where that is published.
    pub permille: Option<u64>,
}

/// Width and height of a tile with its gap, in units of the drawing.
const TILE: u32 = 100;
const COLUMNS: u32 = 12;
const ROWS: u32 = 10;

/// The largest share on the map sets the five classes, so that differences show whether shares are 1 % or 60 %.
fn class_of(permille: Option<u64>, largest: u64) -> &'static str {
    match permille {
        None => "t0",
        Some(permille) => match (permille * 5).checked_div(largest.max(1)) {
            Some(0) | None => "t1",
            Some(1) => "t2",
            Some(2) => "t3",
            Some(3) => "t4",
            Some(_) => "t5",
        },
    }
}

/// How many of a hundred, as short as a tile of a phone allows: with a decimal only where all shares are small.
fn per_hundred(words: &Words, permille: u64, largest: u64) -> String {
    const SMALL_PERMILLE: u64 = 100;
    if largest >= SMALL_PERMILLE {
        return words.number((permille + 5) / 10);
    }
    let point = if words.locale == Locale::Vi { ',' } else { '.' };
    format!("{}{point}{}", permille / 10, permille % 10)
}

/// The map that this house has.
#[component]
pub fn UnitMap(tiles: Vec<Tile>) -> impl IntoView {
    match house().boundaries.clone() {
        Some(boundaries) => view! { <BoundaryMap tiles boundaries/> }.into_any(),
        None => view! { <TileMap tiles/> }.into_any(),
    }
}

/// What a place on the map says to those who cannot see it.
fn spoken(words: &Words, Tile { unit, people, permille, .. }: &Tile) -> String {
    let share = permille.map(|permille| words.percent(permille));
    let said = super::ladder::so_many_people(words, *people);
    let spoken: Vec<String> = [Some(unit.short_name.clone()), share, Some(said)].into_iter().flatten().collect();
    spoken.join(": ")
}

/// Outlines; a unit without one in the file keeps its place in the table.
#[component]
fn BoundaryMap(tiles: Vec<Tile>, boundaries: Boundaries) -> impl IntoView {
    let (words, locale) = (words(), viewer().locale);
    let largest = tiles.iter().filter_map(|tile| tile.permille).max().unwrap_or_default();
    let shapes = tiles.iter().filter_map(|tile| {
        let path = boundaries.paths.get(&tile.unit.code)?.clone();
        Some(view! {
            <a
                class=class_of(tile.permille, largest)
                href=Page::UnitStatistics(tile.unit.code.as_str()).path(locale)
                aria-label=spoken(&words, tile)
            >
                <path d=path></path>
            </a>
        })
    });
    let shapes = shapes.collect_view();
    let label = t!(words, "coverage-boundaries-label", units = tiles.len() as u64);
    let source = Some(boundaries.source).filter(|source| !source.is_empty());
    let source = source.map(|source| t!(words, "coverage-boundaries-source", source = source));
    let source = source.map(|source| view! { <p class="source">{source}</p> });
    view! {
        <svg
            class="tiles outlines"
            viewBox=format!("0 0 {} {}", boundaries.width, boundaries.height)
            role="group"
            aria-label=label
            lang="vi"
        >
            <Hatch/>
            {shapes}
        </svg>
        {source}
    }
}

/// How a place without a figure is filled.
#[component]
fn Hatch() -> impl IntoView {
    view! {
        <defs>
            <pattern
                id="hatch"
                width="16"
                height="16"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
            >
                <path class="hatch-ground" d="M0 0h16v16H0z"></path>
                <path class="hatch-line" d="M0 0v16"></path>
            </pattern>
        </defs>
    }
}

/// Each tile leads to the page of its place and says its figure to those who cannot see it.
#[component]
pub fn TileMap(tiles: Vec<Tile>) -> impl IntoView {
    let (words, locale) = (words(), viewer().locale);
    let largest = tiles.iter().filter_map(|tile| tile.permille).max().unwrap_or_default();
    let label = t!(words, "coverage-map-label", units = tiles.len() as u64);
    let tiles = tiles.into_iter().map(|tile| {
        let said = spoken(&words, &tile);
        let Tile { unit, permille, .. } = tile;
        let (column, row) = (u32::from(unit.tile.0), u32::from(unit.tile.1));
        let (x, y) = (column * TILE, row * TILE);
        let middle = x + TILE / 2;
        let value = permille.map_or_else(|| "–".to_owned(), |permille| per_hundred(&words, permille, largest));
        let name = unit.short_name.split(' ').zip([27, 47]).map(|(word, down)| {
            view! { <text class="tile-name" x=middle y=y + down>{word.to_owned()}</text> }
        });
        view! {
            <a
                class=class_of(permille, largest)
                href=Page::UnitStatistics(unit.code.as_str()).path(locale)
                aria-label=said
            >
                <rect x=x + 3 y=y + 3 width=TILE - 6 height=TILE - 6 rx="10"></rect>
                {name.collect_view()}
                <text class="tile-value" x=middle y=y + 80>{value}</text>
            </a>
        }
    });
    let tiles = tiles.collect_view();
    view! {
        <svg
            class="tiles"
            viewBox=format!("0 0 {} {}", COLUMNS * TILE, ROWS * TILE)
            role="group"
            aria-label=label
            lang="vi"
        >
            <Hatch/>
            {tiles}
        </svg>
    }
}
