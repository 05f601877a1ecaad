//! Where things are, and how a step is run and told.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// The error is the one line that `main` prints: `what went wrong: what to do`.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// The checkout and the folder into which cargo builds for it.
pub(crate) struct Checkout {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl Checkout {
    pub(crate) fn find() -> Result<Self> {
        // The variable of this run, not of the build: the same binary may serve a checkout that has moved.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = PathBuf::from(manifest).parent().map(Path::to_path_buf);
        let root = root
            .filter(|root| root.join("Cargo.toml").is_file())
            .ok_or("the checkout was not found: start me as `cargo xtask`")?;
        let mut metadata = cargo_in(&root);
        metadata.args(["metadata", "--format-version", "1", "--no-deps"]);
        let metadata: serde_json::Value = serde_json::from_str(&read(&mut metadata)?)
            .map_err(|error| format!("`cargo metadata` said something else than JSON ({error}): update cargo"))?;
        let target = metadata["target_directory"].as_str();
        let target = target.ok_or("`cargo metadata` names no target directory: update cargo")?.into();
        Ok(Self { root, target })
    }

    pub(crate) fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }

    /// Cargo with the target directory of the wasm side, so that host and wasm builds never wait for each other.
    pub(crate) fn cargo_wasm(&self) -> Command {
        let mut cargo = self.cargo();
        cargo.env("CARGO_TARGET_DIR", self.wasm_target());
        cargo
    }

    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// In the checkout whatever the target directory is: the server embeds it by a path relative to its own crate.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    pub(crate) fn binary(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join("hocso")
    }
}

fn cargo_in(root: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root);
    cargo
}

/// The program as a person would type it, for messages.
fn spoken(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut line = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

fn not_started(command: &Command, error: &io::Error) -> String {
    format!("`{}` could not be started ({error}): is it installed?", spoken(command))
}

/// What a command prints; its complaints are part of the error.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{}` failed: {}", spoken(command), complaint.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a command can be started and succeeds; what it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// One line, `· name … 3.2 s`, around work that prints nothing of its own.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("· {name} …");
    flush();
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "" } else { " failed after" };
    println!("{outcome} {}", seconds(start.elapsed()));
    result.map_err(|error| in_step(name, &error))
}

/// A step that is one command, silent unless it fails.
pub(crate) fn quiet(name: &str, command: &mut Command) -> Result<()> {
    let mut said = Vec::new();
    let result = step(name, || {
        let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
        if output.status.success() {
            return Ok(());
        }
        said = [output.stdout, output.stderr].concat();
        Err(format!("`{}` ended with {}: see above", spoken(command), output.status))
    });
    // Whatever cannot be shown is lost with the terminal that should have shown it.
    let _ = io::stderr().write_all(&said);
    result
}

/// A step that is one command whose output is worth seeing while it runs; each line of its standard output is shown to
/// `listen` too.
pub(crate) fn loud(name: &str, command: &mut Command, mut listen: impl FnMut(&str)) -> Result<()> {
    println!("· {name} …");
    let start = Instant::now();
    let mut run = |command: &mut Command| {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let line = line?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                listen(&line);
            }
        }
        child.wait()
    };
    let status = run(command).map_err(|error| in_step(name, &not_started(command, &error)))?;
    let outcome = if status.success() { "" } else { " failed after" };
    println!("· {name} …{outcome} {}", seconds(start.elapsed()));
    if status.success() {
        return Ok(());
    }
    Err(in_step(name, &format!("`{}` ended with {status}: see above", spoken(command))))
}

fn in_step(name: &str, error: &str) -> String {
    format!("step “{name}” failed: {error}")
}

pub(crate) fn flush() {
    // A closed standard output is not our error.
    let _ = io::stdout().flush();
}

pub(crate) fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 10.0 { format!("{seconds:.1} s") } else { format!("{seconds:.0} s") }
}

/// 1234567 as `1 234 567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// The program on the PATH, or where Debian keeps those that only root has there.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A function for `map_err` that names the file and what was to be done with it.
pub(crate) fn on<'a>(verb: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> String + 'a {
    move |error| format!("cannot {verb} {} ({error}): check the path, its owner and the space left", path.display())
}

pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(on("read", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(14_000), "14 000");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }

    #[test]
    fn a_failing_command_is_one_error_with_its_name() {
        let error = read(Command::new("sh").args(["-c", "echo no such thing >&2; exit 3"])).unwrap_err();
        assert_eq!(error, "`sh -c echo no such thing >&2; exit 3` failed: no such thing");
        assert!(read(&mut Command::new("no-such-program")).unwrap_err().contains("is it installed?"));
    }
}
