//! Passwords (argon2id), code apps (RFC 6238), and secrets in the database sealed under the key ring.

use crate::keys::KeyRing;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce, aead::Aead, aead::Payload};
use app::accounts::guard::{Guard, Later, Unable};
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash::SaltString,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{
    accounts::staff::{PasswordFault, check_length},
    time::{Millis, SECOND_MS},
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Memory and rounds of argon2id by OWASP's Password Storage Cheat Sheet: 19 MiB, two rounds, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
/// Hashes at once: as many as cores, and 38 MiB; who comes later waits some 30 ms.
const AT_ONCE: usize = 2;
const SALT_BYTES: usize = 16;
/// Of zxcvbn (Wheeler, USENIX Security 2016): 3 is "safely unguessable" against many tries at the page.
const SCORE_MIN: u8 = 3;
/// Words that somebody guesses first, here.
const OUR_WORDS: [&str; 12] = [
    "hocso", "hoc so", "sonla", "son la", "matkhau", "mat khau", "vietnam", "tapchi", "canbo", "xinchao", "anhyeuem",
    "mocchau",
];
/// Bytes of a code app's secret: those of SHA-1, as RFC 4226 §4 asks for.
const TOTP_BYTES: usize = 20;
/// Steps before and after that are taken: a phone's clock is a little off (RFC 6238, §5.2).
const TOTP_SKEW: u16 = 1;
/// How the name stands in code apps.
const ISSUER: &str = "Hoc So";
/// Separates sealed fields from what the ring's keys are used for elsewhere.
const PURPOSE: &str = "hocso field 1";
const NONCE_BYTES: usize = 12;

pub struct KeyGuard {
    /// Key id and key, the newest first.
    keys: Vec<(String, [u8; 32])>,
    hashing: Arc<Semaphore>,
}

impl KeyGuard {
    pub fn of(keys: &KeyRing) -> Self {
        let keys = keys.derived(PURPOSE).map(|(id, [key, _])| (id, key)).collect();
        Self { keys, hashing: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    fn totp(secret: &str, login: &str) -> Option<totp_rs::Totp> {
        let secret = totp_rs::Secret::try_from_base32(secret).ok()?;
        let builder = totp_rs::Builder::new().with_secret(secret).with_skew(TOTP_SKEW);
        builder.with_account_name(login.to_owned()).with_issuer(Some(ISSUER.to_owned())).build().ok()
    }
}

fn argon2() -> Result<Argon2<'static>, Unable> {
    let params = Params::new(MEMORY_KIB, ROUNDS, 1, None).map_err(|_| Unable)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, Unable> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|_| Unable)?;
    let salt = SaltString::encode_b64(&salt).map_err(|_| Unable)?;
    let hash = argon2()?.hash_password(password.as_bytes(), &salt).map_err(|_| Unable)?;
    Ok(hash.to_string())
}

fn verify(hash: Option<&str>, password: &str) -> bool {
    let Ok(argon2) = argon2() else { return false };
    let parsed = hash.and_then(|hash| PasswordHash::new(hash).ok());
    match parsed {
        Some(parsed) => argon2.verify_password(password.as_bytes(), &parsed).is_ok(),
        // Nobody must learn from the time it takes who has an account.
        None => {
            let mut out = [0; 32];
            let _ = argon2.hash_password_into(password.as_bytes(), &[0; SALT_BYTES], &mut out);
            false
        }
    }
}

impl Guard for KeyGuard {
    fn hash_password(&self, password: String) -> Later<Result<String, Unable>> {
        let hashing = self.hashing.clone();
        Box::pin(async move {
            let _permit = hashing.acquire_owned().await.map_err(|_| Unable)?;
            tokio::task::spawn_blocking(move || hash(&password)).await.map_err(|_| Unable)?
        })
    }

    fn is_password(&self, hash: Option<String>, password: String) -> Later<bool> {
        let hashing = self.hashing.clone();
        Box::pin(async move {
            let Ok(_permit) = hashing.acquire_owned().await else { return false };
            tokio::task::spawn_blocking(move || verify(hash.as_deref(), &password)).await.unwrap_or(false)
        })
    }

    fn check_password(&self, password: &str, words: &[&str]) -> Result<(), PasswordFault> {
        check_length(password)?;
        let words: Vec<&str> = words.iter().chain(&OUR_WORDS).copied().collect();
        // The list of common words is English: Vietnamese ones are found by what stands in them without marks.
        // Gaps between them make nobody's guessing harder.
        let plain = domain::places::fold(password);
        let guessable = |text: &str| u8::from(zxcvbn::zxcvbn(text, &words).score()) < SCORE_MIN;
        let only_letters = plain.len() >= password.chars().count();
        if guessable(password) || only_letters && guessable(&plain.replace(' ', "")) {
            return Err(PasswordFault::Common);
        }
        Ok(())
    }

    fn new_totp(&self) -> Result<String, Unable> {
        let mut secret = vec![0; TOTP_BYTES];
        getrandom::fill(&mut secret).map_err(|_| Unable)?;
        Ok(totp_rs::Secret::from(secret).to_base32())
    }

    fn totp_address(&self, secret: &str, login: &str) -> Option<String> {
        Self::totp(secret, login)?.to_url().ok()
    }

    fn totp_step(&self, secret: &str, code: &str, now: Millis) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = Self::totp(secret, "x")?.check(&digits, (now / SECOND_MS) as u64)?;
        i64::try_from(step).ok()
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Unable> {
        getrandom::fill(bytes).map_err(|_| Unable)
    }

    fn seal(&self, label: &str, text: &str) -> Result<String, Unable> {
        let (id, key) = self.keys.first().ok_or(Unable)?;
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| Unable)?;
        let payload = Payload { msg: text.as_bytes(), aad: label.as_bytes() };
        let sealed = Aes256Gcm::new(key.into()).encrypt(&Nonce::from(nonce), payload).map_err(|_| Unable)?;
        Ok(format!("{id}.{}", BASE64.encode([&nonce[..], &sealed].concat())))
    }

    fn open(&self, label: &str, sealed: &str) -> Option<String> {
        let (id, data) = sealed.rsplit_once('.')?;
        let (_, key) = self.keys.iter().find(|(of, _)| of == id)?;
        let data = BASE64.decode(data).ok()?;
        let (nonce, sealed) = data.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: label.as_bytes() };
        let opened = Aes256Gcm::new(key.into()).decrypt(&Nonce::from(nonce), payload).ok()?;
        String::from_utf8(opened).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> KeyGuard {
        let ring = format!("k2:{},k1:{}", "0a".repeat(32), "0b".repeat(32));
        KeyGuard::of(&KeyRing::open(Some(&ring), "postgres://x").unwrap_or_else(|fault| panic!("{fault}")))
    }

    #[test]
    fn what_is_sealed_opens_only_for_what_it_is_for() {
        let guard = guard();
        let sealed = guard.seal("totp 1", "bí mật").unwrap_or_else(|_| panic!("sealed"));
        assert!(!sealed.contains("bí"));
        assert_eq!(guard.open("totp 1", &sealed).as_deref(), Some("bí mật"));
        assert_eq!(guard.open("totp 2", &sealed), None);
        assert_eq!(guard.open("totp 1", &sealed.replace("k2.", "k1.")), None);
        assert_eq!(guard.open("totp 1", &sealed[..sealed.len() - 2]), None);
        assert_eq!(guard.open("totp 1", "k2."), None);
    }

    #[test]
    fn a_code_is_that_of_the_rfc() {
        // RFC 6238, appendix B: the secret is "12345678901234567890"; the last six of the eight digits.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let guard = guard();
        let cases = [(59, "287082", 1), (1_111_111_109, "081804", 37_037_036), (20_000_000_000, "353130", 666_666_666)];
        for (seconds, code, step) in cases {
            let at = |seconds: i64| guard.totp_step(secret, code, seconds * SECOND_MS);
            assert_eq!(at(seconds), Some(step), "{code}");
            assert_eq!(at(seconds + 30), Some(step), "a phone that is slow");
            assert_eq!(at(seconds + 120), None);
        }
        assert_eq!(guard.totp_step(secret, "28 70 82", 59_000), Some(1), "typed with gaps");
        assert_eq!(guard.totp_step(secret, "", 59_000), None);
        let address = guard.totp_address(secret, "lo-thi-mai").unwrap_or_default();
        assert!(address.starts_with("otpauth://totp/") && address.contains(secret), "{address}");
        let drawn = guard.new_totp().unwrap_or_default();
        assert!(drawn.len() == 32 && guard.totp_address(&drawn, "x").is_some(), "{drawn}");
    }

    #[test]
    fn passwords_that_are_guessed_first_are_refused() {
        let guard = guard();
        let cases = [
            ("ngắn quá", Err(PasswordFault::Short)),
            ("123456789012", Err(PasswordFault::Common)),
            ("matkhaumatkhau", Err(PasswordFault::Common)),
            ("mật khẩu sơn la", Err(PasswordFault::Common)),
            ("qwertyuiop12", Err(PasswordFault::Common)),
            ("lothimai1985", Err(PasswordFault::Common)),
            ("trâu đen ăn cỏ bờ suối", Ok(())),
            ("k7#mQ2!vTz9p", Ok(())),
        ];
        for (password, expected) in cases {
            assert_eq!(guard.check_password(password, &["lo-thi-mai", "lothimai"]), expected, "{password}");
        }
        assert_eq!(guard.check_password(&"a".repeat(200), &[]), Err(PasswordFault::Long));
    }

    #[tokio::test]
    async fn a_password_is_told_from_every_other() {
        let guard = guard();
        let hash = guard.hash_password("trâu đen ăn cỏ".to_owned()).await.unwrap_or_else(|_| panic!("hashed"));
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(guard.is_password(Some(hash.clone()), "trâu đen ăn cỏ".to_owned()).await);
        assert!(!guard.is_password(Some(hash), "trâu đen ăn co".to_owned()).await);
        assert!(!guard.is_password(None, "trâu đen ăn cỏ".to_owned()).await);
    }
}
