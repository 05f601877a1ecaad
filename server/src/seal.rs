//! Sealing: what a family phone keeps for sending can be read by nobody but this server.
//!
//! ECIES with what every browser's WebCrypto has, after SEC 1 v2 §5.1 and RFC 5869:
//!
//! ```text
//! sealed  = <key id> "." base64url( E ‖ iv ‖ AES-256-GCM(key, iv, event, associated data) )
//! E       = the phone's one-time P-256 point, uncompressed, 65 bytes; iv: 12 bytes
//! key     = HKDF-SHA256(ikm = x of ECDH(E, S), no salt, info = "hocso seal 1" ‖ E ‖ S)
//! S       = the server's point of that key id; associated data = <learner id> "." <event id>
//! ```
//!
//! The associated data binds an event to its learner and its id: it cannot be sent as somebody else's, nor as another event.
//! S follows from the key ring, so it lasts as long as a key of the ring does, and two may be active.

use crate::keys::KeyRing;
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{
    accounts::LearnerId,
    sync::{Event, Refusal, SealedEvent, Unsealed},
};
use hkdf::Hkdf;
use p256::{
    PublicKey, SecretKey,
    ecdh::diffie_hellman,
    elliptic_curve::sec1::{FromEncodedPoint, ToEncodedPoint},
};
use sha2::Sha256;

const LABEL: &[u8] = b"hocso seal 1";
const POINT_BYTES: usize = 65;
const IV_BYTES: usize = 12;

/// The server's keys for sealed events, the newest first.
pub struct Seal {
    keys: Vec<(String, SecretKey)>,
}

impl Seal {
    pub fn of(ring: &KeyRing) -> Self {
        Self { keys: ring.derived("seal").filter_map(|(id, bytes)| Some((id, scalar(bytes)?))).collect() }
    }

    /// What a phone seals with: `<key id>.<base64url of the point>`.
    pub fn public(&self) -> String {
        let newest = self.keys.first();
        newest.map_or_else(String::new, |(id, key)| format!("{id}.{}", BASE64.encode(point(&key.public_key()))))
    }

    /// The event inside.
    pub fn open(&self, learner: LearnerId, sealed: &SealedEvent) -> Result<Event, Refusal> {
        let (id, rest) = sealed.sealed.split_once('.').ok_or(Refusal::SealBroken)?;
        let (_, key) = self.keys.iter().find(|(known, _)| known == id).ok_or(Refusal::SealRetired)?;
        let bytes = BASE64.decode(rest).map_err(|_| Refusal::SealBroken)?;
        let plain = decrypt(key, &bytes, &bound_to(learner, sealed)).ok_or(Refusal::SealBroken)?;
        let Unsealed { at, no, what } = serde_json::from_slice(&plain).map_err(|_| Refusal::Malformed)?;
        Ok(Event { id: sealed.id, at, no, what, seen: None })
    }
}

fn bound_to(learner: LearnerId, sealed: &SealedEvent) -> String {
    format!("{learner}.{}", sealed.id)
}

/// A scalar from derived bytes; all but one in 2³² bytes are one, and those few are hashed on by the ring's next label.
fn scalar(bytes: [[u8; 32]; 2]) -> Option<SecretKey> {
    bytes.iter().find_map(|bytes| SecretKey::from_slice(bytes).ok())
}

fn point(key: &PublicKey) -> Vec<u8> {
    key.to_encoded_point(false).as_bytes().to_vec()
}

