//! The tile map: one square for each commune, where its neighbours are.

use crate::{
    house::words,
    t,
    words::{Locale, Words},
};
use domain::{coverage::PublicCount, places::Unit};
use leptos::prelude::*;

/// A commune with its figure.
#[derive(Clone)]
pub struct Tile {
    pub unit: Unit,
    pub people: PublicCount,
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

/// Each tile leads to its row in the table and says its figure to those who cannot see it.
#[component]
pub fn TileMap(tiles: Vec<Tile>) -> impl IntoView {
    let words = words();
    let largest = tiles.iter().filter_map(|tile| tile.permille).max().unwrap_or_default();
    let label = t!(words, "coverage-map-label", units = tiles.len() as u64);
    let tiles = tiles.into_iter().map(|Tile { unit, people, permille }| {
        let (column, row) = (u32::from(unit.tile.0), u32::from(unit.tile.1));
        let (x, y) = (column * TILE, row * TILE);
        let (middle, said) = (x + TILE / 2, super::pages::people(&words, people));
        let share = permille.map(|permille| words.percent(permille));
        let spoken = [Some(unit.short_name.clone()), share, Some(t!(words, "coverage-people-of", people = said))];
        let spoken: Vec<String> = spoken.into_iter().flatten().collect();
        let value = permille.map_or_else(|| "–".to_owned(), |permille| per_hundred(&words, permille, largest));
        let name = unit.short_name.split(' ').zip([27, 47]).map(|(word, down)| {
            view! { <text class="tile-name" x=middle y=y + down>{word.to_owned()}</text> }
        });
        view! {
            <a
                class=class_of(permille, largest)
                href=format!("#u-{}", unit.code)
                aria-label=spoken.join(": ")
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
            {tiles}
        </svg>
    }
}
