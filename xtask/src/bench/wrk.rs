//! Debian's `wrk`: load on loopback, and what it says of it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::server::Server;
use crate::shell::{Result, read};

/// One for each of the two cores that the budgets are stated for.
pub(super) const THREADS: usize = 2;
const DURATION: &str = "-d8s";

pub(super) struct Load<'a> {
    pub(super) connections: u32,
    pub(super) path: &'a str,
    pub(super) headers: &'a [(&'a str, &'a str)],
}

pub(super) struct Wrk(PathBuf);

impl Wrk {
    pub(super) fn new(program: PathBuf) -> Self {
        Self(program)
    }

    pub(super) fn run(&self, server: &Server, load: &Load) -> Result<Report> {
        let mut command = self.command(load.connections);
        for (name, value) in load.headers {
            command.args(["-H", &format!("{name}: {value}")]);
        }
        finish(&mut command, server, load.path)
    }

    /// The script makes the requests.
    pub(super) fn run_script(&self, server: &Server, path: &str, connections: u32, script: &Path) -> Result<Report> {
        finish(self.command(connections).arg("-s").arg(script), server, path)
    }

    fn command(&self, connections: u32) -> Command {
        let mut command = Command::new(&self.0);
        command.args([&format!("-t{THREADS}"), &format!("-c{connections}"), DURATION, "--latency"]);
        command
    }
}

fn finish(command: &mut Command, server: &Server, path: &str) -> Result<Report> {
    let port = server.port;
    command.args(["-H", &format!("Host: localhost:{port}"), &format!("http://127.0.0.1:{port}{path}")]);
    let report = Report::parse(&read(command)?);
    let report = report.ok_or("wrk said something that I do not understand: is this wrk 4?")?;
    match (report.refused, report.broken) {
        (0, 0) => Ok(report),
        (refused, broken) => {
            Err(format!("{path}: {refused} answers were no success, {broken} connections broke: look at one by hand"))
        }
    }
}

#[derive(Debug, PartialEq)]
pub(super) struct Report {
    pub(super) requests_per_second: f64,
    pub(super) p99_ms: Option<f64>,
    /// Answers other than 2xx and 3xx.
    refused: u64,
    /// Connections that could not be opened, read, written, or were not answered in time.
    broken: u64,
    /// From the last line of the events script: events stored, of those looked at.
    pub(super) stored_of: Option<[u64; 2]>,
}

impl Report {
    fn parse(text: &str) -> Option<Self> {
        let after = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
        let numbers =
            |line: &str| line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
        let stored: Option<Vec<u64>> = after("events stored:").map(numbers);
        let broken: Vec<u64> = after("Socket errors:").map(numbers).unwrap_or_default();
        Some(Self {
            requests_per_second: after("Requests/sec:")?.parse().ok()?,
            p99_ms: after("99%").and_then(milliseconds),
            refused: after("Non-2xx or 3xx responses:").map_or(Some(0), |number| number.parse().ok())?,
            broken: broken.iter().sum(),
            stored_of: stored.and_then(|stored| stored.try_into().ok()),
        })
    }
}

/// `850.00us`, `1.25ms` or `1.02s`, as wrk shortens times.
fn milliseconds(time: &str) -> Option<f64> {
    // The longer units first: `ms` ends in `s` as well.
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0), ("h", 3_600_000.0)];
    let number = |(unit, factor): (&str, f64)| Some(time.strip_suffix(unit)?.parse::<f64>().ok()? * factor);
    units.into_iter().find_map(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
Running 8s test @ http://127.0.0.1:3000/
  2 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.42ms    1.02ms  31.85ms   93.12%
    Req/Sec    13.29k     1.35k   15.92k    66.25%
  Latency Distribution
     50%    2.29ms
     75%    2.61ms
     90%    3.04ms
     99%    6.31ms
  211736 requests in 8.02s, 1.62GB read
Requests/sec:  26397.31
Transfer/sec:    206.84MB
";

    #[test]
    fn a_good_report() {
        let report = Report::parse(GOOD).unwrap();
        let expected =
            Report { requests_per_second: 26397.31, p99_ms: Some(6.31), refused: 0, broken: 0, stored_of: None };
        assert_eq!(report, expected);
    }

    #[test]
    fn a_report_of_trouble() {
        let trouble = "  Socket errors: connect 1, read 2, write 0, timeout 3\n  Non-2xx or 3xx responses: 17\n";
        let report = Report::parse(&format!("{trouble}{GOOD}events stored: 950 of 1000\n")).unwrap();
        assert_eq!((report.refused, report.broken, report.stored_of), (17, 6, Some([950, 1000])));
        assert_eq!(Report::parse("unable to connect"), None);
    }

    #[test]
    fn times_in_all_units() {
        let times = ["850.00us", "1.25ms", "1.02s", "2.00m", "soon"].map(milliseconds);
        assert_eq!(times, [Some(0.85), Some(1.25), Some(1020.0), Some(120_000.0), None]);
    }
}
