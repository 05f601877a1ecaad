//! The key ring: secrets that are not in the database. Two may be active, so that a new one can take over while what the old
//! one made is still understood.

use crate::Fault;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::{
    fmt::Write as _,
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

/// Keys that may be active at once: the new one, and the one it replaces.
const ACTIVE_MAX: usize = 2;
const KEY_BYTES: usize = 32;

/// Active keys, the newest first.
pub struct KeyRing {
    keys: Vec<(String, [u8; KEY_BYTES])>,
}

impl KeyRing {
    /// From a setting, or from the file beside a SQLite database, which is made at the first start, readable by its owner
    /// alone.
    pub fn open(setting: Option<&str>, database: &str) -> Result<Self, Fault> {
        match (setting, store::sqlite_file(database)) {
            (Some(setting), _) => Self::parse(setting.split(','), "--keys"),
            (None, Some(path)) => Self::of_file(&beside(path)),
            (None, None) if !database.starts_with("postgres") => {
                let scheme = database.split(':').next().unwrap_or_default();
                Err(store::OpenError::NotADatabase(scheme.to_owned()).into())
            }
            (None, None) => {
                Err(Fault::Said("with PostgreSQL give --keys (HOCSO_KEYS), the same to every process".into()))
            }
        }
    }

    fn of_file(path: &Path) -> Result<Self, Fault> {
        let said =
            |error: std::io::Error| Fault::Said(format!("the key file {} cannot be used: {error}", path.display()));
        if path.exists() {
            let text = std::fs::read_to_string(path).map_err(said)?;
            return Self::parse(text.lines(), &path.display().to_string());
        }
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|error| Fault::Said(format!("the system gives no randomness: {error}")))?;
        let line = format!("k1:{}\n", hex(&key));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(said)?;
        file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(said)?;
        Self::parse(std::iter::once(line.trim()), "the new key")
    }

    fn parse<'a>(lines: impl Iterator<Item = &'a str>, of: &str) -> Result<Self, Fault> {
        let wrong =
            || Fault::Said(format!("{of}: a key is written `id:` and 64 hex digits, at most {ACTIVE_MAX} of them"));
        let mut keys = Vec::new();
        for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
            let (id, digits) = line.split_once(':').ok_or_else(wrong)?;
            let secret: domain::accounts::Secret = digits.parse().map_err(|_| wrong())?;
            if id.is_empty() {
                return Err(wrong());
            }
            keys.push((id.to_owned(), secret.0));
        }
        if keys.is_empty() || keys.len() > ACTIVE_MAX { Err(wrong()) } else { Ok(Self { keys }) }
    }

    /// For each key, the newest first: its id and two derived keys of 32 bytes, the second for where the first is none of its
    /// kind.
    pub fn derived(&self, purpose: &str) -> impl Iterator<Item = (String, [[u8; KEY_BYTES]; 2])> {
        self.keys.iter().map(move |(id, key)| {
            let derive = |again: u8| {
                let mut derived = [0; KEY_BYTES];
                // 32 bytes are within what HKDF gives.
                let _ = Hkdf::<Sha256>::new(None, key).expand_multi_info(&[purpose.as_bytes(), &[again]], &mut derived);
                derived
            };
            (id.clone(), [derive(0), derive(1)])
        })
    }

    /// A keyed hash that cannot be turned back without the ring: 32 hex digits, made with the newest key.
    pub fn hash(&self, purpose: &str, text: &str) -> String {
        let Some((id, key)) = self.keys.first() else { return String::new() };
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        format!("{id}:{}", hex(&mac.finalize().into_bytes()[..16]))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Where the keys of a database file lie.
pub fn beside(database: &Path) -> PathBuf {
    database.with_added_extension("keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_has_one_or_two_keys() {
        let key = "0a".repeat(32);
        let ring = |text: &str| KeyRing::open(Some(text), "postgres://x");
        let one = ring(&format!("k1:{key}")).unwrap_or_else(|fault| panic!("{fault}"));
        let two = ring(&format!("k1:{key},k0:{}", "0b".repeat(32))).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(one.hash("a", "b"), two.hash("a", "b"), "the newest key makes the hash");
        assert_ne!(one.hash("a", "b"), one.hash("c", "b"));
        for bad in ["", "k1", "k1:00", &format!(":{key}"), &[format!("k:{key}").as_str(); 3].join(",")] {
            assert!(ring(bad).is_err(), "{bad}");
        }
        assert!(KeyRing::open(None, "postgres://x").is_err());
    }
}
