//! Open numbers: releases that are frozen, protected and attacked; boundaries that change; files that can be checked.

use crate::{
    cast::{KEEP_ACCOUNT, LIBRARY, LINKS, NOW, PORTAL, TRANSFER, dơ, lan, mai, neighbour},
    html::elements,
    reference::{compare, reference, units},
    world::{Folder, World, on_sqlite},
};
use app::paths;
use disclosure::{Attacked, attack, read_unprotected, unprotected};
use domain::{
    accounts::{BirthYear, EthnicGroup, Sex},
    coverage::{
        Counted, Counts, Figure, Part, PublicCount, Release, Step, Way, Witness,
        protect::{NOISE_MAX, POSSIBLE_MIN},
    },
    places::{
        UnitCode,
        changes::{Change, DatedChange, NewUnit, became, change},
    },
    practice::Random,
    time::{DAY_MS, Millis, Month},
};
use hocso::release::{NoRelease, make, release_what_is_due};
use library::Library;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs};
use store::{read_release, release_file};

const DECEMBER: Millis = NOW + 10 * DAY_MS;
const JANUARY: Millis = NOW + 41 * DAY_MS;

fn month(number: i32) -> Month {
    Month::from_number(number).expect("a month")
}

fn code(text: &str) -> UnitCode {
    text.parse().expect("a code")
}

/// Any track, heard, by the learners' own word.
fn heard(part: Part) -> Figure {
    Figure::Ladder { track: None, step: Step::Heard, witness: Witness::Self_, part }
}

/// Makes the release of a month and freezes it.
async fn freeze(world: &World, of: Month, now: Millis) -> Release {
    let made = make(&world.store, &LIBRARY, of, now).await.unwrap_or_else(|no| panic!("{no}"));
    assert!(world.store.freeze(&made.release, now).await.expect("freezes"));
    made.release
}

/// A small world drawn from a seed: some move, some are erased, some do what they learnt for real.
async fn small_world(world: &World, seed: u64) {
    let mut chance = Random::new(seed);
    let mut under = |end: u64| chance.number() % end;
    let lessons = [KEEP_ACCOUNT, TRANSFER, LINKS, PORTAL];
    let homes = ["03727", "03781", "03646", "03664", "04246"];
    for number in 0..14 + under(6) as u16 {
        let mut who = neighbour(seed as u16 * 100 + number);
        who.profile.unit = code(homes[under(5) as usize]);
        who.profile.birth_year = BirthYear::stored(1940 + under(76) as i32);
        who.profile.sex = Sex::ALL[under(3) as usize];
        who.guardian = true;
        let mut story = who.story().days_ago(80).registers();
        if under(3) > 0 {
            story = story.states(EthnicGroup::ALL[under(4) as usize]);
        }
        for lesson in lessons {
            story = story.days_ago(under(75) as i64);
            match under(4) {
                0 => {}
                1 => story = story.starts(lesson),
                _ => story = story.finishes(lesson),
            }
        }
        if under(4) == 0 {
            story = story.moves_to(homes[under(5) as usize]);
        }
        let answer = world.sends(story, &who).await;
        assert!(answer.results().iter().all(|result| result == "stored"), "{}", answer.text);
        if under(8) == 0 {
            assert!(world.store.erase(&who.credentials, NOW).await.expect("erases"));
        }
    }
}

on_both!(every_figure_is_what_the_events_say, |world| async move {
    for seed in [1, 2, 3] {
        small_world(&world, seed).await;
    }
    let months: Vec<Month> = [202609, 202610, 202611].into_iter().map(month).collect();
    let counted = world.store.counts(&months, &units()).await.expect("counts");
    let mut some = 0;
    for (month, counts) in months.iter().zip(&counted) {
        let truth = reference(&world, *month, &units(), &[]).await;
        assert_eq!(*counts, truth, "{month}");
        some += truth.0.len();
    }
    assert!(some > 100, "a world with figures");
    let release = freeze(&world, month(202611), DECEMBER).await;
    compare(&release, &counted[2]);
    world.agrees().await;
});

on_both!(a_release_is_the_same_byte_for_byte, |world| async move {
    small_world(&world, 7).await;
    world.village("03727", 240, 1985, KEEP_ACCOUNT, NOW).await;
    let now = DECEMBER;
    let file = async || {
        let made = make(&world.store, &LIBRARY, month(202611), now).await.unwrap_or_else(|no| panic!("{no}"));
        release_file(&made.release).expect("a file")
    };
    let first = file().await;
    assert_eq!(file().await, first);
    world.store.recount(true).await.expect("recounts");
    assert_eq!(file().await, first, "after a recount from the log");
    let release = freeze(&world, month(202611), now).await;
    let (kept, listed) = world.store.release(1).await.expect("answers").expect("is there");
    assert_eq!(kept, release);
    assert_eq!((listed.number, listed.digest, listed.corrects), (1, first.1.clone(), None));
    assert_eq!(release_file(&kept).expect("a file"), first);
    assert_eq!(read_release(&first.0).expect("reads"), release);
});

