//! `cargo xtask test`: the gate, the same here and in CI.

use std::{fs, path::PathBuf, process::Command, time::Instant};

use crate::{
    postgres::Postgres,
    setup,
    shell::{Checkout, Result, loud, on, quiet, read_file, seconds, step},
    site,
};

/// The URL of a PostgreSQL server on which the store tests may make databases.
const POSTGRES_VARIABLE: &str = "HOCSO_TEST_POSTGRES";
/// The folder of its programs: `pg_dump` must be of the version that it copies.
const BINARIES_VARIABLE: &str = "HOCSO_TEST_POSTGRES_BINARIES";

/// A file to which every store test that ran appends a line with the name of its database.
const COUNTS_VARIABLE: &str = "HOCSO_TEST_COUNTS";

/// Everything that is built for the host: with `client` cargo would unify `ssr` and `hydrate`.
const HOST: [&str; 3] = ["--workspace", "--exclude", "client"];

pub(crate) fn test(checkout: &Checkout, filter: &[String]) -> Result<()> {
    let start = Instant::now();
    let mut counts = Counts::default();
    let result = if filter.is_empty() { whole(checkout, &mut counts) } else { filtered(checkout, filter, &mut counts) };
    println!("· everything … {}", seconds(start.elapsed()));
    // A gate that stopped before its first test has nothing to count.
    if result.is_ok() || counts.any() {
        println!("{}", counts.closing_line());
    }
    result
}

fn whole(checkout: &Checkout, counts: &mut Counts) -> Result<()> {
    let machine = Machine::set_up(checkout)?;

    quiet("format", checkout.cargo().args(["fmt", "--all", "--check"]))?;
    site::build(checkout)?;
    let deny = ["--", "-D", "warnings"];
    quiet("lints (host)", checkout.cargo().args(["clippy", "-q"]).args(HOST).arg("--all-targets").args(deny))?;
    // In the profile that ships: its build scripts and macros are built already.
    for bundle in site::BUNDLES {
        let client = ["clippy", "-q", "-p", "client", "--target", "wasm32-unknown-unknown", "--profile", site::PROFILE];
        let mut clippy = checkout.cargo_wasm();
        quiet(&format!("lints (wasm, {bundle})"), clippy.args(client).args(["--features", bundle]).args(deny))?;
    }

    server(checkout)?;
    let stores = tests(checkout, &machine.postgres, &[], counts)?;
    if stores.postgres == 0 {
        return Err(format!(
            "no store test ran on PostgreSQL: do they read {POSTGRES_VARIABLE} and write {COUNTS_VARIABLE}?"
        ));
    }

    let node = |script: &str| {
        let mut command = Command::new(&machine.node);
        command.current_dir(&checkout.root).arg(script);
        command.env("HOCSO_BIN", checkout.binary("debug")).env("HOCSO_SITE", checkout.site());
        command.env("CHROMIUM", &machine.chromium);
        command
    };
    let mut outside = Command::new(&machine.python);
    outside.current_dir(&checkout.root).arg("tests/outside/run.py").env("HOCSO_BIN", checkout.binary("debug"));
    loud("compared with others", &mut outside, |line| counts.hear(line))?;
    loud("interleavings", &mut node("tests/browser/model.mjs"), |line| counts.hear(line))?;
    loud("browser journeys", &mut node("tests/browser/run.mjs"), |line| counts.hear(line))
}

/// The server as a program, which tests and journeys start. Built with the packages that the tests are built with: cargo would
/// otherwise choose other features and compile half of it twice.
pub(crate) fn server(checkout: &Checkout) -> Result<()> {
    quiet("server (dev)", checkout.cargo().args(["build", "-q"]).args(HOST).args(["--bin", "hocso"]))
}

/// Only `cargo test`, with the site that is there, or a new one if there is none.
fn filtered(checkout: &Checkout, filter: &[String], counts: &mut Counts) -> Result<()> {
    let postgres = setup::postgresql()?;
    if !checkout.site().join(site::MANIFEST).is_file() {
        setup::wasm_target(checkout)?;
        site::build(checkout)?;
    }
    server(checkout)?;
    tests(checkout, &postgres, filter, counts).map(|_| ())
}

/// What the gate needs and a machine may lack.
struct Machine {
    chromium: PathBuf,
    postgres: PathBuf,
    node: PathBuf,
    /// With the packages that our numbers are compared with.
    python: PathBuf,
}

impl Machine {
    fn set_up(checkout: &Checkout) -> Result<Self> {
        setup::wasm_target(checkout)?;
        let (chromium, postgres) = (setup::chromium()?, setup::postgresql()?);
        Ok(Self { chromium, postgres, node: setup::journeys(checkout)?, python: setup::outside(checkout)? })
    }
}

/// `cargo test` beside a PostgreSQL that stops, whatever happens, at the end of this function.
fn tests(checkout: &Checkout, binaries: &std::path::Path, filter: &[String], counts: &mut Counts) -> Result<Stores> {
    let postgres = step("PostgreSQL", || Postgres::start(binaries))?;
    let ran = checkout.target.join("store-tests");
    fs::write(&ran, "").map_err(on("write", &ran))?;
    let mut cargo = checkout.cargo();
    cargo.arg("test").args(HOST).args(filter);
    cargo.env(POSTGRES_VARIABLE, postgres.url()).env(BINARIES_VARIABLE, binaries).env(COUNTS_VARIABLE, &ran);
    loud("tests", &mut cargo, |line| counts.hear(line))?;
    let stores = Stores::count(&String::from_utf8_lossy(&read_file(&ran)?));
    println!("store tests: sqlite {}, postgres {}", stores.sqlite, stores.postgres);
    Ok(stores)
}

struct Stores {
    sqlite: usize,
    postgres: usize,
}

impl Stores {
    fn count(lines: &str) -> Self {
        let of = |name: &str| lines.lines().filter(|line| line.trim() == name).count();
        Self { sqlite: of("sqlite"), postgres: of("postgres") }
    }
}

/// What the test runners said of themselves, added up.
#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    /// Takes `test result: ok. 12 passed; 0 failed; 1 ignored; …` of cargo and `12 passed, 0 failed` of the journeys.
    fn hear(&mut self, line: &str) {
        let of_cargo = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "));
        let figures = match of_cargo {
            Some((_, figures)) => figures,
            None if line.contains(" passed, ") => line.rsplit(": ").next().unwrap_or(line),
            None => return,
        };
        for figure in figures.split([';', ',']) {
            let mut words = figure.split_whitespace();
            let (Some(Ok(number)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" | "skipped" => self.skipped += number,
                _ => (),
            }
        }
    }

    fn any(&self) -> bool {
        self.passed + self.failed + self.skipped > 0
    }

    fn closing_line(&self) -> String {
        format!("gate: {} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_runners_are_added_up() {
        let mut counts = Counts::default();
        for line in [
            "running 3 tests",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.02s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "journeys: 7 passed, 0 failed",
            "5 passed, 1 failed, 2 skipped",
            "nothing passed, really",
        ] {
            counts.hear(line);
        }
        assert_eq!(counts.closing_line(), "gate: 25 passed, 3 failed, 3 skipped");
    }

    #[test]
    fn store_tests_are_counted_by_database() {
        let stores = Stores::count("sqlite\npostgres\nsqlite\n\n");
        assert_eq!((stores.sqlite, stores.postgres), (2, 1));
    }
}
