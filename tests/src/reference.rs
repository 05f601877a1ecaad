//! The slow, obvious way to every published figure: one person after the other, straight from the events, without cubes.

use crate::{cast::LIBRARY, world::World};
use domain::{
    accounts::{AgeBand, EthnicGroup},
    coverage::{
        Counted, Counts, Figure, LessonState, Part, Person, PublicCount, Release, Standing, Step, Witness, Zone,
    },
    places::{Homes, Unit, UnitCode},
    sync::{Around, Event, Record, counted_day},
    time::{Millis, Month, day_number},
};
use sea_orm::{ConnectionTrait, Statement};

/// Somebody with what they have done.
struct Counting {
    person: Person,
    key: u8,
}

/// Everybody whom the log knows.
async fn everybody(world: &World) -> Vec<Counting> {
    let known = LIBRARY.known();
    let ask = |sql: &str| Statement::from_string(world.beside.get_database_backend(), sql);
    let rows =
        world.beside.query_all_raw(ask("SELECT no, record_key FROM learner ORDER BY no")).await.expect("learners");
    let mut all = Vec::new();
    for row in rows {
        let (no, key): (i64, i32) = (row.try_get_by_index(0).expect("no"), row.try_get_by_index(1).expect("key"));
        let sql = format!("SELECT id, at, no, received_at, month, what FROM event WHERE learner = {no} ORDER BY seq");
        let mut record: Option<Record> = None;
        for row in world.beside.query_all_raw(ask(&sql)).await.expect("events") {
            let (at, received_at): (Millis, Millis) =
                (row.try_get_by_index(1).expect("at"), row.try_get_by_index(3).expect("received"));
            let (count, month): (i64, i32) =
                (row.try_get_by_index(2).expect("no"), row.try_get_by_index(4).expect("month"));
            let what: String = row.try_get_by_index(5).expect("what");
            let what = serde_json::from_str(&what).expect("an event");
            let event = Event { id: row.try_get_by_index(0).expect("id"), at, no: count as u32, what, seen: None };
            let day = counted_day(Month::from_number(month).expect("a month"), at, received_at);
            let known = event.what.needs().and_then(|needs| known.iter().find(|known| known.serves() == needs));
            let around = Around { day, this_year: Month::of(received_at).year(), unit_known: &|_| true, known };
            match &mut record {
                None => record = Some(Record::begin(&event, &around).expect("a registration")),
                Some(record) => drop(record.apply(&event, &around)),
            }
        }
        let record = record.expect("a learner has events");
        all.push(Counting { person: record.person, key: key as u8 });
    }
    all
}

/// Whether somebody belongs to a figure by the end of a month.
fn belongs(person: &Person, figure: &Figure, month: Month, homes: &Homes, units: &[Unit]) -> bool {
    let first = |holds: &dyn Fn(&Standing) -> bool| {
        person.standings.iter().filter(|(standing, _)| holds(standing)).map(|(_, month)| *month).min()
    };
    match figure {
        Figure::Ladder { track, step, witness, part } => {
            let of = |standing: &Standing| {
                standing.step == *step
                    && standing.witness == *witness
                    && track.as_ref().is_none_or(|track| standing.track == *track)
            };
            let Some(since) = first(&of).filter(|since| *since <= month) else { return false };
            // Of the age of the month in which they first came to the step (design §3).
            let age = AgeBand::of(person.profile.birth_year, since);
            let home = homes.of(person.profile.unit);
            let lives_in = |zone: Zone| units.iter().any(|unit| unit.code == home && zone.holds(unit));
            match part {
                Part::Age(band) => age == *band,
                Part::Province => age.is_adult(),
                Part::Sex(sex) => age.is_adult() && person.profile.sex == *sex,
                Part::Unit(unit) => age.is_adult() && home == *unit,
                Part::Zone(zone) => age.is_adult() && lives_in(*zone),
            }
        }
        Figure::Ethnic { track, step, group } => {
            let of = |standing: &Standing| {
                standing.step == *step && track.as_ref().is_none_or(|track| standing.track == *track)
            };
            let stated = match group {
                Some(group) => person.ethnic_group == Some(*group),
                None => person.ethnic_group.is_some_and(|group: EthnicGroup| EthnicGroup::ALL.contains(&group)),
            };
            stated && first(&of).is_some_and(|since| since <= month)
        }
        Figure::Lesson { lesson, state } => {
            let day = person.lessons.get(&(lesson.clone(), *state));
            day.is_some_and(|day| day_number(*day) <= day_number(month.last_day()))
        }
    }
}

