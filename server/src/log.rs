//! Structured logs on standard output: JSON lines with a request id and nothing personal. `RUST_LOG` sets how much.

use tracing_subscriber::EnvFilter;

/// Requests and what an operator must know; libraries only when something is wrong.
const DEFAULT: &str = "warn,hocso=info,app=info";

pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_target(false).with_env_filter(filter);
    // A second start, as in tests, keeps the first subscriber.
    let _ = subscriber.try_init();
}