on_both!(a_release_is_never_edited_and_a_correction_says_so, |world| async move {
    let store = &world.store;
    world.village("03727", 60, 1970, KEEP_ACCOUNT, NOW).await;
    let first = freeze(&world, month(202611), DECEMBER).await;
    // Nothing new: the same again is no correction.
    let again = make(store, &LIBRARY, month(202611), DECEMBER).await.unwrap_or_else(|no| panic!("{no}"));
    assert_eq!((again.same_as, again.release.head.corrects), (Some(1), Some(1)));
    // Some of November come late.
    world.village("03727", 50, 1970, KEEP_ACCOUNT, NOW).await;
    let second = freeze(&world, month(202611), DECEMBER).await;
    assert_eq!((second.head.number, second.head.corrects), (2, Some(1)));
    assert_ne!(second.figures, first.figures);
    // Two processes at once: one is too late, and nothing of it is stored.
    assert!(!store.freeze(&second, DECEMBER).await.expect("answers"));
    assert_eq!(store.release(1).await.expect("answers").expect("stays").0, first);
    assert_eq!(store.standing_release(Some(month(202611))).await.expect("answers"), Some(2));
    assert_eq!(store.standing_release(Some(month(202610))).await.expect("answers"), None);
    // Both can be read; the old one says that it was corrected, the new one what it corrects.
    hocso::publish::publish_if_due(&world.front, None).await.expect("looks");
    let newest = world.get("/thong-ke").await;
    newest.says("Bản này sửa lại bản số 1.");
    let old = world.get("/thong-ke?ban=1").await;
    old.says("Bản số 1 đã được bản số 2 sửa lại.");
    assert_ne!(old.text, newest.text);
    let list = world.get("/thong-ke/ban").await;
    list.says("Bản số 2: tháng 11/2026");
    list.says("Bản này đã có bản khác sửa lại.");
    list.says(&store.release(1).await.expect("answers").expect("stays").1.digest);
});

on_both!(an_unfinished_month_and_an_empty_one_are_refused, |world| async move {
    let of = async |number, now| make(&world.store, &LIBRARY, month(number), now).await.err().map(|no| no.to_string());
    let unfinished = "2026-11 is not over yet: a month is released when it is";
    assert_eq!(
        of(202610, NOW).await.as_deref(),
        Some("nobody had learnt anything by the end of 2026-10: there is nothing to release")
    );
    world.village("03727", 40, 1970, KEEP_ACCOUNT, NOW).await;
    assert_eq!(of(202611, NOW).await.as_deref(), Some(unfinished));
    assert_eq!(of(202712, DECEMBER).await.as_deref(), Some("2027-12 is not over yet: a month is released when it is"));
    assert!(matches!(make(&world.store, &LIBRARY, month(202610), NOW).await, Err(NoRelease::Nobody(_))));
    assert_eq!(world.count("open_release").await, 0);
});

on_both!(every_month_that_is_over_gets_its_release_once, |world| async move {
    let due = async |now| release_what_is_due(&world.store, &LIBRARY, now).await.unwrap_or_else(|no| panic!("{no}"));
    assert_eq!(due(DECEMBER).await, 0, "nobody has learnt");
    world.village("03727", 60, 1970, KEEP_ACCOUNT, NOW).await;
    assert_eq!((due(NOW).await, due(DECEMBER).await, due(DECEMBER).await), (0, 1, 0));
    // The server stood still over new year: both months follow.
    assert_eq!(due(JANUARY + 31 * DAY_MS).await, 2);
    let months: Vec<String> =
        world.store.releases().await.expect("answers").iter().map(|listed| listed.month.to_string()).collect();
    assert_eq!(months, ["2026-11", "2026-12", "2027-01"]);
    assert_eq!(world.count("lease").await, 0, "given back");
});

on_both!(one_month_is_counted_anew_from_standings, |world| async move {
    for seed in [4, 5] {
        small_world(&world, seed).await;
    }
    world.village("03727", 40, 2010, KEEP_ACCOUNT, NOW).await;
    let tallies = world.tallies().await;
    for number in [202608, 202609, 202610, 202611, 202612] {
        let counted = world.store.recount_month(month(number), false).await.expect("counts");
        assert_eq!(counted.differences, [], "{number}");
    }
    world.spoil("UPDATE tally_people SET people = people + 3 WHERE month = 202610 AND step = 'heard'").await;
    world.spoil("UPDATE tally_skill SET keys = keys + 1 WHERE month = 202610 AND skill = ''").await;
    world.spoil("DELETE FROM tally_lesson WHERE month = 202610").await;
    assert_eq!(world.store.recount_month(month(202611), true).await.expect("counts").differences_total, 0);
    let found = world.store.recount_month(month(202610), true).await.expect("counts").differences_total;
    assert!(found > 10, "{found}");
    assert_eq!(world.tallies().await, tallies);
    world.agrees().await;
});

