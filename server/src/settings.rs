//! What can be set, by flag or by `HOCSO_…`.

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use domain::{
    accounts::staff::Role,
    places::{UnitCode, changes::NewUnit},
    time::Month,
};
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

/// Most learners `demo` makes: more than the province has people.
pub const DEMO_RESIDENTS_MAX: u32 = 1_500_000;

/// Học Số: the people of Sơn La learn to live digitally.
///
/// `hocso serve` is all a province needs to begin: it keeps everything in one SQLite file and carries its whole content.
#[derive(Parser, Debug)]
#[command(name = "hocso", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the platform until SIGTERM or Ctrl-C.
    ///
    /// Makes the database if it is not there, brings it up to date, and refuses to start when the content has a fault (it
    /// lists all of them). TLS is the proxy's work: put one in front and name it with --trusted-proxy.
    Serve(Serve),
    /// Look after the lessons.
    Content {
        #[command(subcommand)]
        command: ContentCommand,
    },
    /// Fill an empty database with clearly fictitious learners and a year of events.
    ///
    /// They are spread over the communes by population, with ages, sexes and ethnic groups in the published proportions.
    /// Every page then says that the figures are samples. Refuses a database that holds anybody.
    Demo(Demo),
    /// Make the public figures of a month: protected, attacked, frozen and numbered.
    ///
    /// The server does so by itself when a month is over. A month that has a release already gets a new one that corrects it,
    /// unless both say the same. Refuses a month that is not over, and figures that cannot be protected. With --audit alone it
    /// attacks everything that was ever published and looks whether it is still as it was frozen.
    Release(ReleaseSettings),
    /// Take in changes of communes and wards.
    Places {
        #[command(subcommand)]
        command: PlacesCommand,
    },
    /// Let people in who work here: trainers, officials, editors, administrators.
    ///
    /// The first administrator is made here; they let others in with their browser. With SQLite stop the server meanwhile.
    Staff {
        #[command(subcommand)]
        command: StaffCommand,
    },
    /// Look after the log of who did what.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Copy the database to a new file while the server goes on, and look whether the copy is whole (SQLite).
    ///
    /// It holds everything about everybody and is readable by its owner alone. The keys beside the database are not in it. With
    /// PostgreSQL use pg_dump.
    Backup {
        /// The file to make; one that is there is never written over
        file: PathBuf,
        #[command(flatten)]
        database: DatabaseSetting,
    },
    /// Put a copy back in the place of the database; stop the server before (SQLite).
    ///
    /// Whoever was erased since the copy was made is erased again, as the database that was there says. That one is kept beside.
    /// Everybody who works here signs in anew. With PostgreSQL use pg_restore.
    Restore {
        /// A file that `hocso backup` made
        file: PathBuf,
        #[command(flatten)]
        database: DatabaseSetting,
    },
    /// Count everything anew from the log of events and store it; with --check only compare.
    ///
    /// --check ends with status 1 when a stored figure is not what the log says, and names the first ones.
    Recount {
        #[command(flatten)]
        database: DatabaseSetting,
        /// Compare only; change nothing.
        #[arg(long)]
        check: bool,
        /// One month, as 2026-11: counted anew from what each learner has reached, which is quicker than from the log
        #[arg(long, value_parser = month)]
        month: Option<Month>,
    },
}

#[derive(Args, Clone, Debug)]
pub struct ReleaseSettings {
    /// The month, as 2026-11; without it the last one that is over
    #[arg(long, value_parser = month)]
    pub month: Option<Month>,
    /// Make and attack it, store nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Say what the attacker reached
    #[arg(long)]
    pub audit: bool,
    #[command(flatten)]
    pub database: DatabaseSetting,
    /// A content folder instead of the content that this program carries
    #[arg(long, env = "HOCSO_CONTENT")]
    pub content: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
pub enum PlacesCommand {
    /// Take in a change that is in force: people are counted where they live by the new boundaries, and what was published
    /// stays as it is.
    Change {
        #[command(subcommand)]
        command: ChangeCommand,
    },
    /// List the changes that were taken in
    Changes {
        #[command(flatten)]
        database: DatabaseSetting,
    },
}

#[derive(Subcommand, Debug)]
pub enum ChangeCommand {
    /// Several units became one; its adults are theirs together
    Merger {
        /// Codes of those that ended, separated by commas
        #[arg(long, value_delimiter = ',', value_parser = unit)]
        from: Vec<UnitCode>,
        /// Code of the new one; it may be one of the old
        #[arg(long, value_parser = unit)]
        into: UnitCode,
        /// With its kind: "Xã …" or "Phường …"
        #[arg(long)]
        name: String,
        #[command(flatten)]
        of: ChangeOf,
    },
    /// Parts were taken out of a unit, which keeps its code; the adults of the parts are subtracted from its own
    Split {
        #[arg(long, value_parser = unit)]
        from: UnitCode,
        /// CODE:NAME:ADULTS, once for each part
        #[arg(long, value_parser = part, required = true)]
        part: Vec<NewUnit>,
        #[command(flatten)]
        of: ChangeOf,
    },
    /// A unit has another name
    Rename {
        #[arg(long, value_parser = unit)]
        unit: UnitCode,
        #[arg(long)]
        name: String,
        #[command(flatten)]
        of: ChangeOf,
    },
    /// A unit has a new figure of adults (15 and over)
    Adults {
        #[arg(long, value_parser = unit)]
        unit: UnitCode,
        #[arg(long)]
        adults: u32,
        #[command(flatten)]
        of: ChangeOf,
    },
}

/// What every change has.
#[derive(Args, Clone, Debug)]
pub struct ChangeOf {
    /// The day since which it is so, as 2026-11-30
    #[arg(long)]
    pub on: NaiveDate,
    /// The document it stands in
    #[arg(long)]
    pub document: String,
    #[command(flatten)]
    pub database: DatabaseSetting,
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "a month is written 2026-11".to_owned())
}

