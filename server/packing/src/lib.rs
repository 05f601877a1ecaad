//! Brotli and gzip, for pages, files and the weights of content.
//!
//! A crate of its own because it is built with optimisation in every profile: without, the best brotli of one page takes most
//! of a second, and a journey through the site opens hundreds of them.

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use std::io::{Read, Write};

/// The smallest that a browser can read: for what is packed once and read by many.
pub const BROTLI_BEST: i32 = 11;
/// For what one person asks for.
pub const BROTLI_QUICK: i32 = 2;

/// Brotli (RFC 7932).
///
/// `quality`: 0 to 11. `window_bits`: 10 to 24; how far back a repetition is seen, 2^`window_bits` bytes, which is also the
/// memory a phone needs for reading it.
pub fn brotli(bytes: &[u8], quality: i32, window_bits: i32) -> Vec<u8> {
    let params = BrotliEncoderParams { quality, lgwin: window_bits, size_hint: bytes.len(), ..Default::default() };
    let mut packed = Vec::with_capacity(bytes.len() / 3);
    // Reading from memory and writing to it does not fail.
    let _ = brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params);
    packed
}

/// gzip (RFC 1952), as small as it gets.
pub fn gzip_best(bytes: &[u8]) -> Vec<u8> {
    gzip(bytes, Compression::best())
}

/// gzip, as servers usually do it.
pub fn gzip_quick(bytes: &[u8]) -> Vec<u8> {
    gzip(bytes, Compression::default())
}

/// What [`gzip_best`] or [`gzip_quick`] made, as it was.
pub fn unzip(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(packed.len() * 5);
    // What we packed ourselves can be read again.
    let _ = GzDecoder::new(packed).read_to_end(&mut bytes);
    bytes
}

fn gzip(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    // As above.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
