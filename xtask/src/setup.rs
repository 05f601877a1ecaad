//! What a machine lacks, and how to come by it. Each function does nothing, and says nothing, when it is there already.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::{
    postgres,
    shell::{Checkout, Result, on, program, quiet, read, read_file, succeeds},
};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The names under which distributions install Chromium; the first is Debian's.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Another package manager may be at work, as on a machine that has just started: wait for it, in seconds.
const APT_WAITS: &str = "DPkg::Lock::Timeout=120";

/// The standard library for wasm. A toolchain that does not come from rustup may bring it as well.
pub(crate) fn wasm_target(checkout: &Checkout) -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&checkout.root).args(["--print", "target-libdir", "--target", WASM_TARGET]);
    if read(&mut rustc).is_ok_and(|folder| Path::new(folder.trim()).is_dir()) {
        return Ok(());
    }
    if program("rustup").is_none() {
        return Err(format!("Rust's {WASM_TARGET} target is missing: install it (with rustup: rustup target add …)"));
    }
    let mut rustup = Command::new("rustup");
    quiet("set-up: wasm target", rustup.current_dir(&checkout.root).args(["target", "add", WASM_TARGET]))
}

pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM") {
        let chosen = PathBuf::from(chosen);
        if chosen.is_file() {
            return Ok(chosen);
        }
        return Err(format!("CHROMIUM names {}, which is no file: correct or unset it", chosen.display()));
    }
    debian("chromium", || BROWSERS.iter().find_map(|name| program(name)))
}

/// The folder of `initdb` and `pg_ctl`.
pub(crate) fn postgresql() -> Result<PathBuf> {
    debian("postgresql", postgres::binaries)
}

pub(crate) fn wrk() -> Result<PathBuf> {
    debian("wrk", || program("wrk"))
}

/// What `find` finds, after installing the Debian package if that is needed and possible.
fn debian<T>(package: &str, find: impl Fn() -> Option<T>) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let refusal =
        |why: &str| format!("{package} is missing and {why}: install it, on Debian `apt-get install {package}`");
    if program("apt-get").is_none() {
        return Err(refusal("there is no apt-get here"));
    }
    let sudo = !is_root()?;
    if sudo && !succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Err(refusal("I am neither root nor allowed to use sudo without a password"));
    }
    quiet(&format!("set-up: apt-get update, for {package}"), &mut apt_get(sudo, &["update", "-qq"]))
        .map_err(|error| refusal(&error))?;
    let mut install = apt_get(sudo, &["install", "-qq", "-y", "--no-install-recommends", package]);
    quiet(&format!("set-up: apt-get install {package}"), &mut install).map_err(|error| refusal(&error))?;
    find().ok_or_else(|| refusal("still not found after it was installed"))
}

fn apt_get(sudo: bool, arguments: &[&str]) -> Command {
    let mut command = if sudo { Command::new("sudo") } else { Command::new("env") };
    if sudo {
        command.args(["-n", "env"]);
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", APT_WAITS]).args(arguments);
    command
}

pub(crate) fn is_root() -> Result<bool> {
    Ok(read(Command::new("id").arg("-u"))?.trim() == "0")
}

/// Node.js and what the browser journeys need from npm, as locked. Gives the path of `node`.
pub(crate) fn journeys(checkout: &Checkout) -> Result<PathBuf> {
    let missing = |name| format!("{name} is missing: install Node.js 20 or newer with npm, for the browser journeys");
    let node = program("node").ok_or_else(|| missing("node"))?;
    let npm = program("npm").ok_or_else(|| missing("npm"))?;
    let folder = checkout.root.join("tests/browser");
    // npm writes the hidden lock file last, so that an installation that was cut short counts as missing.
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&folder.join("package-lock.json")) {
        let mut ci = Command::new(npm);
        ci.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        quiet("set-up: npm ci", &mut ci)?;
    }
    Ok(node)
}

/// Python with what our numbers are compared with, as pinned, in a folder of its own. Gives the path of its `python`.
pub(crate) fn outside(checkout: &Checkout) -> Result<PathBuf> {
    let python = debian("python3", || program("python3"))?;
    let (wanted, folder) = (checkout.root.join("tests/outside/requirements.txt"), checkout.target.join("outside"));
    let (inside, done) = (folder.join("bin/python"), folder.join("installed.txt"));
    let pins = read_file(&wanted)?;
    if inside.is_file() && fs::read(&done).is_ok_and(|installed| installed == pins) {
        return Ok(inside);
    }
    let make = || {
        let mut venv = Command::new(&python);
        venv.args(["-m", "venv", "--clear"]).arg(&folder);
        quiet("set-up: python -m venv", &mut venv)
    };
    // Debian cuts the module out of its Python.
    if make().is_err() {
        debian("python3-venv", || make().ok())?;
    }
    let mut pip = Command::new(&inside);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&wanted);
    quiet("set-up: pip install", &mut pip)?;
    fs::write(&done, pins).map_err(on("write", &done))?;
    Ok(inside)
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}
