//! Everything a checkout of Học Số can do, in plain Rust: `cargo xtask help`.
//!
//! To add a command: a function in a module named after it, one line in `HELP`, one arm in `dispatch`. An error is one
//! line that says what went wrong and what to do about it; it ends xtask with status 1.

mod bench;
mod gate;
mod minify;
mod postgres;
mod run;
mod setup;
mod shell;
mod site;

use std::process::ExitCode;

use crate::shell::{Checkout, Result};

const HELP: &str = "\
Usage: cargo xtask <command>

  run [args…]     build what is missing and serve on target/dev.sqlite; args go to `hocso serve`
  test [filter]   the gate: set-up, format, site, lints, tests on SQLite and PostgreSQL, browser journeys
                  with a filter only `cargo test`; words after it go to cargo as they are
                  (cargo xtask test sync -- --nocapture)
  build           the site and target/release/hocso
  site            only target/site: wasm, scripts, styles, pictures, compressed and named by content
  bench           build, then measure every budget of the design; fails when one is missed
  bench scale     the same house with 14 000, 140 000 and 1 400 000 people, on SQLite and PostgreSQL (an hour, 50 GB of disk)
  help            this text

Environment:
  CARGO_TARGET_DIR   where cargo keeps what it builds (the site stays in the checkout's target/site)
  CHROMIUM           the browser of the journeys, if it is not Debian's `chromium` on the PATH
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next();
    let rest: Vec<String> = words.collect();
    match dispatch(command.as_deref(), &rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Option<&str>, rest: &[String]) -> Result<()> {
    let asks_for_help = |word: &String| word == "--help" || word == "-h";
    match command {
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        // `run --help` is a question to `hocso serve`.
        Some("test" | "build" | "site" | "bench") if rest.iter().any(asks_for_help) => {
            print!("{HELP}");
            Ok(())
        }
        Some("run") => run::run(&Checkout::find()?, rest),
        Some("test") => gate::test(&Checkout::find()?, rest),
        Some("build") => no_arguments("build", rest).and_then(|()| run::build(&Checkout::find()?)),
        Some("site") => no_arguments("site", rest).and_then(|()| {
            let checkout = Checkout::find()?;
            setup::wasm_target(&checkout)?;
            site::build(&checkout)
        }),
        Some("bench") if rest == ["scale"] => bench::scale(&Checkout::find()?),
        Some("bench") => no_arguments("bench", rest).and_then(|()| bench::bench(&Checkout::find()?)),
        Some(other) => Err(format!("there is no command `{other}`: see `cargo xtask help`")),
    }
}

fn no_arguments(command: &str, rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(word) => Err(format!("`{command}` takes no `{word}`: see `cargo xtask help`")),
    }
}
