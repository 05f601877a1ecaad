//! Ten thousand scam cases drawn from the real book: none twice, both kinds, all families, and no case without a sign.

use crate::cast::LIBRARY;
use domain::practice::{Book, Channel, DrawnCase, Slot, Truth, draw};
use std::collections::{BTreeMap, BTreeSet, HashSet};

const SEEDS: u64 = 10_000;

fn book() -> &'static Book {
    &LIBRARY.scams.as_ref().expect("there are scam drills").book
}

fn drawn(book: &Book, seed: u64) -> DrawnCase {
    draw(book, seed).expect("checked content draws")
}

#[test]
fn ten_thousand_seeds_are_all_different_and_balanced() {
    let mut seen = HashSet::new();
    let mut genuine = 0;
    let mut families: BTreeMap<usize, u64> = BTreeMap::new();
    for seed in 0..SEEDS {
        let case = drawn(book(), seed);
        let family = &book().families[case.family];
        let text = case.text();
        assert!(!text.contains(['{', '}']) && !text.contains("  "), "{text}");
        let said: Vec<_> = case.turns.iter().flatten().collect();
        for said in said.iter().copied().chain(&case.replies) {
            assert!(!said.text.starts_with(char::is_lowercase), "{}: {}", family.id, said.text);
            assert!(said.sign.is_none_or(|sign| family.signs[usize::from(sign)].of == case.of), "{text}");
        }
        assert!(said.iter().any(|said| said.sign.is_some()), "nothing gives it away: {text}");
        assert!(!text.to_lowercase().contains("vneid"), "{text}");
        genuine += u64::from(case.of == Truth::Genuine);
        *families.entry(case.family).or_default() += 1;
        assert!(seen.insert(text), "twice: {}", case.text());
    }
    assert!((4_000..=6_000).contains(&genuine), "{genuine} of {SEEDS} are genuine");
    assert_eq!(families.len(), book().families.len());
    let (least, most) = (families.values().min().expect("a family"), families.values().max().expect("a family"));
    assert!(most - least <= SEEDS * 2 / 100, "families are within two points of each other: {families:?}");
}

#[test]
fn each_family_meets_people_in_several_ways() {
    assert!(book().families.len() >= 4, "four to begin with");
    for family in &book().families {
        let of = |truth| family.cases.iter().filter(move |case| case.of == truth).map(|case| case.channel);
        let channels: BTreeSet<&str> = of(Truth::Scam).map(Channel::as_str).collect();
        assert!(channels.len() >= 3, "{}: {channels:?}", family.id);
        assert_eq!(channels, of(Truth::Genuine).map(Channel::as_str).collect(), "{}", family.id);
        let signs: BTreeSet<&str> =
            family.signs.iter().filter(|sign| sign.of == Truth::Scam).map(|sign| sign.name.as_str()).collect();
        assert!(signs.len() >= 3, "{}: {signs:?}", family.id);
    }
}

/// The book with every gap filled with the same, so that only wording is left.
fn without_slots() -> Book {
    let mut blank = book().clone();
    let gap = |slot: &mut Slot| slot.values = vec!["…".to_owned()];
    blank.slots.iter_mut().for_each(gap);
    blank.families.iter_mut().flat_map(|family| &mut family.slots).for_each(gap);
    blank
}

/// Three words in a row, numbers blanked, of what is said.
fn shingles(case: &DrawnCase) -> BTreeSet<String> {
    let text = case.text().to_lowercase().replace(|letter: char| letter.is_ascii_digit(), "0");
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(3).map(|three| three.join(" ")).collect()
}

/// Jaccard: what two sets share of what either has.
fn similarity(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let shared = one.intersection(other).count() as f64;
    shared / (one.len() + other.len()) as f64 / (1.0 - shared / (one.len() + other.len()) as f64)
}

#[test]
fn filling_gaps_alone_does_not_make_a_new_case() {
    const PAIRS: u64 = 20_000;
    let blank = without_slots();
    let (mut all, mut same, mut near) = ((0.0, 0), (0.0, 0), 0);
    for pair in 0..PAIRS {
        let (one, other) = (drawn(&blank, 2 * pair), drawn(&blank, 2 * pair + 1));
        let alike = similarity(&shingles(&one), &shingles(&other));
        all = (all.0 + alike, all.1 + 1);
        if (one.family, one.case) == (other.family, other.case) {
            same = (same.0 + alike, same.1 + 1);
        } else {
            assert!(alike < 0.2, "two cases share their wording:\n{}\n{}", one.text(), other.text());
        }
        near += u64::from(alike > 0.6);
    }
    let (mean, of_same) = (all.0 / f64::from(all.1), same.0 / f64::from(same.1));
    assert!(mean < 0.02, "any two drawn cases share {mean:.3} of their wording");
    assert!(of_same < 0.25, "two draws of one case share {of_same:.3} of their wording");
    assert!(near * 1_000 < PAIRS, "{near} of {PAIRS} pairs are nearly the same");
}