fn unit(text: &str) -> Result<UnitCode, String> {
    text.parse().map_err(|not: domain::places::NotACode| not.to_string())
}

fn part(text: &str) -> Result<NewUnit, String> {
    let wrong = || "a part is written CODE:NAME:ADULTS".to_owned();
    let [code, name, adults] = text.split(':').collect::<Vec<_>>()[..] else { return Err(wrong()) };
    Ok(NewUnit { code: unit(code)?, name: name.to_owned(), adults: adults.parse().map_err(|_| wrong())? })
}

#[derive(Subcommand, Debug)]
pub enum StaffCommand {
    /// Make an account, and print a link that sets its password once
    Add {
        /// trainer, official, editor or administrator
        #[arg(long, value_parser = role)]
        role: Role,
        /// Codes of the communes and wards they work in, separated by commas; without it the whole province
        #[arg(long, value_delimiter = ',', value_parser = unit)]
        unit: Vec<UnitCode>,
        /// Full name; the name they sign in with is made from it
        #[arg(long)]
        name: String,
        /// How people reach the server
        #[arg(long, env = "HOCSO_PUBLIC_URL", default_value = "http://localhost:3000", value_parser = public_url)]
        public_url: String,
        #[command(flatten)]
        database: DatabaseSetting,
    },
    /// Print a new link for somebody who lost theirs, or their password
    Link {
        /// The name they sign in with
        login: String,
        /// How people reach the server
        #[arg(long, env = "HOCSO_PUBLIC_URL", default_value = "http://localhost:3000", value_parser = public_url)]
        public_url: String,
        #[command(flatten)]
        database: DatabaseSetting,
    },
    /// List everybody who works here
    List {
        #[command(flatten)]
        database: DatabaseSetting,
    },
}

#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// Look whether every entry is as it was written and none is missing; ends with status 1 when not
    Check {
        #[command(flatten)]
        database: DatabaseSetting,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "a role is trainer, official, editor or administrator".to_owned())
}

#[derive(Subcommand, Debug)]
pub enum ContentCommand {
    /// Check a content folder, or the content of this program; list all faults as `file:line: what is wrong`.
    Check {
        /// The folder; without it the content that this program carries.
        folder: Option<PathBuf>,
    },
    /// Show a content folder at the size of a phone, drawn anew whenever a file is saved.
    ///
    /// Prints the address to open in a browser on this machine. What is wrong is listed beside the phone.
    Preview(Preview),
}

#[derive(Args, Clone, Debug)]
pub struct Preview {
    /// The folder, which must hold all content: a copy of `content/`
    pub folder: PathBuf,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:4000")]
    pub listen: SocketAddr,
}

#[derive(Args, Clone, Debug)]
pub struct DatabaseSetting {
    /// `sqlite:FILE`, or `postgres://user:password@host/name` (several processes need it)
    #[arg(long, env = "HOCSO_DATABASE", default_value = "sqlite:hocso.sqlite", hide_env_values = true)]
    pub database: String,
}

#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one and says which
    #[arg(long, env = "HOCSO_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// How people reach this server: for links, QR codes and the check of origin
    #[arg(long, env = "HOCSO_PUBLIC_URL", default_value = "http://localhost:3000", value_parser = public_url)]
    pub public_url: String,
    /// Address of the proxy in front, whose X-Forwarded-For is believed; may be given several times
    #[arg(long, env = "HOCSO_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,
    #[command(flatten)]
    pub database: DatabaseSetting,
    /// A content folder to serve instead of the content that this program carries
    #[arg(long, env = "HOCSO_CONTENT")]
    pub content: Option<PathBuf>,
    /// Secret keys, `id:64 hex digits`, the newest first, at most two, separated by commas; required with PostgreSQL. With
    /// SQLite they are made at the first start in FILE.keys
    #[arg(long, env = "HOCSO_KEYS", hide_env_values = true)]
    pub keys: Option<String>,
    /// A TopoJSON file with the boundaries of the units, to be drawn on the statistics pages instead of tiles
    #[arg(long, env = "HOCSO_MAP")]
    pub map: Option<PathBuf>,
    /// Take the service worker back: phones stop keeping pages for when there is no network, and remove those they kept
    #[arg(long, env = "HOCSO_NO_WORKER")]
    pub no_worker: bool,
}

#[derive(Args, Clone, Debug)]
pub struct Demo {
    /// How many learners
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(DEMO_RESIDENTS_MAX)))]
    pub residents: u32,
    /// The same seed gives the same people
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub database: DatabaseSetting,
}

/// `http://` or `https://` with a host and nothing after it.
fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@']) => Ok(url.to_owned()),
        _ => Err("it must be http://HOST or https://HOST, without a path".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin() {
        assert_eq!(public_url("https://hocso.sonla.gov.vn/"), Ok("https://hocso.sonla.gov.vn".to_owned()));
        assert_eq!(public_url("http://localhost:3000"), Ok("http://localhost:3000".to_owned()));
        for bad in ["", "hocso.vn", "ftp://hocso.vn", "https://", "https://a/b", "https://u@h", "https://a b"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }
}
