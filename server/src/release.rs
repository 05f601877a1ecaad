//! `hocso release`, and the releases that the server makes by itself when a month is over.

use crate::{Fault, check, clock, settings::ReleaseSettings};
use disclosure::{Attacked, Earlier, Outcome, attack, protect};
use domain::{
    coverage::{
        Head, PublicCount, Release, Way,
        release::{METHOD, RELEASE_FORMAT, places_of},
    },
    places::Unit,
    time::{Millis, Month},
};
use library::Library;
use store::{Existing, Store, StoreError, release_file};

/// The lease under which one process makes releases.
const LEASE: &str = "release";
/// A release of the whole province takes seconds; after ten minutes a holder is dead.
const LEASE_MS: Millis = 10 * 60 * 1000;

/// Counts that are told when a release is refused.
const NARROW_TOLD: usize = 20;

/// Why there is no release.
#[derive(Debug, thiserror::Error)]
pub enum NoRelease {
    #[error("{0} is not over yet: a month is released when it is")]
    Unfinished(Month),
    #[error("nobody had learnt anything by the end of {0}: there is nothing to release")]
    Nobody(Month),
    #[error(
        "the figures of {month} cannot be protected: a true count from 1 to 9 would be left with {least} possible values, fewer \
         than five. Nothing was released. What the attacker came too near to:\n{}", .narrow.join("\n")
    )]
    Unprotected { month: Month, least: u64, narrow: Vec<String> },
    #[error("making a release broke off: {0}")]
    Broken(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A release with what the attacker reached, before it is frozen.
pub struct Made {
    pub release: Release,
    pub outcome: Outcome,
    /// A release of the month that says the same already.
    pub same_as: Option<u32>,
}

/// Units of today, whatever the month: people are counted where they live now, also when an older month is corrected.
pub fn units_of_today(library: &Library) -> Vec<Unit> {
    library.units.iter().filter(|unit| unit.valid_to.is_none()).cloned().collect()
}

/// Makes the release of a month from the cubes, protects it, and lets the attacker try. Nothing is stored.
pub async fn make(store: &Store, library: &Library, month: Month, now: Millis) -> Result<Made, NoRelease> {
    if month >= Month::of(now) {
        return Err(NoRelease::Unfinished(month));
    }
    let listed = store.releases().await?;
    let units = units_of_today(library);
    let mut months: Vec<Month> = listed.iter().map(|listed| listed.month).collect();
    months.push(month);
    let mut truths = store.counts(&months, &units).await?;
    let counts = truths.pop().unwrap_or_default();
    // Where everybody was erased zero is published.
    if counts.0.is_empty() && listed.is_empty() {
        return Err(NoRelease::Nobody(month));
    }
    let mut earlier = Vec::new();
    for (listed, truth) in listed.iter().zip(truths) {
        if let Some((release, _)) = store.release(listed.number).await? {
            earlier.push(Earlier { release, truth });
        }
    }
    let corrects = listed.iter().rev().find(|listed| listed.month == month).map(|listed| listed.number);
    let source = (library.adults_source.date, library.adults_source.document.clone());
    let head = Head {
        format: RELEASE_FORMAT,
        number: store.next_release().await?,
        month,
        corrects,
        method: METHOD.to_owned(),
        noise_table: library.noise.hash.clone(),
        places: places_of(&units, &source),
        tracks: library.tracks.iter().map(|track| track.id.clone()).collect(),
        lessons: library.lessons().map(|lesson| lesson.id.clone()).collect(),
        receipt: Default::default(),
    };
    // The attack takes a core for a while: not one of those that answer people.
    let (noise, became) = (library.noise.table.clone(), library.became.clone());
    let attacked = tokio::task::spawn_blocking(move || {
        let done = protect(head, &counts, &noise, &earlier, &became);
        (done, earlier)
    });
    let (done, earlier) = attacked.await.map_err(|error| NoRelease::Broken(error.to_string()))?;
    match done {
        Ok((release, outcome)) => {
            let last = corrects.and_then(|number| earlier.iter().find(|earlier| earlier.release.head.number == number));
            let same = last.filter(|last| {
                last.release.figures == release.figures && last.release.head.places == release.head.places
            });
            let same_as = same.map(|same| same.release.head.number);
            Ok(Made { release, outcome, same_as })
        }
        Err(refused) => {
            let least = refused.outcome.receipt.least().unwrap_or_default();
            let narrow = refused.outcome.narrow.iter().take(NARROW_TOLD).map(|narrow| {
                let less = narrow.less.map(|way| format!(", by {} subtracted", way.as_str())).unwrap_or_default();
                let of = if narrow.release == earlier.len() { "" } else { " of an earlier release" };
                format!("  {}{of}: {} values{less}", narrow.figure.names().join(" "), narrow.values)
            });
            Err(NoRelease::Unprotected { month, least, narrow: narrow.collect() })
        }
    }
}

/// Releases every month that is over and has no release yet, in order; before the first release only the last one. Under a
/// lease: of several processes one works. Returns how many were made.
pub async fn release_what_is_due(store: &Store, library: &Library, now: Millis) -> Result<u32, NoRelease> {
    let due = Month::of(now).previous();
    let newest = store.releases().await?.iter().map(|listed| listed.month).max();
    if newest.is_some_and(|newest| newest >= due) {
        return Ok(0);
    }
    if newest.is_none() && store.first_month().await?.is_none_or(|first| first > due) {
        return Ok(0);
    }
    let holder = holder();
    if !store.take_lease(LEASE, &holder, now, now + LEASE_MS).await? {
        return Ok(0);
    }
    let made = release_up_to(store, library, newest.map_or(due, Month::next), due, now).await;
    store.leave_lease(LEASE, &holder).await?;
    made
}

/// Releases the months from one to another, both included.
pub async fn release_up_to(
    store: &Store,
    library: &Library,
    from: Month,
    to: Month,
    now: Millis,
) -> Result<u32, NoRelease> {
    let (mut month, mut made) = (from, 0);
    while month <= to {
        let Made { release, outcome, .. } = make(store, library, month, now).await?;
        if store.freeze(&release, now).await? {
            let number = release.head.number;
            tracing::info!(number, %month, least = outcome.receipt.least(), "released");
            made += 1;
        }
        month = month.next();
    }
    Ok(made)
}

/// A name for this process and this piece of work.
fn holder() -> String {
    let mut bytes = [0; 8];
    // Without randomness two processes would take each other for the same: then the numbers of releases keep them apart.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `hocso release`.
pub async fn release(settings: ReleaseSettings) -> Result<(), Fault> {
    let mut library = check::read(settings.content.as_deref())?;
    let store = Store::open(&settings.database.database, Existing::Only).await?;
    let done = run(&settings, &mut library, &store).await;
    store.close().await?;
    done
}

async fn run(settings: &ReleaseSettings, library: &mut Library, store: &Store) -> Result<(), Fault> {
    crate::places::take_in_changes(library, store).await?;
    let now = clock::system()();
    if settings.audit && settings.month.is_none() && !settings.dry_run {
        return audit(store, library).await;
    }
    let month = settings.month.unwrap_or(Month::of(now).previous());
    let made = make(store, library, month, now).await.map_err(|no| Fault::Said(no.to_string()))?;
    let (file, digest) = release_file(&made.release)?;
    let head = &made.release.head;
    let withheld = head.receipt.withheld;
    println!(
        "release {} of {month}: {} figures, {withheld} of them withheld, {} bytes, SHA-256 {digest}",
        head.number,
        made.release.figures.len(),
        file.len()
    );
    say(&made.outcome);
    if let Some(number) = made.same_as {
        println!("release {number} says the same already; nothing was stored");
    } else if settings.dry_run {
        println!("nothing was stored (--dry-run)");
    } else if store.freeze(&made.release, now).await? {
        match head.corrects {
            Some(corrected) => println!("stored; it corrects release {corrected}, which stays readable"),
            None => println!("stored"),
        }
    } else {
        return Err(Fault::Said("another process has just made a release of this number; look and try again".into()));
    }
    Ok(())
}

/// Attacks everything that was ever published, and looks whether it is still what was frozen.
async fn audit(store: &Store, library: &Library) -> Result<(), Fault> {
    let listed = store.releases().await?;
    if listed.is_empty() {
        return Err(Fault::Said("there is no release yet".into()));
    }
    let months: Vec<Month> = listed.iter().map(|listed| listed.month).collect();
    let truths = store.counts(&months, &units_of_today(library)).await?;
    let mut releases = Vec::new();
    for listed in &listed {
        let Some((release, _)) = store.release(listed.number).await? else { continue };
        if release_file(&release)?.1 != listed.digest {
            return Err(Fault::Said(format!("release {} is not what was frozen: it was edited", listed.number)));
        }
        releases.push(release);
    }
    let attacked: Vec<Attacked<'_>> =
        releases.iter().zip(&truths).map(|(release, truth)| Attacked { release, truth }).collect();
    let outcome = attack(&attacked, &library.became, &|shown: PublicCount| library.noise.table.possible(shown));
    println!("{} releases, all as they were frozen", releases.len());
    say(&outcome);
    match outcome.narrow.first() {
        None => Ok(()),
        Some(narrow) => Err(Fault::Said(format!(
            "{} counts are left with fewer than five possible values; the first: {}, {} values",
            outcome.narrow.len(),
            narrow.figure.names().join(" "),
            narrow.values
        ))),
    }
}

/// What the attacker reached, a line for each way.
fn say(outcome: &Outcome) {
    println!("the attacker tried {} true counts from 1 to 9; fewest values left possible:", outcome.targets);
    for (way, values) in &outcome.receipt.narrowest {
        let way = match way {
            Way::Cell => "the figure alone",
            Way::Places => "places subtracted",
            Way::Groups => "sexes, ages, ethnic groups subtracted",
            Way::Tracks => "tracks subtracted",
            Way::Months => "months and corrections subtracted",
            Way::Mergers => "merged places subtracted",
            Way::Together => "all together, with linear programmes",
        };
        match values {
            Some(values) => println!("  {way}: {values}"),
            None => println!("  {way}: no such count"),
        }
    }
}
