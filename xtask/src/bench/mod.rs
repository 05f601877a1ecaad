//! `cargo xtask bench`: measures the budgets of the design on a release binary and fails when one is missed.
//!
//! To add a measure: a budget below with its reason, and one `table.put` where the server runs that it needs.
//! What the program's addresses and messages look like stands in `wire`, and nowhere else.

mod http;
mod outage;
mod scale;
mod server;
mod table;
mod wire;
mod wrk;

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    postgres::Postgres,
    run, setup,
    shell::{Checkout, Result, on, read, step},
};
use http::Encoding;
pub(crate) use scale::scale;
use server::Server;
use table::{Budget, Table, Unit};
use wrk::{Load, Wrk};

/// What the first round trip on a slow network brings: ten packets of 1 460 bytes, less what TLS needs.
const FIRST_VISIT: Budget = Budget::AtMost(14_000.0);
/// Two seconds at 400 kbit/s: all of a lesson before the first tap.
const LESSON_WHOLE: Budget = Budget::AtMost(100_000.0);
/// What one exercise may bring over a bad network, in gzip.
const SIMULATOR: Budget = Budget::AtMost(30.0 * 1024.0);
/// Replaying must never be what an intake waits for.
const REPLAYS: Budget = Budget::AtLeast(10_000.0);
/// A restart that nobody notices.
const START: Budget = Budget::AtMost(300.0);
/// The smallest rented machine has 512 MB, and other programs on it. In KiB, as Linux counts.
const MEMORY_IDLE: Budget = Budget::AtMost(40.0 * 1024.0);
const MEMORY_LOADED: Budget = Budget::AtMost(120.0 * 1024.0);
/// Impersonal pages are bytes that lie ready.
const LESSONS: Budget = Budget::AtLeast(25_000.0);
/// One store call, one rendering.
const OWN_PAGE: Budget = Budget::AtLeast(3_000.0);
/// A market day's outboxes, all online at once.
const EVENTS: Budget = Budget::AtLeast(5_000.0);
/// A dashboard reads tallies: its time must not grow with the number of people.
const DASHBOARD: Budget = Budget::AtMost(50.0);

/// Days of two phones that are drawn and lived through; the gate lives through a few of them.
const INTERLEAVINGS: &str = "500";
const STARTS: usize = 5;
/// After which an idle server has nothing left to do.
const IDLE: Duration = Duration::from_secs(2);
const LEARNERS: usize = 100;
/// A tenth of the province's adults: enough that a cost which grows with people would show.
const RESIDENTS: &str = "140000";

pub(crate) fn bench(checkout: &Checkout) -> Result<()> {
    let wrk = Wrk::new(setup::wrk()?);
    run::build(checkout)?;
    let bench =
        Bench { binary: checkout.binary("release"), folder: Folder::make(checkout.root.join("target/bench"))?, wrk };
    let mut table = Table::default();
    table.put("runs replayed and scored per second, one core", Unit::PerSecond, Some(REPLAYS), replays(checkout));
    bench.sizes_and_speeds(&mut table)?;
    bench.starts(&mut table)?;
    bench.province(&mut table)?;
    bench.bad_days(checkout, &mut table)?;
    table.print();
    match table.missed() {
        0 => Ok(()),
        1 => Err("a budget was missed: see the table".into()),
        missed => Err(format!("{missed} budgets were missed: see the table")),
    }
}

/// In the checkout's target folder, on the disk that holds real databases (a temporary folder may be memory).
struct Folder(PathBuf);