on_both!(a_lease_has_one_holder, |world| async move {
    let take = async |holder, now, until| world.store.take_lease("work", holder, now, until).await.expect("answers");
    assert!(take("a", 0, 100).await);
    assert!(!take("b", 50, 150).await, "a is at work");
    assert!(take("a", 60, 160).await, "a goes on");
    assert!(!take("b", 159, 200).await);
    assert!(take("b", 160, 260).await, "a is dead");
    world.store.leave_lease("work", "a").await.expect("answers");
    assert!(!take("a", 200, 300).await, "what is another's cannot be left");
    world.store.leave_lease("work", "b").await.expect("answers");
    assert!(take("a", 201, 300).await);
});

/// A village of 300 in which one person is Kháng and over 60.
async fn village_of_300(world: &World) {
    for (number, born) in (0..300u16).zip([1950, 1985, 1999, 2003].into_iter().cycle()) {
        let mut who = neighbour(number);
        who.profile.birth_year = BirthYear::stored(born);
        who.profile.sex = if number % 2 == 0 { Sex::Female } else { Sex::Male };
        let group = match number {
            7 => EthnicGroup::Khang,
            _ if number % 3 == 0 => EthnicGroup::Mong,
            _ => EthnicGroup::Thai,
        };
        let born = if number == 7 { 1958 } else { born };
        who.profile.birth_year = BirthYear::stored(born);
        let story = who.story().registers().states(group).finishes(KEEP_ACCOUNT);
        assert_eq!(world.sends(story, &who).await.results(), ["stored"; 3]);
    }
}

#[test]
fn one_person_among_three_hundred_stays_unknown() {
    on_sqlite(|world| async move {
        village_of_300(&world).await;
        let truth = reference(&world, month(202611), &units(), &[]).await;
        let khang = Figure::Ethnic { track: None, step: Step::Heard, group: Some(EthnicGroup::Khang) };
        assert_eq!(truth.people(&khang), 1);
        let release = freeze(&world, month(202611), DECEMBER).await;
        assert!(matches!(release.shown(&khang), PublicCount::UnderTen | PublicCount::Withheld));
        assert!(release.head.receipt.holds(), "{:?}", release.head.receipt);
        let attacked = [Attacked { release: &release, truth: &truth }];
        let outcome = attack(&attacked, &[], &|shown| LIBRARY.noise.table.possible(shown));
        assert!(outcome.targets > 0 && outcome.narrow.is_empty(), "{:?}", outcome.narrow);
        // The same attacker finds the person in tables that are only cut at ten.
        let bare = Release { figures: unprotected(&truth), ..release.clone() };
        let outcome = attack(&[Attacked { release: &bare, truth: &truth }], &[], &read_unprotected);
        let found = outcome.narrow.iter().find(|narrow| narrow.figure == khang && narrow.less.is_none());
        assert_eq!(found.map(|narrow| narrow.values), Some(1), "all who stated, less Thái, less Mông");
        assert!(!outcome.receipt.holds());
    });
}

/// A release of counts that are given, with the units of today.
fn released(number: u32, of: Month, counts: &Counts, units: &[domain::places::Unit]) -> Release {
    let source = (LIBRARY.adults_source.date, LIBRARY.adults_source.document.clone());
    let head = domain::coverage::Head {
        format: 1,
        number,
        month: of,
        corrects: None,
        method: String::new(),
        noise_table: String::new(),
        places: domain::coverage::release::places_of(units, &source),
        tracks: LIBRARY.tracks.iter().map(|track| track.id.clone()).collect(),
        lessons: Vec::new(),
        receipt: Default::default(),
    };
    Release { head, figures: unprotected(counts) }
}

fn counts(of: &[(Figure, u64)]) -> Counts {
    let counted = of.iter().map(|(figure, people)| (figure.clone(), Counted { people: *people, keys: 0 }));
    Counts(counted.collect())
}

