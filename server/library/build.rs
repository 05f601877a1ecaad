//! A release build embeds the content: a new file there must reach it.

fn main() {
    println!("cargo:rerun-if-changed=../../content");
}