fn decrypt(key: &SecretKey, bytes: &[u8], bound_to: &str) -> Option<Vec<u8>> {
    let (ephemeral, rest) = bytes.split_at_checked(POINT_BYTES)?;
    let (iv, cipher) = rest.split_at_checked(IV_BYTES)?;
    let theirs = p256::EncodedPoint::from_bytes(ephemeral).ok()?;
    let theirs = Option::<PublicKey>::from(PublicKey::from_encoded_point(&theirs))?;
    let shared = diffie_hellman(key.to_nonzero_scalar(), theirs.as_affine());
    let mut opened = [0; 32];
    let info = [LABEL, ephemeral, &point(&key.public_key())].concat();
    Hkdf::<Sha256>::new(None, shared.raw_secret_bytes()).expand(&info, &mut opened).ok()?;
    let cipher = Payload { msg: cipher, aad: bound_to.as_bytes() };
    Aes256Gcm::new(&opened.into()).decrypt(iv.into(), cipher).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::sync::What;

    fn ring(text: &str) -> Seal {
        Seal::of(&KeyRing::open(Some(text), "postgres://x").unwrap_or_else(|fault| panic!("{fault}")))
    }

    const OLD: &str = "k1:0101010101010101010101010101010101010101010101010101010101010101";
    const NEW: &str = "k2:0202020202020202020202020202020202020202020202020202020202020202";

    /// What a phone does, with a one-time key that is always the same.
    fn sealed(to: &str, learner: LearnerId, id: &str, event: &str) -> SealedEvent {
        let (key_id, server) = to.split_once('.').unwrap_or_else(|| panic!("{to}"));
        let server = BASE64.decode(server).unwrap_or_default();
        let one_time = SecretKey::from_slice(&[7; 32]).unwrap_or_else(|_| unreachable!());
        let ephemeral = point(&one_time.public_key());
        let theirs = PublicKey::from_sec1_bytes(&server).unwrap_or_else(|_| panic!("{to}"));
        let shared = diffie_hellman(one_time.to_nonzero_scalar(), theirs.as_affine());
        let mut key = [0; 32];
        let info = [LABEL, &ephemeral, &server].concat();
        assert!(Hkdf::<Sha256>::new(None, shared.raw_secret_bytes()).expand(&info, &mut key).is_ok());
        let mut sealed = SealedEvent { id: id.parse().unwrap_or_default(), sealed: String::new() };
        let aad = bound_to(learner, &sealed);
        let payload = Payload { msg: event.as_bytes(), aad: aad.as_bytes() };
        let cipher = Aes256Gcm::new(&key.into()).encrypt((&[9; IV_BYTES]).into(), payload).unwrap_or_default();
        let bytes = [&ephemeral[..], &[9; IV_BYTES], &cipher].concat();
        sealed.sealed = format!("{key_id}.{}", BASE64.encode(&bytes));
        sealed
    }

    #[test]
    fn only_what_was_sealed_for_this_learner_and_event_opens() {
        let [mai, lan] = [1, 2].map(|digit| LearnerId(uuid::Uuid::from_u128(digit)));
        let id = "00000000-0000-4000-8000-000000000001";
        let text = r#"{"at":5,"no":2,"what":{"lesson_started":{"lesson":"thanh-toan/giu-tai-khoan","version":"0123456789ab"}}}"#;
        let old = ring(OLD);
        let good = sealed(&old.public(), mai, id, text);
        let event = old.open(mai, &good).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        assert_eq!((event.id, event.at, event.no), (good.id, 5, 2));
        assert!(matches!(event.what, What::LessonStarted { .. }));

        // A new key beside the old one, and after it.
        assert!(ring(&format!("{NEW},{OLD}")).open(mai, &good).is_ok());
        assert_eq!(ring(NEW).open(mai, &good), Err(Refusal::SealRetired));
        assert!(ring(&format!("{NEW},{OLD}")).public().starts_with("k2."));

        assert_eq!(old.open(lan, &good), Err(Refusal::SealBroken), "somebody else's");
        let other = SealedEvent { id: uuid::Uuid::from_u128(9), ..good.clone() };
        assert_eq!(old.open(mai, &other), Err(Refusal::SealBroken), "another event");
        let read = good.sealed.split_once('.').and_then(|(_, rest)| BASE64.decode(rest).ok()).unwrap_or_default();
        for at in [0, 1, POINT_BYTES, POINT_BYTES + IV_BYTES, read.len() - 1] {
            let mut bytes = read.clone();
            bytes[at] ^= 1;
            let changed = SealedEvent { sealed: format!("k1.{}", BASE64.encode(&bytes)), ..good.clone() };
            assert_eq!(old.open(mai, &changed), Err(Refusal::SealBroken), "byte {at} changed");
        }
        for short in ["", "k1", "k1.", "k1.AAAA", "k1.äöü", &good.sealed[..60]] {
            let short = SealedEvent { sealed: short.to_owned(), ..good.clone() };
            assert_eq!(old.open(mai, &short), Err(Refusal::SealBroken), "{short:?}");
        }
        assert_eq!(old.open(mai, &sealed(&old.public(), mai, id, r#"{"score":9}"#)), Err(Refusal::Malformed));
    }
}
