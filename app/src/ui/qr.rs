//! QR codes as shapes.

use fast_qr::{ECL, QRBuilder};
use leptos::prelude::*;

/// Light modules around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// The dark modules of a code for this text as one SVG path, and the side of the square they stand in, the quiet zone included.
/// `None` for a text that no code can hold.
pub fn qr_path(text: &str) -> Option<(usize, String)> {
    let qr = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for row in 0..qr.size {
        for column in 0..qr.size {
            if qr[row][column].value() {
                path.push_str(&format!("M{} {}h1v1h-1z", column + QUIET, row + QUIET));
            }
        }
    }
    Some((qr.size + 2 * QUIET, path))
}

/// A code for this text, large enough to be scanned off a screen; nothing for a text that no code can hold.
#[component]
pub fn QrCode(
    text: String,
    /// What it is, for those who do not see it.
    label: String,
) -> impl IntoView {
    qr_path(&text).map(|(side, path)| {
        view! {
            <svg class="qr big-qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label>
                <path fill="#fff" d=format!("M0 0h{side}v{side}H0z")></path>
                <path fill="#1D2233" d=path></path>
            </svg>
        }
    })
}
