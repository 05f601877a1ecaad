//! For the test that phone and server agree: what follows from a trail, asked of the program that the phone loads.

use super::fields;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn replayed(machine: &str, mode: &str, trail: &str) -> String {
    fields::replayed(machine, mode, trail)
}

#[wasm_bindgen]
pub fn drilled(book: &str, seed: u32, answers: &str) -> String {
    fields::drilled(book, seed, answers)
}
