//! What can be set, by flag or by `HOCSO_…`.

use clap::{Args, Parser, Subcommand};
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
    /// Count everything anew from the log of events and store it; with --check only compare.
    ///
    /// --check ends with status 1 when a stored figure is not what the log says, and names the first ones.
    Recount {
        #[command(flatten)]
        database: DatabaseSetting,
        /// Compare only; change nothing.
        #[arg(long)]
        check: bool,
    },
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
