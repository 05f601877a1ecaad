//! The release binary, served on a free port of this machine for as long as the value lives.

use std::{
    env,
    fs::{self, File},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    http::{self, Answer, Encoding, Request},
    wire,
};
use crate::shell::{Result, on, succeeds};

const POLL_EVERY: Duration = Duration::from_millis(2);
const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(5);

/// Written to `/proc/PID/clear_refs` it sets the greatest resident memory back to the present one: proc(5).
const FORGET_PEAK: &str = "5";

pub(super) struct Server {
    process: Child,
    pub(super) port: u16,
    /// From the start of the process to the first good answer of its readiness check.
    pub(super) ready_after: Duration,
}

pub(super) fn database_url(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).with_extension("sqlite").display())
}

/// A command of the program that no setting of the caller reaches.
pub(super) fn clean(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"HOCSO_")) {
        command.env_remove(name);
    }
    command
}

impl Server {
    /// On a database file of this name, made when it is not there.
    pub(super) fn start(binary: &Path, folder: &Path, database: &str) -> Result<Self> {
        Self::start_on(binary, folder, &database_url(folder, database))
    }

    /// On any database.
    pub(super) fn start_on(binary: &Path, folder: &Path, database: &str) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
        let port = port.map_err(|error| format!("no port is free on 127.0.0.1 ({error}): close something"))?.port();
        let log = folder.join("serve.log");
        let stderr = File::create(&log).map_err(on("write", &log))?;
        let mut command = clean(binary);
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
        command.args(["--database", database, "--public-url", &format!("http://localhost:{port}")]);
        // PostgreSQL has no place for keys; beside a file they would lie in one.
        if database.starts_with("postgres") {
            command.args(["--keys", &format!("k1:{}", "0b".repeat(32))]);
        }
        let start = Instant::now();
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr).spawn();
        let process = process.map_err(|error| format!("{} could not be started ({error})", binary.display()))?;
        let mut server = Self { process, port, ready_after: Duration::ZERO };
        let ready = Request { method: "GET", path: wire::READY, headers: &[], body: "" };
        while !http::send(port, &ready).is_ok_and(|answer| answer.status == 200) {
            let ended = server.process.try_wait().ok().flatten();
            if ended.is_some() || start.elapsed() > READY_WITHIN {
                let said = fs::read_to_string(&log).unwrap_or_default();
                let how =
                    ended.map_or_else(|| "is not ready after 30 s".into(), |status| format!("ended with {status}"));
                let last = said.lines().last().unwrap_or("nothing");
                return Err(format!("`hocso serve` {how}: its last words were: {last}"));
            }
            thread::sleep(POLL_EVERY);
        }
        server.ready_after = start.elapsed();
        Ok(server)
    }

    /// The page as a browser that comes for the first time asks for it.
    pub(super) fn get(&self, path: &str, encoding: Encoding) -> Result<Answer> {
        let headers: &[_] = match encoding {
            Encoding::Packed => &[(wire::ACCEPT_ENCODING, "br, gzip")],
            Encoding::Gzip => &[(wire::ACCEPT_ENCODING, "gzip")],
            Encoding::Plain => &[],
        };
        self.send(&Request { method: "GET", path, headers, body: "" })
    }

    /// Without a word of warning, as a power cut does.
    pub(super) fn kill(&self) {
        // What is gone already cannot be killed, and need not be.
        let _ = Command::new("kill").args(["-KILL", &self.process.id().to_string()]).status();
    }

    /// Sends a request and gives whatever is answered.
    pub(super) fn ask(&self, request: &Request) -> Result<Answer> {
        let Request { method, path, .. } = request;
        http::send(self.port, request)
            .map_err(|error| format!("{method} {path} failed ({error}): is the server alive?"))
    }

    /// Sends a request; any other answer than 200 is an error.
    pub(super) fn send(&self, request: &Request) -> Result<Answer> {
        let Request { method, path, .. } = request;
        let answer = self.ask(request)?;
        match answer.status {
            200 => Ok(answer),
            status => {
                let body = String::from_utf8_lossy(&answer.body);
                let begin: String = body.lines().next().unwrap_or_default().chars().take(200).collect();
                Err(format!("{method} {path} answered {status} ({begin}): compare with bench/wire.rs"))
            }
        }
    }

    pub(super) fn memory_kib(&self) -> Result<f64> {
        self.status("VmRSS:")
    }

    /// The greatest resident memory since `forget_peak`.
    pub(super) fn peak_kib(&self) -> Result<f64> {
        self.status("VmHWM:")
    }

    pub(super) fn forget_peak(&self) -> Result<()> {
        let file = format!("/proc/{}/clear_refs", self.process.id());
        fs::write(&file, FORGET_PEAK).map_err(on("write", Path::new(&file)))
    }

    fn status(&self, field: &str) -> Result<f64> {
        let file = format!("/proc/{}/status", self.process.id());
        let status = fs::read_to_string(&file).map_err(on("read", Path::new(&file)))?;
        let value = status.lines().find_map(|line| line.strip_prefix(field)?.split_whitespace().next()?.parse().ok());
        value.ok_or_else(|| format!("{file} has no {field} line: memory can be measured on Linux only"))
    }
}

impl Drop for Server {
    /// Politely, so that the database is closed; an idle server has no reason to take long.
    fn drop(&mut self) {
        let asked = succeeds(Command::new("kill").args(["-TERM", &self.process.id().to_string()]));
        let start = Instant::now();
        while asked && start.elapsed() < STOPPED_WITHIN {
            if self.process.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            thread::sleep(POLL_EVERY);
        }
        // What is gone already cannot be killed, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