/// Every figure that a release makes a statement about.
fn all_figures(units: &[Unit]) -> Vec<Figure> {
    let mut all = Vec::new();
    let tracks = [None].into_iter().chain(LIBRARY.tracks.iter().map(|track| Some(track.id.clone())));
    for track in tracks {
        for &step in Step::ALL {
            for &witness in Witness::ALL {
                let mut parts = vec![Part::Province];
                parts.extend(Zone::ALL.iter().map(|zone| Part::Zone(*zone)));
                parts.extend(domain::accounts::Sex::ALL.iter().map(|sex| Part::Sex(*sex)));
                parts.extend(AgeBand::ALL.iter().map(|age| Part::Age(*age)));
                parts.extend(units.iter().map(|unit| Part::Unit(unit.code)));
                all.extend(parts.into_iter().map(|part| Figure::Ladder { track: track.clone(), step, witness, part }));
            }
            all.push(Figure::Ethnic { track: track.clone(), step, group: None });
            let groups = EthnicGroup::ALL.iter().map(|group| Some(*group));
            all.extend(groups.map(|group| Figure::Ethnic { track: track.clone(), step, group }));
        }
    }
    for lesson in LIBRARY.lessons() {
        all.extend(LessonState::ALL.iter().map(|state| Figure::Lesson { lesson: lesson.id.clone(), state: *state }));
    }
    all
}

/// True counts of all figures by the end of a month. `became`: units that others took in.
pub async fn reference(world: &World, month: Month, units: &[Unit], became: &[(UnitCode, UnitCode)]) -> Counts {
    let everybody = everybody(world).await;
    let homes = Homes::new(became.iter().copied());
    let mut counts = Counts::default();
    for figure in all_figures(units) {
        let mut counted = Counted::default();
        for Counting { person, key } in &everybody {
            if belongs(person, &figure, month, &homes, units) {
                counted += Counted { people: 1, keys: u64::from(*key) };
            }
        }
        if counted.people > 0 {
            counts.0.insert(figure, counted);
        }
    }
    counts
}

/// Today's units of the content.
pub fn units() -> Vec<Unit> {
    LIBRARY.units.iter().filter(|unit| unit.valid_to.is_none()).cloned().collect()
}

/// What the public is shown of a figure by the end of a month, unless it is withheld.
pub async fn expected(world: &World, month: Month, figure: &Figure) -> PublicCount {
    let counts = reference(world, month, &units(), &[]).await;
    LIBRARY.noise.table.publish(counts.0.get(figure).copied().unwrap_or_default())
}

/// Compares a release with the truth: what is shown is the truth with its noise, or withheld; and nothing is left out.
pub fn compare(release: &Release, truth: &Counts) {
    for figure in release.all_figures() {
        let shown = release.shown(&figure);
        let counted = truth.0.get(&figure).copied().unwrap_or_default();
        if shown != PublicCount::Withheld {
            assert_eq!(shown, LIBRARY.noise.table.publish(counted), "{figure:?} of {counted:?}");
        }
    }
    let listed: std::collections::BTreeSet<Figure> = release.all_figures().into_iter().collect();
    assert!(truth.0.keys().all(|figure| listed.contains(figure)), "a figure that no release speaks of");
}
