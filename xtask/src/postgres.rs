//! A PostgreSQL of our own for the length of a test run: a temporary folder, a free port, no durability.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::{
    setup,
    shell::{Result, program, succeeds},
};

/// The user whom Debian's package makes; `initdb` refuses root.
const SYSTEM_USER: &str = "postgres";

/// Between asking for a free port and using it somebody else may take it.
const ATTEMPTS: u32 = 3;

/// Starts the server, says `ready` and stops it when its standard input ends. That is when xtask drops its end or dies,
/// in whatever way: no signal has to be caught, and nothing stays behind. Arguments: folder of the programs, port.
const KEEPER: &str = r#"
trap '' PIPE
dir=$(mktemp -d "${TMPDIR:-/tmp}/hocso-postgres.XXXXXX" 2>/dev/null || mktemp -d /tmp/hocso-postgres.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
{
  "$1/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$dir/log" 2>&1 &&
  "$1/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 -o "-h 127.0.0.1 -p $2 -k '$dir' -N 200 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >>"$dir/log" 2>&1 </dev/null
} || { cat "$dir/log" "$dir/server.log" 2>/dev/null; exit 1; }
echo ready
cat >/dev/null
"$1/pg_ctl" -D "$dir/data" -m immediate -w -t 10 stop >/dev/null 2>&1
"#;

/// The folder of the newest `initdb` and `pg_ctl`.
pub(crate) fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = versions.map(|version| version.path().join("bin")).filter(|bin| has_programs(bin));
    newest(folders).or_else(|| program("initdb")?.parent().map(Path::to_path_buf).filter(|bin| has_programs(bin)))
}

fn has_programs(bin: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| bin.join(name).is_file())
}

/// Of `…/9.6/bin`, `…/15/bin` and `…/17/bin` the last.
fn newest(folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    folders.max_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>()
    })
}

pub(crate) struct Postgres {
    keeper: Child,
    port: u16,
}

impl Postgres {
    pub(crate) fn start(binaries: &Path) -> Result<Self> {
        let mut complaint = String::new();
        for _ in 0..ATTEMPTS {
            let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
            let port =
                listener.map_err(|error| format!("no port is free on 127.0.0.1 ({error}): close something"))?.port();
            match Self::start_on(binaries, port)? {
                Ok(server) => return Ok(server),
                Err(output) => complaint = output,
            }
        }
        Err(format!("PostgreSQL did not start, see its own words: try it by hand\n{}", complaint.trim()))
    }

    /// The inner error is what the server said.
    fn start_on(binaries: &Path, port: u16) -> Result<std::result::Result<Self, String>> {
        let mut command = as_system_user()?;
        command.args(["sh", "-c", KEEPER, "keeper"]).arg(binaries).arg(port.to_string());
        // Out of the reach of Ctrl-C, and where any user may stand.
        command.process_group(0).current_dir("/");
        let failed = |error: io::Error| format!("PostgreSQL's keeper could not be started ({error}): is there a `sh`?");
        let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        let Some(stdout) = keeper.stdout.take() else {
            return Err("PostgreSQL's keeper has no output: try again".into());
        };
        let mut stdout = BufReader::new(stdout);
        let mut said = String::new();
        stdout.read_line(&mut said).map_err(failed)?;
        if said == "ready\n" {
            return Ok(Ok(Self { keeper, port }));
        }
        stdout.read_to_string(&mut said).map_err(failed)?;
        keeper.wait().map_err(failed)?;
        Ok(Err(said))
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing can be done about a keeper that is gone already.
        let _ = self.keeper.wait();
    }
}

/// The beginning of a command that runs the rest of it as somebody whom `initdb` accepts.
fn as_system_user() -> Result<Command> {
    if !setup::is_root()? {
        return Ok(Command::new("env"));
    }
    if !succeeds(Command::new("id").arg(SYSTEM_USER)) {
        return Err(format!(
            "PostgreSQL refuses root and there is no user `{SYSTEM_USER}`: make one (useradd {SYSTEM_USER})"
        ));
    }
    if let Some(setpriv) = program("setpriv") {
        let mut command = Command::new(setpriv);
        let [user, group] = ["reuid", "regid"].map(|id| format!("--{id}={SYSTEM_USER}"));
        command.args([user.as_str(), group.as_str(), "--init-groups", "env"]);
        return Ok(command);
    }
    let runuser = program("runuser").ok_or("PostgreSQL refuses root and there is no `setpriv`: install util-linux")?;
    let mut command = Command::new(runuser);
    command.args(["-u", SYSTEM_USER, "--", "env"]);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_the_greatest_number() {
        let folders =
            ["9.6", "15", "17", "junk"].map(|version| Path::new("/usr/lib/postgresql").join(version).join("bin"));
        assert_eq!(newest(folders.into_iter()), Some("/usr/lib/postgresql/17/bin".into()));
        assert_eq!(newest(std::iter::empty()), None);
    }

    #[test]
    fn a_server_that_cannot_start_is_an_error() {
        if setup::is_root().unwrap() && !succeeds(Command::new("id").arg(SYSTEM_USER)) {
            return;
        }
        let error = Postgres::start(Path::new("/nowhere")).err().unwrap();
        assert!(error.starts_with("PostgreSQL did not start"), "{error}");
    }
}