impl Folder {
    fn make(path: PathBuf) -> Result<Self> {
        if path.exists() {
            fs::remove_dir_all(&path).map_err(on("empty", &path))?;
        }
        fs::create_dir_all(&path).map_err(on("make", &path))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The next run empties it anyway.
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Bench {
    binary: PathBuf,
    folder: Folder,
    wrk: Wrk,
}

impl Bench {
    fn serve(&self, database: &str) -> Result<Server> {
        Server::start(&self.binary, &self.folder.0, database)
    }

    fn sizes_and_speeds(&self, table: &mut Table) -> Result<()> {
        let server = step("start", || self.serve("small"))?;
        table.put(
            "memory, idle",
            Unit::Kibibytes,
            Some(MEMORY_IDLE),
            step("memory, idle", || {
                thread::sleep(IDLE);
                server.memory_kib()
            }),
        );

        let lessons = step("sizes of all lessons", || lessons(&server))?;
        let largest = lessons.iter().max_by_key(|lesson| lesson.page_bytes);
        let Some(largest) = largest else {
            return Err(format!("{} lists no lesson: what is wrong with the content?", wire::SITEMAP));
        };
        let first_visit = format!("first visit, largest of {} lessons: {}", lessons.len(), largest.path);
        table.put(&first_visit, Unit::Bytes, Some(FIRST_VISIT), Ok(largest.page_bytes as f64));
        for lesson in lessons.iter().filter(|lesson| lesson.path == format!("{}{}", wire::LESSONS, lesson.id)) {
            let name = format!("lesson {}", lesson.path);
            table.put(&name, Unit::Bytes, Some(FIRST_VISIT), Ok(lesson.page_bytes as f64));
        }
        let whole = lessons.iter().map(|lesson| lesson.all_bytes).max().unwrap_or_default();
        table.put("a lesson and all it loads before the first tap", Unit::Bytes, Some(LESSON_WHOLE), Ok(whole as f64));

        for path in step("sizes of simulators", || simulators(&server))? {
            let bytes = server.get(&path, Encoding::Gzip)?.wire_bytes as f64;
            table.put(&format!("simulator {path}, gzip"), Unit::Bytes, Some(SIMULATOR), Ok(bytes));
        }

        server.forget_peak()?;
        let load = Load { connections: 64, path: &largest.path, headers: &[(wire::ACCEPT_ENCODING, "br")] };
        let rate = step("lesson pages", || Ok(self.wrk.run(&server, &load)?.requests_per_second));
        table.put("lesson pages per second", Unit::PerSecond, Some(LESSONS), rate);
        let rate = step("a learner's own page", || {
            let learner = wire::Learner::new("own page", 0);
            learner.register(&server)?;
            let headers = [("Cookie", &*learner.cookie()), (wire::ACCEPT_ENCODING, "br")];
            let load = Load { connections: 64, path: wire::OWN_PAGE, headers: &headers };
            Ok(self.wrk.run(&server, &load)?.requests_per_second)
        });
        table.put("a learner's own page per second", Unit::PerSecond, Some(OWN_PAGE), rate);
        let rate = step("events", || self.events_per_second(&server, &lessons));
        table.put("events per second, durable, in batches of 50", Unit::PerSecond, Some(EVENTS), rate);
        table.put("memory under these loads, greatest", Unit::Kibibytes, Some(MEMORY_LOADED), server.peak_kib());
        Ok(())
    }

    fn events_per_second(&self, server: &Server, lessons: &[Lesson]) -> Result<f64> {
        let learners: Vec<_> = (0..LEARNERS).map(|number| wire::Learner::new("events", number)).collect();
        for learner in &learners {
            learner.register(server)?;
        }
        let lessons: Vec<_> = lessons.iter().map(|lesson| (lesson.id.as_str(), lesson.version.as_str())).collect();
        let script = self.folder.0.join("events.lua");
        fs::write(&script, wire::events_script(&learners, &lessons)?).map_err(on("write", &script))?;
        let report = self.wrk.run_script(server, wire::EVENTS, 32, &script)?;
        let [stored, looked_at] =
            report.stored_of.ok_or("the events script of wrk reported nothing: is this wrk 4?")?;
        if looked_at == 0 || stored < looked_at {
            return Err(format!("of {looked_at} events looked at only {stored} were stored: look at the answers"));
        }
        Ok(report.requests_per_second * wire::BATCH as f64)
    }

    /// Measured on the database that the loads have filled.
    fn starts(&self, table: &mut Table) -> Result<()> {
        let median = step("starts", || {
            let mut times = Vec::new();
            for _ in 0..STARTS {
                times.push(self.serve("small")?.ready_after);
            }
            times.sort();
            Ok(times[STARTS / 2].as_secs_f64() * 1000.0)
        });
        table.put("start to ready, existing database, median of 5", Unit::Milliseconds, Some(START), median);
        Ok(())
    }

    fn province(&self, table: &mut Table) -> Result<()> {
        let database = server::database_url(&self.folder.0, "province");
        let demo = ["demo", "--residents", RESIDENTS, "--seed", "1", "--database", &database];
        let time = step("140 000 residents", || self.time(&demo));
        let exists = time.is_ok();
        table.put("making 140 000 residents (`hocso demo`)", Unit::Seconds, None, time);
        if !exists {
            return Ok(());
        }
        let mut start = Err("not measured".into());
        let p99 = step("dashboard", || {
            let server = self.serve("province")?;
            start = Ok(server.ready_after.as_secs_f64() * 1000.0);
            self.pages(&server, wire::EVERYDAY)
        });
        table.put("start to ready, 140 000 residents", Unit::Milliseconds, Some(START), start);
        table.put("statistics pages, 140 000 residents, 4 at a time, p99", Unit::Milliseconds, Some(DASHBOARD), p99);
        let time = step("recount", || self.time(&["recount", "--check", "--database", &database]));
        table.put("recounting all of it (`hocso recount --check`)", Unit::Seconds, None, time);
        Ok(())
    }

    /// What must not be lost, and how fast that is.
    fn bad_days(&self, checkout: &Checkout, table: &mut Table) -> Result<()> {
        let lesson = {
            let server = self.serve("outage")?;
            lessons(&server)?.into_iter().next().ok_or("there is no lesson: what is wrong with the content?")?
        };
        let lesson = (lesson.id.as_str(), lesson.version.as_str());
        let postgres = Postgres::start(&setup::postgresql()?)?;
        for (name, url) in [("SQLite", server::database_url(&self.folder.0, "outage")), ("PostgreSQL", postgres.url())]
        {
            let flush = step(&format!("200 phones at once, {name}"), || {
                outage::flush_at_once(&Server::start_on(&self.binary, &self.folder.0, &url)?, lesson)
            });
            let (p99, rate) = match flush {
                Ok(flush) => (Ok(flush.p99_ms), Ok(flush.events_per_second)),
                Err(error) => (Err(error.clone()), Err(error)),
            };
            table.put(&format!("200 phones flush at once, {name}: a batch of 50, p99"), Unit::Milliseconds, None, p99);
            table.put(&format!("200 phones flush at once, {name}: events per second"), Unit::PerSecond, None, rate);
        }
        let what = format!("batches acknowledged before {} kills, all there after them", outage::KILLS);
        let killed = step("kill -9 under load", || {
            let count = outage::kill_again_and_again(&self.binary, &self.folder.0, lesson)?;
            let database = server::database_url(&self.folder.0, "killed");
            self.time(&["recount", "--check", "--database", &database])?;
            Ok(count as f64)
        });
        table.put(&what, Unit::Count, None, killed);
        let time = step("interleavings", || {
            let node = setup::journeys(checkout)?;
            let start = Instant::now();
            let mut model = Command::new(node);
            model.current_dir(&checkout.root).args(["tests/browser/model.mjs", "--seeds", INTERLEAVINGS]);
            read(model.env("HOCSO_BIN", &self.binary))?;
            Ok(start.elapsed().as_secs_f64())
        });
        table.put(
            &format!("{INTERLEAVINGS} seeded interleavings of two phones, each event once"),
            Unit::Seconds,
            None,
            time,
        );
        Ok(())
    }

    /// Seconds that a command of the program takes.
    fn time(&self, arguments: &[&str]) -> Result<f64> {
        let start = Instant::now();
        let mut command = server::clean(&self.binary);
        let output = command.args(arguments).stdin(Stdio::null()).output();
        let output = output.map_err(|error| format!("{} could not be started ({error})", self.binary.display()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("`hocso {}` failed: {}", arguments.join(" "), said.lines().last().unwrap_or_default()));
        }
        Ok(start.elapsed().as_secs_f64())
    }
}

/// Runs replayed per second, as the benchmark of the library says.
fn replays(checkout: &Checkout) -> Result<f64> {
    let said = step("replays", || read(checkout.cargo().args(["bench", "-q", "-p", "library", "--bench", "replays"])))?;
    let rate = said.lines().find_map(|line| line.strip_suffix(" replays per second")?.trim().parse().ok());
    rate.ok_or_else(|| format!("the benchmark of replays said: {said}"))
}

/// The paths of all simulators.
fn simulators(server: &Server) -> Result<Vec<String>> {
    let sitemap = server.get(wire::SITEMAP, Encoding::Plain)?.text()?;
    Ok(sitemap.lines().filter_map(wire::simulator).map(str::to_owned).collect())
}

struct Lesson {
    path: String,
    /// `track/lesson`, as events name it.
    id: String,
    version: String,
    /// Headers and body of the page as a first visitor receives them.
    page_bytes: usize,
    /// The page and everything that it loads at once.
    all_bytes: usize,
}

fn lessons(server: &Server) -> Result<Vec<Lesson>> {
    let sitemap = server.get(wire::SITEMAP, Encoding::Plain)?.text()?;
    let mut assets = BTreeMap::new();
    let mut lessons = Vec::new();
    for (path, id) in sitemap.lines().filter_map(wire::lesson) {
        // First as the first visitor receives it, then to be read.
        let page_bytes = server.get(path, Encoding::Packed)?.wire_bytes;
        let page = server.get(path, Encoding::Plain)?.text()?;
        let Some(version) = wire::version(&page) else {
            return Err(format!("{path} has no data-version: is it a lesson?"));
        };
        let mut all_bytes = page_bytes;
        for asset in wire::loaded_at_once(&page) {
            if !assets.contains_key(&asset) {
                let bytes = server.get(&asset, Encoding::Packed)?.wire_bytes;
                assets.insert(asset.clone(), bytes);
            }
            all_bytes += assets[&asset];
        }
        lessons.push(Lesson { path: path.to_owned(), id: id.to_owned(), version, page_bytes, all_bytes });
    }
    Ok(lessons)
}