#[test]
fn the_attacker_breaks_unprotected_tables_in_every_way() {
    let units = units();
    let unit = |code_: &str| heard(Part::Unit(code(code_)));
    let track =
        |part: Part| Figure::Ladder { track: "an-toan".parse().ok(), step: Step::Heard, witness: Witness::Self_, part };
    let one = |of: &[(Figure, u64)]| vec![counts(of)];
    // What is published, by month, and by which way a small count in it is found.
    let cases: Vec<(Way, Vec<Counts>)> = vec![
        (Way::Places, one(&[(heard(Part::Province), 53), (unit("03727"), 50), (unit("03781"), 3)])),
        (
            Way::Groups,
            one(&[(heard(Part::Province), 53), (heard(Part::Sex(Sex::Female)), 49), (heard(Part::Sex(Sex::Male)), 4)]),
        ),
        (Way::Tracks, one(&[(heard(Part::Province), 53), (track(Part::Province), 50)])),
        (Way::Months, vec![counts(&[(heard(Part::Province), 50)]), counts(&[(heard(Part::Province), 52)])]),
    ];
    for (way, months) in cases {
        let releases: Vec<Release> = months
            .iter()
            .zip(1..)
            .map(|(counts, number)| released(number, month(202610 + number as i32), counts, &units))
            .collect();
        let attacked: Vec<Attacked<'_>> =
            releases.iter().zip(&months).map(|(release, truth)| Attacked { release, truth }).collect();
        let outcome = attack(&attacked, &[], &read_unprotected);
        let reached: BTreeMap<Way, Option<u64>> = outcome.receipt.narrowest.iter().copied().collect();
        assert_eq!(reached[&way], Some(1), "{way:?}: {reached:?}");
        assert_eq!(reached[&Way::Together], Some(1));
        assert!(reached[&Way::Cell].is_none_or(|values| values == 9), "the figure alone says nothing: {reached:?}");
    }
    // A commune that was merged: the new one less the old ones.
    let mut after = units.clone();
    let merger =
        Change::Merger { from: vec![code("03727"), code("03781")], into: code("03727"), name: "Xã Mới".to_owned() };
    let dated =
        DatedChange { valid_from: "2026-12-01".parse().expect("a day"), document: "x".to_owned(), change: merger };
    change(&mut after, &dated).expect("merges");
    after.retain(|unit| unit.valid_to.is_none());
    let months = [counts(&[(unit("03727"), 50), (unit("03781"), 30)]), counts(&[(unit("03727"), 82)])];
    let releases = [released(1, month(202611), &months[0], &units), released(2, month(202612), &months[1], &after)];
    let attacked: Vec<Attacked<'_>> =
        releases.iter().zip(&months).map(|(release, truth)| Attacked { release, truth }).collect();
    let outcome = attack(&attacked, &became(&[dated]), &read_unprotected);
    let reached: BTreeMap<Way, Option<u64>> = outcome.receipt.narrowest.iter().copied().collect();
    assert_eq!(reached[&Way::Mergers], Some(1));
}

#[test]
fn protected_figures_stay_near_the_truth_and_far_from_the_attacker() {
    on_sqlite(|world| async move {
        // Few people in many places, which is the hardest; then more of them each month.
        let places: Vec<String> = units().iter().map(|unit| unit.code.to_string()).collect();
        for (nth, place) in places.iter().enumerate() {
            world
                .village(place, (nth % 7) as u16, 1960 + (nth % 40) as i32, [KEEP_ACCOUNT, LINKS, PORTAL][nth % 3], NOW)
                .await;
        }
        for (number, now) in [(202611, DECEMBER), (202612, JANUARY)] {
            let release = freeze(&world, month(number), now).await;
            let truth = reference(&world, month(number), &units(), &[]).await;
            compare(&release, &truth);
            assert!(
                release.head.receipt.least().is_none_or(|least| least >= POSSIBLE_MIN),
                "{:?}",
                release.head.receipt
            );
            for (figure, shown) in &release.figures {
                if let PublicCount::About(people) = shown {
                    assert!(people.abs_diff(truth.people(figure)) <= NOISE_MAX, "{figure:?}");
                }
            }
            for place in &places[..40] {
                world.village(place, 3, 1985, KEEP_ACCOUNT, DECEMBER).await;
            }
        }
    });
}

#[test]
fn what_the_attacker_comes_too_near_to_is_withheld_and_nothing_else() {
    let units = units();
    // Thirteen communes with one person each: the key of all thirteen together makes ten of them.
    let key = (0..=255).find(|key| LIBRARY.noise.table.noise(13, *key) == -3).expect("such a key");
    let mut truth = Counts::default();
    for unit in &units[..13] {
        truth.0.insert(heard(Part::Unit(unit.code)), Counted { people: 1, keys: 0 });
    }
    truth.0.insert(heard(Part::Province), Counted { people: 13, keys: key.into() });
    let track = |part: Part| {
        let track = "an-toan".parse().ok();
        Figure::Ladder { track, step: Step::DoesAlone, witness: Witness::Self_, part }
    };
    let large = track(Part::Unit(units[3].code));
    truth.0.insert(large.clone(), Counted { people: 500, keys: 1 });
    truth.0.insert(track(Part::Province), Counted { people: 500, keys: 1 });
    let bare = released(1, month(202611), &truth, &units);
    let naive = Release {
        figures: truth
            .0
            .iter()
            .map(|(figure, counted)| (figure.clone(), LIBRARY.noise.table.publish(*counted)))
            .collect(),
        ..bare.clone()
    };
    assert_eq!(naive.shown(&heard(Part::Province)), PublicCount::About(10));
    let reading = |shown| LIBRARY.noise.table.possible(shown);
    let outcome = attack(&[Attacked { release: &naive, truth: &truth }], &[], &reading);
    assert_eq!(outcome.receipt.least(), Some(3), "noise alone is not enough: thirteen are at most fifteen");
    let protected = disclosure::protect(bare.head, &truth, &LIBRARY.noise.table, &[], &[]);
    let (release, outcome) = protected.unwrap_or_else(|refused| panic!("{refused:?}"));
    assert!(outcome.narrow.is_empty() && release.head.receipt.holds());
    let place = |unit: &domain::places::Unit| release.shown(&heard(Part::Unit(unit.code)));
    assert!(units.iter().all(|unit| place(unit) == PublicCount::Withheld), "zeros too: which are missing says nothing");
    assert_eq!(release.shown(&heard(Part::Province)), PublicCount::About(10));
    assert!(release.shown(&large).value().is_some(), "another table is shown");
    assert_eq!(release.head.receipt.withheld, 79, "75 units and four zones");
}

