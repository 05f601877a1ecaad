//! `cargo xtask run` and `cargo xtask build`.

use std::{fs, os::unix::process::CommandExt, process::Command};

use crate::{
    gate, setup,
    shell::{Checkout, Result, grouped, loud, on},
    site,
};

/// Kept between runs, in a folder that git ignores.
const DEV_DATABASE: &str = "sqlite:target/dev.sqlite";

/// Builds what is missing and becomes `hocso serve`: one process, so that Ctrl-C reaches the server and nothing else.
pub(crate) fn run(checkout: &Checkout, arguments: &[String]) -> Result<()> {
    setup::wasm_target(checkout)?;
    site::build(checkout)?;
    gate::server(checkout)?;
    let mut server = Command::new(checkout.binary("debug"));
    server.current_dir(&checkout.root).arg("serve");
    let chooses_database = |word: &String| word == "--database" || word.starts_with("--database=");
    if !arguments.iter().any(chooses_database) {
        server.args(["--database", DEV_DATABASE]);
    }
    let error = server.args(arguments).exec();
    Err(format!("the server could not be started: {error}"))
}

/// Builds `target/release/hocso` in the checkout, wherever cargo's own target directory is.
pub(crate) fn build(checkout: &Checkout) -> Result<()> {
    setup::wasm_target(checkout)?;
    site::build(checkout)?;
    loud("server (release)", checkout.cargo().args(["build", "--release", "-p", "hocso"]), |_| ())?;
    let built = checkout.binary("release");
    let binary = checkout.root.join("target/release/hocso");
    if built != binary {
        let folder = checkout.root.join("target/release");
        fs::create_dir_all(&folder).map_err(on("make", &folder))?;
        // A running server keeps the old file: writing into a running program is refused.
        if binary.exists() {
            fs::remove_file(&binary).map_err(on("replace", &binary))?;
        }
        fs::copy(&built, &binary).map_err(on("write", &binary))?;
    }
    let size = fs::metadata(&binary).map_err(on("read", &binary))?.len();
    println!("{}: {} bytes", binary.display(), grouped(size));
    Ok(())
}
