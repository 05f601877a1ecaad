//! QR codes as shapes.

use fast_qr::{ECL, QRBuilder};

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