#[test]
fn what_was_edited_is_found() {
    on_sqlite(|world| async move {
        world.village("03727", 60, 1970, KEEP_ACCOUNT, NOW).await;
        freeze(&world, month(202611), DECEMBER).await;
        let digest = async || {
            let (release, listed) = world.store.release(1).await.expect("answers").expect("is there");
            (release_file(&release).expect("a file").1, listed.digest)
        };
        let (is, was) = digest().await;
        assert_eq!(is, was);
        world.spoil("UPDATE open_figure SET value = value + 1 WHERE part = '03727' AND track = 'any'").await;
        let (is, was) = digest().await;
        assert_ne!(is, was);
    });
}

fn on(day: &str, change: Change) -> DatedChange {
    DatedChange { valid_from: day.parse().expect("a day"), document: "Nghị quyết thử".to_owned(), change }
}

on_both!(a_merger_conserves_everybody_and_keeps_what_was, |world| async move {
    small_world(&world, 5).await;
    world.village("03727", 40, 1970, KEEP_ACCOUNT, NOW).await;
    world.village("03781", 30, 1970, LINKS, NOW).await;
    let first = freeze(&world, month(202611), DECEMBER).await;
    let of = |cube: &str| format!("{cube} WHERE people <> 0");
    let cubes = ["tally_people", "tally_skill", "tally_ethnic", "tally_lesson"];
    let mut before = Vec::new();
    for cube in cubes {
        before.push(world.people(&of(cube)).await);
    }
    let merger = Change::Merger {
        from: vec![code("03727"), code("03781")],
        into: code("03727"),
        name: "Xã Mường Mới".to_owned(),
    };
    let dated = on("2026-11-30", merger);
    let mut library: Library = LIBRARY.clone();
    change(&mut library.units, &dated).expect("fits");
    library.became = became(std::slice::from_ref(&dated));
    world.store.change_places(&dated).await.expect("takes it in");
    for (cube, before) in cubes.into_iter().zip(before) {
        assert_eq!(world.people(&of(cube)).await, before, "{cube}");
        assert_eq!(world.count(&format!("{cube} WHERE unit = '03781'")).await, 0);
    }
    // The log says the same, with everybody where they live now.
    world.agrees().await;
    // Whoever still names the old commune lives in the new one.
    let late = dơ();
    assert_eq!(late.profile.unit, code("03781"));
    assert_eq!(world.sends(late.story().registers().finishes(KEEP_ACCOUNT), &late).await.results(), ["stored"; 2]);
    world.agrees().await;
    assert!(world.store.erase(&late.credentials, NOW).await.expect("erases"));
    world.agrees().await;
    let made = make(&world.store, &library, month(202612), JANUARY).await.unwrap_or_else(|no| panic!("{no}"));
    let places = hocso::release::units_of_today(&library);
    let truth = reference(&world, month(202612), &places, &library.became).await;
    compare(&made.release, &truth);
    // An older month that is corrected now has the boundaries of now: nobody falls between two lists of places.
    let older = make(&world.store, &library, month(202611), JANUARY).await.unwrap_or_else(|no| panic!("{no}"));
    compare(&older.release, &reference(&world, month(202611), &places, &library.became).await);
    let adults = |release: &Release| -> u64 { release.head.places.iter().map(|place| u64::from(place.adults)).sum() };
    assert_eq!((first.head.places.len(), made.release.head.places.len()), (75, 74));
    assert_eq!(adults(&first), adults(&made.release));
    assert_eq!(world.store.release(1).await.expect("answers").expect("stays").0, first);
    // The series adds up the old ones, and says so.
    assert!(world.store.freeze(&made.release, JANUARY).await.expect("freezes"));
    let seen =
        world.store.unit_statistics(code("03727"), &library.became, &[]).await.expect("answers").expect("figures");
    let shown = |unit: &str| first.shown(&heard(Part::Unit(code(unit)))).value();
    let sum = shown("03727").zip(shown("03781")).map(|(a, b)| a + b);
    assert!(sum.is_some(), "both were shown");
    assert_eq!(seen.course[0].shown.value(), sum);
    assert_eq!(seen.course[0].origin, domain::coverage::series::Origin::Added);
    let front = world.restarted().await;
    hocso::publish::publish_if_due(&front, None).await.expect("looks");
});

