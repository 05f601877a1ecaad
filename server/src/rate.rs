//! How often something may be changed: a flood is stopped at the door, before it costs a transaction.
//!
//! Counted in this process alone, because it protects this process; what must hold over all processes, such as the making of
//! learners, is counted in the database (`store::throttle`).

use domain::accounts::LearnerId;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;

/// Batches or forms a second from one learner, and how many at once: a phone that was off for months sends its outbox.
const LEARNER_PER_SECOND: u32 = 20;
const LEARNER_AT_ONCE: u32 = 200;
/// The same from one address. A mobile network puts a whole valley behind one address, so this is only for floods.
const ADDRESS_PER_SECOND: u32 = 1_000;
const ADDRESS_AT_ONCE: u32 = 5_000;

pub struct Rates {
    learners: DefaultKeyedRateLimiter<LearnerId>,
    addresses: DefaultKeyedRateLimiter<String>,
}

impl Default for Rates {
    fn default() -> Self {
        let quota = |per_second: u32, at_once: u32| {
            let number = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
            Quota::per_second(number(per_second)).allow_burst(number(at_once))
        };
        Self {
            learners: RateLimiter::keyed(quota(LEARNER_PER_SECOND, LEARNER_AT_ONCE)),
            addresses: RateLimiter::keyed(quota(ADDRESS_PER_SECOND, ADDRESS_AT_ONCE)),
        }
    }
}

impl Rates {
    /// Counts one more and says whether it is within the limits.
    pub fn allow(&self, learner: Option<LearnerId>, address: &str) -> bool {
        self.addresses.check_key(&address.to_owned()).is_ok()
            && learner.is_none_or(|learner| self.learners.check_key(&learner).is_ok())
    }

    /// Forgets those who have been quiet; without it every visitor would be remembered.
    pub fn forget_the_quiet(&self) {
        self.learners.retain_recent();
        self.addresses.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_stopped_and_others_go_on() {
        let rates = Rates::default();
        let learner = |digit: u128| Some(LearnerId(uuid::Uuid::from_u128(digit)));
        let allowed = (0..LEARNER_AT_ONCE * 2).filter(|_| rates.allow(learner(1), "a")).count() as u32;
        assert!((LEARNER_AT_ONCE..LEARNER_AT_ONCE * 2).contains(&allowed), "{allowed}");
        assert!(rates.allow(learner(2), "a"));
        let allowed = (0..ADDRESS_AT_ONCE * 2).filter(|_| rates.allow(None, "b")).count() as u32;
        assert!((ADDRESS_AT_ONCE..ADDRESS_AT_ONCE * 2).contains(&allowed), "{allowed}");
        assert!(rates.allow(None, "c"));
    }
}
