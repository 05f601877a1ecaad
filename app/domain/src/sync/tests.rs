//! Events: what counts, in any order, and what is refused.

use super::*;

use crate::{
    accounts::{BirthYear, Sex},
    content::{ChoiceId, QuestionKey, Right},
    learn::Answer,
};
use proptest::prelude::*;

fn marking() -> Marking {
    let choice = ChoiceId::nth(0).unwrap_or_else(|| unreachable!());
    let parsed = || Some(("t/l".parse().ok()?, "0123456789ab".parse().ok()?, "s".parse().ok()?, "q".parse().ok()?));
    let (lesson, version, skill, question) = parsed().unwrap_or_else(|| unreachable!());
    let key = QuestionKey { id: question, choices: 2, right: Right::Single(choice) };
    Marking { lesson, version, skills: vec![skill], pass_percent: 80, questions: vec![key] }
}

fn profile(unit: &str, year: i32) -> Profile {
    let unit = unit.parse().unwrap_or_else(|_| panic!("{unit}"));
    Profile { unit, birth_year: BirthYear::stored(year), sex: Sex::Female }
}

fn event(no: u32, what: What) -> Event {
    Event { id: Uuid::from_u128(no.into()), at: NOW, no, what, seen: None }
}

fn begun() -> Record {
    let consent = Consent { version: 1, guardian: false };
    let registered = event(1, What::Registered { profile: profile("03646", 1970), consent, made_at: NOW });
    let around = Around { day: day_of(NOW), this_year: 2026, unit_known: &|_| true, known: None };
    Record::begin(&registered, &around).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

/// Somebody who has passed the questions already.
fn answered() -> Record {
    let mut record = begun();
    record.person.deeds.note(Deed::PassedQuestions("s".parse().unwrap_or_else(|_| unreachable!())), day_of(NOW));
    record
}

proptest! {
    /// Events come late, twice and out of order from phones that were off for weeks.
    #[test]
    fn any_order_gives_the_same_record(
        events in proptest::collection::vec((0..6usize, 0..4usize), 1..12)
            .prop_map(|kinds| kinds.into_iter().enumerate().collect::<Vec<_>>())
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
    ) {
        let marking = marking();
        let known = Known::Lesson(marking.clone());
        let (lesson, version) = (&marking.lesson, &marking.version);
        let build = |events: &[(usize, (usize, usize))]| {
            let mut record = begun();
            for &(at, (kind, value)) in events {
                let what = match kind {
                    0 => What::ProfileChanged { profile: profile(["03646", "03664"][value % 2], 1980), guardian: false },
                    1 => What::EthnicGroupStated { ethnic_group: EthnicGroup::ALL.get(value).copied() },
                    2 => What::EthnicGroupStated { ethnic_group: None },
                    3 => What::LessonStarted { lesson: lesson.clone(), version: version.clone() },
                    4 => What::DoneForReal {
                        lesson: lesson.clone(),
                        version: version.clone(),
                        how: ForReal::ALL[value % ForReal::ALL.len()],
                    },
                    _ => What::LessonFinished {
                        lesson: lesson.clone(),
                        version: version.clone(),
                        answers: vec![Tried {
                            question: marking.questions[0].id.clone(),
                            tries: ChoiceId::nth(value % 2).map(Answer::Single).into_iter().collect(),
                        }],
                    },
                };
                let around = Around { day: day_of(NOW - value as i64 * 30 * DAY_MS), this_year: 2026, unit_known: &|_| true, known: Some(&known) };
                let applied = record.apply(&event(at as u32 + 2, what), &around);
                assert!(applied.is_ok(), "{applied:?}");
            }
            record
        };
        prop_assert_eq!(build(&events.0), build(&events.1));
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    let marking = marking();
    let (lesson, version) = (marking.lesson.clone(), marking.version.clone());
    let finished = |answers| What::LessonFinished { lesson: lesson.clone(), version: version.clone(), answers };
    let consent = Consent { version: 1, guardian: false };
    let cases = [
        (finished(vec![]), Err(Refusal::AnswersMissing)),
        (
            finished(vec![Tried { question: marking.questions[0].id.clone(), tries: vec![Answer::Order(vec![])] }]),
            Err(Refusal::AnswersWrongShape),
        ),
        (What::Registered { profile: profile("03646", 1970), consent, made_at: NOW }, Err(Refusal::AlreadyRegistered)),
        (What::ProfileChanged { profile: profile("99999", 1970), guardian: false }, Err(Refusal::UnknownUnit)),
        (What::ProfileChanged { profile: profile("03646", 2015), guardian: false }, Err(Refusal::Guardian)),
    ];
    for (what, expected) in cases {
        let unit_known = |unit: crate::places::UnitCode| unit.as_str() != "99999";
        let content = Known::Lesson(marking.clone());
        let around = Around { day: day_of(NOW), this_year: 2026, unit_known: &unit_known, known: Some(&content) };
        let mut record = begun();
        assert_eq!(record.apply(&event(2, what.clone()), &around), expected, "{what:?}");
        assert_eq!(record, begun(), "{what:?}");
    }
    let unknown = Around { day: day_of(NOW), this_year: 2026, unit_known: &|_| true, known: None };
    let mut record = begun();
    assert_eq!(record.apply(&event(2, finished(vec![])), &unknown), Ok(Applied::SetAside));
    assert_eq!(record, begun());
}

/// 2026-11-23T00:00:00Z
const NOW: Millis = 1_795_392_000_000;

#[test]
fn clocks_lie_and_the_month_stays_true() {
    let made = NOW - 100 * DAY_MS;
    let cases = [
        ("on time", NOW, made, "2026-11"),
        ("yesterday's", NOW - DAY_MS, made, "2026-11"),
        ("last month's", NOW - 30 * DAY_MS, made, "2026-10"),
        ("sixty days late", NOW - 60 * DAY_MS, made, "2026-09"),
        ("a moment later than that", NOW - 60 * DAY_MS - 1, made, "2026-11"),
        ("years ahead", NOW + 2_000 * DAY_MS, made, "2026-11"),
        ("a second ahead", NOW + 1_000, made, "2026-11"),
        ("years behind", NOW - 3_000 * DAY_MS, made, "2026-11"),
        ("clock of 1970", 0, made, "2026-11"),
        ("before the profile was made", NOW - 30 * DAY_MS, NOW - 29 * DAY_MS, "2026-11"),
        ("profile made by a clock ahead of ours", NOW - 30 * DAY_MS, NOW + DAY_MS, "2026-11"),
    ];
    for (what, at, made, month) in cases {
        assert_eq!(counted_month(at, made, NOW).to_string(), month, "{what}");
    }
}

#[test]
fn a_clock_set_back_in_the_middle_of_a_session_counts_by_receiving() {
    let made = NOW - DAY_MS;
    let before = counted_month(NOW - 1_000, made, NOW);
    let after_set_back = counted_month(NOW - 700 * DAY_MS, made, NOW);
    assert_eq!(before, after_set_back);
}

#[test]
fn absurd_is_what_no_clock_shows() {
    for (at, absurd) in [(-1, true), (0, false), (NOW, false), (AT_MAX, false), (AT_MAX + 1, true)] {
        assert_eq!(is_absurd(at), absurd, "{at}");
    }
}

#[test]
fn the_wire_format_stays() {
    let json = r#"{"id":"00000000-0000-7000-8000-000000000001","at":5,"no":2,"what":{"lesson_finished":{"lesson":"t/l","version":"0123456789ab","answers":[{"question":"q","tries":[{"single":"a"},{"multiple":["a","b"]},{"order":["b","a"]},{"truth":{"verdict":true,"reason":"c"}}]}]}}}"#;
    let event: Event = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(serde_json::to_string(&event).ok().as_deref(), Some(json));
    let registered = r#"{"id":"00000000-0000-7000-8000-000000000001","at":5,"no":1,"what":{"registered":{"profile":{"unit":"03646","birth_year":1970,"sex":"female"},"consent":{"version":1,"guardian":false},"made_at":4}}}"#;
    let event: Event = serde_json::from_str(registered).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(serde_json::to_string(&event).ok().as_deref(), Some(registered));
    for bad in [
        json.replace("\"no\":2", "\"no\":2,\"score\":5"),
        json.replace("\"lesson\":\"t/l\"", "\"lesson\":\"t/l\",\"passed\":true"),
        json.replace("lesson_finished", "lesson_passed"),
        json.replace("\"at\":5", "\"at\":\"5\""),
        registered.replace("1970", "1970,\"phone\":\"0\""),
    ] {
        assert!(serde_json::from_str::<Event>(&bad).is_err(), "{bad}");
    }
}

/// A small simulator: 0 type, 1 check the name, 2 a stranger's name, 3 gone to a stranger, 4 done.
fn practice() -> Known {
    let parsed = || Some(("t/l".parse().ok()?, "0123456789ab".parse().ok()?, "s".parse().ok()?));
    let (lesson, version, skill) = parsed().unwrap_or_else(|| unreachable!());
    let machine = "1r=0000,2w=####;4r,0w;3m0,0r;4c1,3w;.".parse().unwrap_or_else(|_| unreachable!());
    Known::Practice(Rehearsal { lesson, version, skills: vec![skill], machine })
}

#[test]
fn a_finished_simulator_is_a_step_by_who_held_the_phone_and_what_was_shown() {
    let known = practice();
    let Known::Practice(rehearsal) = &known else { unreachable!() };
    let (lesson, version) = (&rehearsal.lesson, &rehearsal.version);
    let (alone, helped) = (Some(Step::Practised), Some(Step::PractisedWithHelp));
    let wrong = Mode::WrongRoom(0);
    let cases = [
        (Mode::Alone, Held::Alone, "a3a2", Ok(alone)),
        (Mode::Alone, Held::HelperSpoke, "a3a2", Ok(helped)),
        (Mode::Alone, Held::HelperHeld, "a3a2", Ok(helped)),
        (Mode::Guided, Held::Alone, "a3a2", Ok(helped)),
        (Mode::Alone, Held::Alone, "?1a3a2", Ok(helped)),
        // A mistake made good without help is skill all the same.
        (Mode::Alone, Held::Alone, "b3a2a1", Ok(alone)),
        (Mode::Alone, Held::Alone, "!1a3a2", Ok(alone)),
        (wrong, Held::Alone, "b3a2a1", Ok(None)),
        (wrong, Held::Alone, "a3a2", Err(Refusal::Unfinished)),
        (Mode::Alone, Held::Alone, "a3", Err(Refusal::Unfinished)),
        (Mode::Alone, Held::Alone, "b3a2", Err(Refusal::Unfinished)),
        (Mode::Alone, Held::Alone, "", Err(Refusal::Unfinished)),
        (Mode::Alone, Held::Alone, "l3", Err(Refusal::TrailImpossible)),
        (Mode::Alone, Held::Alone, "a3a2a1", Err(Refusal::TrailImpossible)),
    ];
    let finished = |rules, mode, held, trail: &str| What::PracticeFinished {
        lesson: lesson.clone(),
        version: version.clone(),
        rules,
        mode,
        held,
        trail: trail.parse().unwrap_or_else(|_| panic!("{trail}")),
    };
    let around = Around { day: day_of(NOW), this_year: 2026, unit_known: &|_| true, known: Some(&known) };
    for (mode, held, trail, expected) in cases {
        let mut record = answered();
        let applied = record.apply(&event(2, finished(1, mode, held, trail)), &around);
        let steps: Vec<Step> = record.person.standings.keys().map(|standing| standing.step).collect();
        match expected {
            Ok(step) => {
                assert!(matches!(applied, Ok(Applied::Practised(_))), "{mode:?} {held:?} {trail}: {applied:?}");
                assert_eq!(steps, step.into_iter().collect::<Vec<_>>(), "{mode:?} {held:?} {trail}");
            }
            Err(refusal) => {
                assert_eq!(applied, Err(refusal), "{mode:?} {held:?} {trail}");
                assert_eq!(record, answered(), "nothing is changed by what is refused");
            }
        }
    }
    // Rules of a newer program, a version not known here, and content of another kind: it waits.
    let newer = finished(2, Mode::Alone, Held::Alone, "a3a2");
    assert_eq!(begun().apply(&event(2, newer), &around), Ok(Applied::SetAside));
    for known in [None, Some(&Known::Lesson(marking()))] {
        let around = Around { known, ..around };
        let known_rules = finished(1, Mode::Alone, Held::Alone, "a3a2");
        assert_eq!(begun().apply(&event(2, known_rules), &around), Ok(Applied::SetAside));
    }
}

#[test]
fn a_passed_drill_is_a_step_of_the_families_it_showed() {
    let text = "family f\n\ttitle T\n\tright R\n\tskill t s\n\tsign scam A\n\t\tB\n\tsign genuine C\n\t\tD\n\tcase call scam\n\t\tfrom X\n\t\tturn\n\t\t\tpiece 0\n\t\t\t\tY\n\tcase call genuine\n\t\tfrom X\n\t\tthen Z\n\t\tturn\n\t\t\tpiece 1\n\t\t\t\tY\n";
    let book: Book = text.parse().unwrap_or_else(|_| panic!("{text}"));
    let version: Version = "0123456789ab".parse().unwrap_or_else(|_| unreachable!());
    let known = Known::Scams(version.clone(), book.clone());
    let around = Around { day: day_of(NOW), this_year: 2026, unit_known: &|_| true, known: Some(&known) };
    let drill = Drill::new(&book, 7);
    let right = drill.cases.iter().map(|case| if case.of == crate::practice::Truth::Scam { "h1n1" } else { "g1n1" });
    let right: String = right.collect();
    let refusing = "h1n1".repeat(drill.cases.len());
    let cases = [
        (Held::Alone, right.as_str(), Ok(Some(Step::Practised))),
        (Held::HelperHeld, right.as_str(), Ok(Some(Step::PractisedWithHelp))),
        (Held::Alone, refusing.as_str(), Ok(None)),
        (Held::Alone, "h1", Err(Refusal::Unfinished)),
        (Held::Alone, "n1", Err(Refusal::TrailImpossible)),
    ];
    for (held, answers, expected) in cases {
        let answers = answers.parse().unwrap_or_else(|_| panic!("{answers}"));
        let what = What::DrillFinished { version: version.clone(), rules: 1, seed: 7, held, answers };
        let mut record = answered();
        let applied = record.apply(&event(2, what.clone()), &around);
        let steps: Vec<Step> = record.person.standings.keys().map(|standing| standing.step).collect();
        match expected {
            Ok(step) => {
                assert!(matches!(applied, Ok(Applied::Drilled(_))), "{what:?}: {applied:?}");
                assert_eq!(steps, step.into_iter().collect::<Vec<_>>(), "{what:?}");
            }
            Err(refusal) => assert_eq!(applied, Err(refusal), "{what:?}"),
        }
    }
}

/// Questions first or practice first: `practised` is there when both are, in the month of the later one.
#[test]
fn practised_comes_with_whichever_is_last() {
    let (questions, practice) = (Known::Lesson(marking()), practice());
    let Known::Practice(rehearsal) = &practice else { unreachable!() };
    let finished = What::PracticeFinished {
        lesson: rehearsal.lesson.clone(),
        version: rehearsal.version.clone(),
        rules: 1,
        mode: Mode::Alone,
        held: Held::Alone,
        trail: "a3a2".parse().unwrap_or_default(),
    };
    let answered = |nth| What::LessonFinished {
        lesson: marking().lesson,
        version: marking().version,
        answers: vec![Tried {
            question: marking().questions[0].id.clone(),
            tries: ChoiceId::nth(nth).map(Answer::Single).into_iter().collect(),
        }],
    };
    let (right, wrong) = (answered(0), answered(1));
    let (early, late) = (NOW - 40 * DAY_MS, NOW);
    let cases = [
        (vec![(&right, &questions, early), (&finished, &practice, late)], Some("2026-11")),
        (vec![(&finished, &practice, early), (&right, &questions, late)], Some("2026-11")),
        (vec![(&finished, &practice, late), (&right, &questions, early)], Some("2026-11")),
        (vec![(&finished, &practice, early), (&right, &questions, early)], Some("2026-10")),
        (vec![(&finished, &practice, early), (&wrong, &questions, late)], None),
        (vec![(&finished, &practice, early)], None),
    ];
    for (events, expected) in cases {
        let mut record = begun();
        for (no, (what, known, at)) in (2..).zip(&events) {
            let around = Around { day: day_of(*at), this_year: 2026, unit_known: &|_| true, known: Some(*known) };
            assert!(record.apply(&event(no, (*what).clone()), &around).is_ok());
        }
        let practised = record.person.standings.iter().find(|(standing, _)| standing.step == Step::Practised);
        assert_eq!(practised.map(|(_, month)| month.to_string()).as_deref(), expected, "{events:?}");
    }
}

#[test]
fn what_was_done_for_real_is_said_by_oneself() {
    let known = Known::Lesson(marking());
    let around = Around { day: day_of(NOW), this_year: 2026, unit_known: &|_| true, known: Some(&known) };
    for (how, step) in
        [(ForReal::WithHelp, Step::DidWithHelp), (ForReal::Alone, Step::DoesAlone), (ForReal::Taught, Step::Taught)]
    {
        let mut record = begun();
        let what = What::DoneForReal { lesson: marking().lesson, version: marking().version, how };
        assert_eq!(record.apply(&event(2, what), &around), Ok(Applied::Counted));
        let said: Vec<(Step, Witness)> =
            record.person.standings.keys().map(|standing| (standing.step, standing.witness)).collect();
        assert_eq!(said, [(step, Witness::Self_)]);
    }
}

#[test]
fn boosters_and_placement_are_deeds() {
    let (booster, lesson) = (Known::Review(marking()), marking().lesson);
    let day = day_of(NOW);
    let around = Around { day, this_year: 2026, unit_known: &|_| true, known: Some(&booster) };
    let reviewed = |nth| What::ReviewFinished {
        lesson: marking().lesson,
        version: marking().version,
        answers: vec![Tried {
            question: marking().questions[0].id.clone(),
            tries: ChoiceId::nth(nth).map(Answer::Single).into_iter().collect(),
        }],
    };
    let mut record = begun();
    assert!(
        matches!(record.apply(&event(2, reviewed(1)), &around), Ok(Applied::Reviewed(attempt)) if !attempt.is_pass())
    );
    assert_eq!(record.person.deeds.reviews(&lesson), [(day, false)].into());
    assert!(record.apply(&event(3, reviewed(0)), &around).is_ok());
    assert_eq!(record.person.deeds.reviews(&lesson), [(day, true)].into());
    assert!(record.person.standings.is_empty(), "a booster is no step of the ladder");

    let question: crate::content::QuestionId = "q".parse().unwrap_or_else(|_| unreachable!());
    let first = ChoiceId::nth(0).unwrap_or_else(|| unreachable!());
    let key = crate::learn::PlacementQuestionKey {
        id: question.clone(),
        choices: 2,
        right: first,
        skips: vec![lesson.clone()],
    };
    let placement = Known::Placement(PlacementKey { version: marking().version, questions: vec![key] });
    let around = Around { known: Some(&placement), ..around };
    let taken = |answers: Placing| What::PlacementTaken { version: marking().version, answers };
    assert_eq!(record.apply(&event(4, taken([(question.clone(), first)].into())), &around), Ok(Applied::Counted));
    assert_eq!(record.person.deeds.known(), [lesson].into());
    let fifth = ChoiceId::nth(4).unwrap_or_else(|| unreachable!());
    let before = record.clone();
    let refused = record.apply(&event(5, taken([(question, fifth)].into())), &around);
    assert_eq!(refused, Err(Refusal::AnswersWrongShape));
    assert_eq!(record, before);
}

#[test]
fn the_wire_format_of_practice_stays() {
    let run = r#"{"id":"00000000-0000-7000-8000-000000000001","at":5,"no":2,"what":{"practice_finished":{"lesson":"t/l","version":"0123456789ab","rules":1,"mode":{"wrong_room":2},"held":"helper_spoke","trail":"a3b12?0!1"}}}"#;
    let drill = r#"{"id":"00000000-0000-7000-8000-000000000001","at":5,"no":2,"what":{"drill_finished":{"version":"0123456789ab","rules":1,"seed":7,"held":"alone","answers":"g3a5h2n4"}}}"#;
    for json in [run, drill] {
        let event: Event = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(serde_json::to_string(&event).ok().as_deref(), Some(json));
    }
    let long = format!("\"{}\"", "a999".repeat(600));
    for bad in [
        run.replace("\"rules\":1", "\"rules\":1,\"passed\":\"alone\""),
        run.replace("a3b12?0!1", "a3b12?0!1x"),
        run.replace("\"a3b12?0!1\"", &long),
        run.replace("helper_spoke", "nobody"),
        drill.replace("g3a5h2n4", "g3a5h2z4"),
        drill.replace("\"seed\":7", "\"seed\":-1"),
        drill.replace("\"seed\":7", "\"seed\":7,\"score\":6"),
    ] {
        assert!(serde_json::from_str::<Event>(&bad).is_err(), "{bad}");
    }
}