on_both!(what_was_split_off_is_estimated_and_flagged, |world| async move {
    world.village("03727", 200, 1970, KEEP_ACCOUNT, NOW).await;
    freeze(&world, month(202611), DECEMBER).await;
    let part = NewUnit { code: code("99901"), name: "Xã Tách".to_owned(), adults: 4_000 };
    let dated = on("2026-11-30", Change::Split { from: code("03727"), parts: vec![part] });
    world.store.change_places(&dated).await.expect("takes it in");
    world.agrees().await;
    let front = world.restarted().await;
    let library = &front.house.library;
    assert_eq!(library.parts_of, [(code("99901"), code("03727"))]);
    let made = make(&world.store, library, month(202612), JANUARY).await.unwrap_or_else(|no| panic!("{no}"));
    assert!(world.store.freeze(&made.release, JANUARY).await.expect("freezes"));
    let estimated: Vec<&str> =
        made.release.head.places.iter().filter(|place| place.estimated).map(|place| place.code.as_str()).collect();
    assert_eq!(estimated, ["03727", "99901"]);
    let page = world.get_from(&front, "/thong-ke/xa/99901").await;
    page.says("Xã Tách");
    page.says("ước tính");
    page.says("Có tháng chỉ là ước tính");
    world.get_from(&front, "/thong-ke").await.says("Còn ước tính, vì xã đã tách ra: Xã Mường É, Xã Tách.");
});

#[test]
fn a_new_figure_of_adults_counts_from_its_day_and_the_old_one_stays() {
    on_sqlite(|world| async move {
        world.village("03727", 200, 1970, KEEP_ACCOUNT, NOW).await;
        let first = freeze(&world, month(202611), DECEMBER).await;
        let before = LIBRARY.unit(code("03727")).expect("Mường É").adults;
        let dated = on("2026-11-30", Change::Adults { unit: code("03727"), adults: before + 111 });
        world.store.change_places(&dated).await.expect("takes it in");
        let front = world.restarted().await;
        let made =
            make(&world.store, &front.house.library, month(202612), JANUARY).await.unwrap_or_else(|no| panic!("{no}"));
        let adults = |release: &Release| {
            let place = release.head.places.iter().find(|place| place.code == code("03727")).expect("Mường É");
            (place.adults, place.adults_source.clone(), place.adults_on.to_string())
        };
        assert_eq!(adults(&first).0, before);
        assert_eq!(adults(&made.release), (before + 111, "Nghị quyết thử".to_owned(), "2026-11-30".to_owned()));
    });
}

#[test]
fn a_village_of_ten_keeps_its_figures_apart_by_witness() {
    on_sqlite(|world| async move {
        world.village("03727", 60, 1970, KEEP_ACCOUNT, NOW).await;
        // Trainers are not there yet: what they will have seen lies in the same cubes.
        world
            .spoil(
                "INSERT INTO tally_people (unit, track, step, witness, sex, age_band, month, people, keys) \
                 VALUES ('03727', '', 'heard', 'trainer', 'female', '45-54', 202611, 25, 60)",
            )
            .await;
        hocso::publish::publish_if_due(&world.front, None).await.expect("looks");
        world.set_clock(DECEMBER);
        hocso::publish::publish_if_due(&world.front, None).await.expect("publishes");
        let (release, _) = world.store.release(1).await.expect("answers").expect("released");
        let seen = Figure::Ladder { track: None, step: Step::Heard, witness: Witness::Trainer, part: Part::Province };
        let seen = release.shown(&seen).value().expect("shown");
        let own = release.shown(&heard(Part::Province)).value().expect("shown");
        assert!(seen.abs_diff(25) <= NOISE_MAX && own.abs_diff(60) <= NOISE_MAX);
        let page = world.get("/thong-ke").await;
        page.says(&format!("Người dạy đã thấy: {seen} người"));
        page.says(&format!("Tự ghi: {own} người"));
        page.is_silent_about("Chưa có số nào do người dạy chứng kiến.");
    });
}

/// A world with a released November.
async fn released_world(world: &World) -> Release {
    small_world(world, 3).await;
    world.village("03727", 300, 1985, KEEP_ACCOUNT, NOW).await;
    world.village("03646", 80, 1965, LINKS, NOW).await;
    for who in [mai(), lan()] {
        world.sends(who.story().registers().finishes(KEEP_ACCOUNT), &who).await;
    }
    freeze(world, month(202611), DECEMBER).await
}

