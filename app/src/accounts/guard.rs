//! What pages of those who work here need of the house and must not know how it is done: passwords, codes, secrets under the key
//! ring. The server gives it (`server/src/guard.rs`).

use domain::{accounts::staff::PasswordFault, time::Millis};
use std::{future::Future, pin::Pin};

/// Work off the threads that answer requests.
pub type Later<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The system gave no randomness, or no thread: nothing was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unable;

pub trait Guard: Send + Sync {
    /// The hash of a password, with its salt and costs.
    fn hash_password(&self, password: String) -> Later<Result<String, Unable>>;
    /// Whether a password is the one of this hash. Without a hash it takes as long and is not.
    fn is_password(&self, hash: Option<String>, password: String) -> Later<bool>;
    /// Whether a password is one that can be guessed by somebody who knows these words.
    fn check_password(&self, password: &str, words: &[&str]) -> Result<(), PasswordFault>;
    /// A new secret of a code app, in base 32 (RFC 4648), as people may type it.
    fn new_totp(&self) -> Result<String, Unable>;
    /// What the QR code for a code app says; `None` for what is no secret.
    fn totp_address(&self, secret: &str, login: &str) -> Option<String>;
    /// The step of a code that is right now, one step early or late included (RFC 6238, §5.2).
    fn totp_step(&self, secret: &str, code: &str, now: Millis) -> Option<i64>;
    /// Random bytes.
    fn random(&self, bytes: &mut [u8]) -> Result<(), Unable>;
    /// A text that only this house can read, bound to what it is for.
    fn seal(&self, label: &str, text: &str) -> Result<String, Unable>;
    /// What was sealed for the same; `None` when it was changed, or its key is gone.
    fn open(&self, label: &str, sealed: &str) -> Option<String>;
}
