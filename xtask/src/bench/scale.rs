//! `cargo xtask bench scale`: the same house with 14 000, 140 000 and 1 400 000 people. What officials and citizens wait for
//! must not grow with the number of people.

use std::{
    fs,
    path::Path,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    Bench, DASHBOARD, Folder, MEMORY_LOADED, START,
    server::{self, Server},
    table::{Budget, Table, Unit},
    wire,
    wrk::Wrk,
};
use crate::{
    postgres::Postgres,
    run, setup,
    shell::{Checkout, Result, on, step},
};

const RESIDENTS: [u32; 3] = [14_000, 140_000, 1_400_000];
/// A month's release, with its attack, while somebody waits for it.
const RELEASE: Budget = Budget::AtMost(60.0);
/// One month of the cubes from standings.
const MONTH: Budget = Budget::AtMost(120.0);
/// Filling a database may take minutes, not hours: in seconds.
const LOADING: Budget = Budget::AtMost(30.0 * 60.0);
/// Loading is done in goes: memory must not grow with the number of people. In KiB.
const LOADING_MEMORY: Budget = Budget::AtMost(1024.0 * 1024.0);
const POLL_EVERY: Duration = Duration::from_millis(200);

pub(crate) fn scale(checkout: &Checkout) -> Result<()> {
    let wrk = Wrk::new(setup::wrk()?);
    run::build(checkout)?;
    let bench =
        Bench { binary: checkout.binary("release"), folder: Folder::make(checkout.root.join("target/bench"))?, wrk };
    let mut table = Table::default();
    let measured = bench.worlds(&mut table);
    // What was measured is told, whatever broke after it.
    table.print();
    measured?;
    match table.missed() {
        0 => Ok(()),
        missed => Err(format!("{missed} budgets were missed: see the table")),
    }
}

impl Bench {
    fn worlds(&self, table: &mut Table) -> Result<()> {
        for residents in RESIDENTS {
            let database = server::database_url(&self.folder.0, "scale");
            self.world(table, &format!("{residents} people, SQLite"), residents, &database)?;
            for end in ["sqlite", "sqlite.keys", "sqlite.lock"] {
                // The next one is made anew; twenty-five gigabytes need not stay.
                let _ = fs::remove_file(self.folder.0.join("scale").with_extension(end));
            }
        }
        let postgres = Postgres::start(&setup::postgresql()?)?;
        self.world(table, "1400000 people, PostgreSQL", RESIDENTS[2], &postgres.url())
    }

    fn world(&self, table: &mut Table, name: &str, residents: u32, database: &str) -> Result<()> {
        let demo = ["demo", "--residents", &residents.to_string(), "--seed", "1", "--database", database];
        let (seconds, memory) = step(&format!("{name}: loading"), || self.watched(&demo))?;
        table.put(&format!("{name}: loading a year"), Unit::Seconds, Some(LOADING), Ok(seconds));
        table.put(&format!("{name}: memory while loading"), Unit::Kibibytes, Some(LOADING_MEMORY), Ok(memory));
        let seconds =
            step(&format!("{name}: release"), || self.time(&["release", "--dry-run", "--database", database]));
        table.put(&format!("{name}: a release with its attack"), Unit::Seconds, Some(RELEASE), seconds);
        let month = last_month();
        let again = ["recount", "--month", &month, "--database", database];
        let seconds = step(&format!("{name}: one month anew"), || self.time(&again));
        table.put(&format!("{name}: one month from standings"), Unit::Seconds, Some(MONTH), seconds);
        let server = step(&format!("{name}: start"), || Server::start_on(&self.binary, &self.folder.0, database))?;
        let ready = server.ready_after.as_secs_f64() * 1000.0;
        table.put(&format!("{name}: start to ready"), Unit::Milliseconds, Some(START), Ok(ready));
        for (what, script) in [("everyday", wire::EVERYDAY), ("any", wire::ANY)] {
            let p99 = step(&format!("{name}: {what} statistics pages"), || self.pages(&server, script));
            let line = format!("{name}: {what} statistics page, 4 at a time, p99");
            table.put(&line, Unit::Milliseconds, Some(DASHBOARD), p99);
        }
        let line = format!("{name}: memory of the server");
        table.put(&line, Unit::Kibibytes, Some(MEMORY_LOADED), server.peak_kib());
        Ok(())
    }

    /// The 99th percentile of a mix of pages, in milliseconds.
    pub(super) fn pages(&self, server: &Server, script: &str) -> Result<f64> {
        let file = self.folder.0.join("pages.lua");
        fs::write(&file, script).map_err(on("write", &file))?;
        let report = self.wrk.run_script(server, wire::DASHBOARD, 4, &file)?;
        report.p99_ms.ok_or_else(|| "wrk named no 99th percentile: is this wrk 4?".to_owned())
    }

    /// Seconds that a command takes, and the greatest memory it had, in KiB.
    fn watched(&self, arguments: &[&str]) -> Result<(f64, f64)> {
        let start = Instant::now();
        let mut command = server::clean(&self.binary);
        let child = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let mut child = child.map_err(|error| format!("{} could not be started ({error})", self.binary.display()))?;
        let mut memory: f64 = 0.0;
        loop {
            memory = memory.max(peak(&child).unwrap_or_default());
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok((start.elapsed().as_secs_f64(), memory)),
                Ok(Some(status)) => return Err(format!("`hocso {}` ended with {status}", arguments.join(" "))),
                Ok(None) => thread::sleep(POLL_EVERY),
                Err(error) => return Err(format!("`hocso {}` cannot be watched ({error})", arguments.join(" "))),
            }
        }
    }
}

fn peak(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(Path::new("/proc").join(child.id().to_string()).join("status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}

/// The last month that is over, in the zone of the people we serve, as 2026-11.
fn last_month() -> String {
    const ZONE: u64 = 7 * 3600;
    const DAY: u64 = 24 * 3600;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    let (year, month) = year_and_month((now + ZONE) / DAY);
    if month == 1 { format!("{}-12", year - 1) } else { format!("{year}-{:02}", month - 1) }
}

/// The civil year and month of a day since 1970 (Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `civil_from_days`).
fn year_and_month(days: u64) -> (u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day = shifted % 146_097;
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + u64::from(month <= 2), month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_months() {
        let cases = [
            (0, (1970, 1)),
            (58, (1970, 2)),
            (59, (1970, 3)),
            (20_453, (2025, 12)),
            (20_454, (2026, 1)),
            (20_784, (2026, 11)),
        ];
        for (days, expected) in cases {
            assert_eq!(year_and_month(days), expected, "{days}");
        }
    }
}