#[test]
fn the_csv_opens_again_and_every_percentage_can_be_computed_from_it() {
    on_sqlite(|world| async move {
        let release = released_world(&world).await;
        let answer = world.get(&format!("{}?format=csv", paths::COVERAGE)).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
        let text = answer.text.strip_prefix('\u{feff}').expect("a byte order mark, for spreadsheets");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let columns: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let at = |name: &str| columns.iter().position(|column| column == name).unwrap_or_else(|| panic!("{name}"));
        let (mut figures, mut shares) = (BTreeMap::new(), 0);
        for record in reader.records() {
            let record = record.expect("a row");
            let of = |name: &str| record.get(at(name)).expect("a field").to_owned();
            let names = ["table", "track", "step", "witness", "breakdown", "part"].map(of);
            let people: Option<u64> = of("people").parse().ok();
            let shown = PublicCount::parse(people, &of("status")).unwrap_or_else(|| panic!("{record:?}"));
            figures.insert(Figure::parse(&names).unwrap_or_else(|| panic!("{names:?}")), shown);
            assert_eq!(
                (of("release").as_str(), of("month").as_str(), of("method").as_str()),
                ("1", "2026-11", "cell-key/1")
            );
            if let Ok(percent) = of("percent").parse::<f64>() {
                let (people, denominator) =
                    (people.expect("people"), of("denominator").parse::<u64>().expect("a denominator"));
                assert!(denominator >= 30, "{record:?}");
                let computed = (people * 1000 + denominator / 2) / denominator;
                assert!((percent - computed as f64 / 10.0).abs() < 1e-9, "{record:?}");
                assert!(!of("denominator_date").is_empty() && !of("denominator_source").is_empty(), "{record:?}");
                shares += usize::from(people > 0);
            }
        }
        assert!(shares > 20, "{shares}");
        assert_eq!(figures.len(), release.all_figures().len(), "every figure once, zeros included");
        for (figure, shown) in &figures {
            assert_eq!(*shown, release.shown(figure), "{figure:?}");
        }
        // The dictionary stands beside it and names every column.
        let dictionary = world.get(paths::COVERAGE_DICTIONARY).await;
        let text = dictionary.text.strip_prefix('\u{feff}').expect("a byte order mark");
        let explained: Vec<String> = csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(|record| record.expect("a row").get(0).expect("a name").to_owned())
            .collect();
        assert_eq!(explained, columns);
        let noise = world.get(paths::COVERAGE_NOISE).await;
        assert!(noise.text.contains("people,noise,first_key,last_key"));
    });
}

#[test]
fn the_json_says_the_same_as_the_csv_and_can_be_narrowed() {
    on_sqlite(|world| async move {
        let release = released_world(&world).await;
        let json = async |query: &str| {
            let answer = world.get(&format!("{}{query}", paths::COVERAGE)).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{query}");
            serde_json::from_str::<serde_json::Value>(&answer.text).expect("JSON")
        };
        let all = json("").await;
        assert_eq!(all["release"]["number"], 1);
        assert_eq!(all["release"]["licence"], "https://creativecommons.org/licenses/by/4.0/");
        assert_eq!(all["release"]["places"].as_array().map(Vec::len), Some(75));
        let figures = all["figures"].as_array().expect("figures");
        assert_eq!(figures.len(), release.all_figures().len());
        for row in figures {
            let names = ["table", "track", "step", "witness", "breakdown", "part"]
                .map(|name| row[name].as_str().expect("text").to_owned());
            let figure = Figure::parse(&names).expect("a figure");
            let shown = PublicCount::parse(row["people"].as_u64(), row["status"].as_str().expect("text"));
            assert_eq!(shown, Some(release.shown(&figure)), "{row}");
        }
        let narrow = json("?month=2026-11&unit=03727&track=thanh-toan").await;
        let rows = narrow["figures"].as_array().expect("figures");
        assert_eq!(rows.len(), Step::ALL.len() * Witness::ALL.len());
        assert!(rows.iter().all(|row| row["part"] == "03727" && row["track"] == "thanh-toan"));
        assert_eq!(rows[0]["part_name"], "Xã Mường É");
        // The frozen file has the checksum that stands on the page.
        let frozen = world.get(&format!("{}?format=frozen", paths::COVERAGE)).await;
        let digest: String = Sha256::digest(&frozen.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(all["release"]["sha256"], digest.as_str());
        assert_eq!(read_release(&frozen.text).expect("reads"), release);
        world.get("/thong-ke").await.says(&digest);
        let dataset = world.get(paths::COVERAGE_DATASET).await;
        assert_eq!(dataset.header("content-type"), "application/ld+json");
        let dataset: serde_json::Value = serde_json::from_str(&dataset.text).expect("JSON");
        assert_eq!(
            (dataset["@type"].as_str(), dataset["temporalCoverage"].as_str()),
            (Some("Dataset"), Some("2026-11/2026-11"))
        );
        let list = world.get(paths::COVERAGE_RELEASES).await;
        let list: serde_json::Value = serde_json::from_str(&list.text).expect("JSON");
        assert_eq!(list["releases"][0]["month"], "2026-11");
        assert_eq!(list["releases"][0]["receipt"]["attacks"].as_array().map(Vec::len), Some(Way::ALL.len()));
    });
}

#[test]
fn what_is_known_is_not_sent_again() {
    on_sqlite(|world| async move {
        released_world(&world).await;
        let addresses = ["", "?format=csv", "/releases", "/dataset", "/dictionary.csv", "/noise.csv"];
        let mut tags = std::collections::BTreeSet::new();
        for address in addresses {
            let path = format!("{}{address}", paths::COVERAGE);
            let first = world.get(&path).await;
            assert_eq!(first.header("cache-control"), "public, no-cache", "{path}");
            let etag = first.header("etag").to_owned();
            assert!(tags.insert(etag.clone()), "{path}: a tag of its own");
            let again = world.ask(axum::http::Method::GET, &path).header("if-none-match", &etag).send().await;
            assert_eq!((again.status, again.bytes.len()), (304, 0), "{path}");
            let other = world.ask(axum::http::Method::GET, &path).header("if-none-match", "\"x\"").send().await;
            assert_eq!(other.status, 200, "{path}");
        }
    });
}

#[test]
fn bad_questions_get_a_clear_answer() {
    on_sqlite(|world| async move {
        let ask = async |query: &str| {
            let answer = world.get(&format!("{}{query}", paths::COVERAGE)).await;
            let body: serde_json::Value = serde_json::from_str(&answer.text).expect("problem+json");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
            (answer.status, body["code"].as_str().expect("a code").to_owned())
        };
        assert_eq!(ask("").await, (404, "no_such_release".to_owned()), "before the first release");
        released_world(&world).await;
        let cases = [
            ("?month=2026-13", 400, "bad_month"),
            ("?month=11/2026", 400, "bad_month"),
            ("?month=", 400, "bad_month"),
            ("?month=2026-10", 404, "no_such_release"),
            ("?month=2099-01", 404, "no_such_release"),
            ("?release=0", 404, "no_such_release"),
            ("?release=2", 404, "no_such_release"),
            ("?release=-1", 400, "bad_release"),
            ("?release=99999999999999999999", 400, "bad_release"),
            ("?release=1&month=2026-10", 404, "no_such_release"),
            ("?unit=3727", 400, "bad_unit"),
            ("?unit=99999", 404, "no_such_unit"),
            ("?track=nau-an", 404, "no_such_track"),
            ("?format=xlsx", 400, "bad_format"),
            ("?format=", 400, "bad_format"),
            ("?thang=2026-11", 400, "unknown_parameter"),
            ("?%00", 400, "unknown_parameter"),
        ];
        for (query, status, code) in cases {
            assert_eq!(ask(query).await, (status, code.to_owned()), "{query}");
        }
        for path in
            ["/thong-ke?ban=7", "/thong-ke/xa/99999", "/thong-ke/xa/3727", "/thong-ke/xa/abcde", "/thong-ke/nau-an"]
        {
            assert_eq!(world.get(path).await.status, 404, "{path}");
        }
        for path in ["/thong-ke?ban=x", "/thong-ke?buoc=bay", "/thong-ke?ban=1"] {
            assert_eq!(world.get(path).await.status, 200, "{path}");
        }
    });
}

/// Two communes as squares that share a side.
const SQUARES: &str = r#"{"type":"Topology","source":"Sở thử","transform":{"scale":[1,1],"translate":[103,21]},"objects":{
    "communes":{"type":"GeometryCollection","geometries":[
        {"type":"Polygon","properties":{"code":"03727"},"arcs":[[0,1]]},
        {"type":"Polygon","properties":{"code":"03646"},"arcs":[[-1,2]]}]}},
    "arcs":[[[1,0],[0,1]],[[1,1],[-1,0],[0,-1],[1,0]],[[1,0],[1,0],[0,1],[-1,0]]]}"#;

#[test]
fn boundaries_that_the_province_supplies_are_drawn_instead_of_tiles() {
    on_sqlite(|world| async move {
        world.village("03727", 60, 1970, KEEP_ACCOUNT, NOW).await;
        freeze(&world, month(202611), DECEMBER).await;
        let folder = Folder::make();
        let file = folder.join("map.topojson");
        fs::write(&file, SQUARES).expect("written");
        let front = world.restarted_with_map(file.clone()).await.unwrap_or_else(|fault| panic!("{fault}"));
        let page = world.get_from(&front, "/thong-ke").await;
        let maps = elements(&page.text, "svg");
        let map = maps.iter().find(|svg| svg.has_class("outlines")).expect("a map");
        let places: Vec<String> = elements(map.inner, "a").iter().map(|place| place.get("href").to_owned()).collect();
        assert_eq!(places, ["/thong-ke/xa/03646", "/thong-ke/xa/03727"]);
        page.says("Ranh giới: Sở thử");
        // A place that the file does not know keeps its row.
        assert_eq!(page.text.matches("id=\"u-").count(), 75);
        for (bad, said) in [("{", "cannot be used"), (r#"{"objects":{},"arcs":[]}"#, "no geometry in it")] {
            fs::write(&file, bad).expect("written");
            let fault = world.restarted_with_map(file.clone()).await.err().map(|fault| fault.to_string());
            assert!(fault.as_ref().is_some_and(|fault| fault.contains(said)), "{fault:?}");
        }
    });
}
