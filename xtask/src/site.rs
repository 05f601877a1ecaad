//! `target/site`: what a browser loads, named by content, compressed, with a manifest for the server.
//!
//! | file | from |
//! | --- | --- |
//! | `lessons-<hash>.wasm`, `lessons-<hash>.js`, the same of `practice` | the crate `client` with that feature, through wasm-bindgen |
//! | `app-<hash>.js` | `app/public/app.js` with the parts that it names (`//= parts/…`) |
//! | `<name>-<hash>.js` | `app/public/modules/*.js`: what single pages load |
//! | `charts-<hash>.css`, `practice-<hash>.css`, `device-<hash>.css` | `app/style/*.css` but `base.css` |
//! | `<name>-<hash>.…` | `app/public/pictures/*.svg`, `app/public/icons/*` |
//! | `base.css` | `app/style/base.css`; no hash: the server writes it into the pages |
//! | any other name | the other files of `app/public`, under their own name: `sw.js` with its parts, the web manifest |
//! | `manifest.json` | which file stands for which name, and the name of the release |
//!
//! Each file with a hash in its name also stands there as `.br` and `.gz`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    minify,
    shell::{Checkout, Result, grouped, on, program, quiet, read, read_file, step},
};

pub(crate) const PROFILE: &str = "wasm-release";

/// What phones download, each a feature of the crate `client`: whoever only learns does not load what practice needs.
pub(crate) const BUNDLES: [&str; 2] = ["lessons", "practice"];

/// Long enough that two files of one site never share it, short enough for a URL.
const HASH_DIGITS: usize = 10;

/// The most that every browser can read.
const BROTLI_WINDOW_BITS: i32 = 22;

/// What rustc may have used in the wasm, and every browser since 2022 knows.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Says of which inputs the site was made; it stands in the site itself.
const STAMP: &str = ".stamp";

pub(crate) const MANIFEST: &str = "manifest.json";

/// What this module does to its inputs: a site made by other code is made again.
const RECIPE: &str = concat!(include_str!("site.rs"), include_str!("minify.rs"), include_str!("../Cargo.toml"));

pub(crate) fn build(checkout: &Checkout) -> Result<()> {
    let mut bundles = BTreeMap::new();
    for bundle in BUNDLES {
        let mut cargo = checkout.cargo_wasm();
        cargo.args(["build", "-q", "--lib", "-p", "client", "--target", "wasm32-unknown-unknown"]);
        cargo.args(["--profile", PROFILE, "--features", bundle]);
        quiet(&format!("wasm ({bundle})"), &mut cargo)?;
        let wasm = checkout.wasm_target().join("wasm32-unknown-unknown").join(PROFILE).join("client.wasm");
        bundles.insert(format!("{bundle}.wasm"), read_file(&wasm)?);
    }

    let site = checkout.site();
    let optimiser = program("wasm-opt");
    let inputs = Inputs::read(&checkout.root.join("app"), bundles)?;
    let stamp = inputs.stamp(optimiser.as_deref());
    if is_fresh(&site, &stamp) {
        println!("· site: nothing has changed");
        return Ok(());
    }
    step("site", || inputs.build(&checkout.wasm_target(), optimiser.as_deref())?.write(&site, &stamp))?;
    print_sizes(&site)
}

/// Styles of single pages, linked there: the others need not load them.
const LINKED_STYLES: [&str; 5] =
    ["style/charts.css", "style/practice.css", "style/device.css", "style/path.css", "style/staff.css"];

/// Scripts that are not served by themselves.
const PARTS: &str = "public/parts/";

/// The bytes that the site is made of, by name within `app`; the wasm by the name of its bundle.
struct Inputs(BTreeMap<String, Vec<u8>>);

impl Inputs {
    fn read(app: &Path, bundles: BTreeMap<String, Vec<u8>>) -> Result<Self> {
        let mut files = bundles;
        for name in ["public/app.js", "style/base.css"] {
            files.insert(name.to_owned(), read_file(&app.join(name))?);
        }
        for name in LINKED_STYLES.iter().filter(|name| app.join(name).is_file()) {
            files.insert((*name).to_owned(), read_file(&app.join(name))?);
        }
        for folder in ["public", "public/parts", "public/modules", "public/pictures", "public/icons"] {
            for file in files_in(&app.join(folder))? {
                let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
                    return Err(format!("{} is not named in UTF-8: rename it", file.display()));
                };
                let is_picture = Path::new(name).extension().is_some_and(|extension| extension == "svg");
                if !name.starts_with('.') && (folder != "public/pictures" || is_picture) {
                    files.insert(format!("{folder}/{name}"), read_file(&file)?);
                }
            }
        }
        Ok(Self(files))
    }

    fn stamp(&self, optimiser: Option<&Path>) -> String {
        let mut hash = Sha256::new();
        let optimiser = optimiser.map(|path| path.as_os_str().as_encoded_bytes());
        for part in [RECIPE.as_bytes(), optimiser.unwrap_or_default()] {
            hash.update(Sha256::digest(part));
        }
        for (name, bytes) in &self.0 {
            hash.update(Sha256::digest(name));
            hash.update(Sha256::digest(bytes));
        }
        hex(&hash.finalize())
    }

    fn build(&self, scratch: &Path, optimiser: Option<&Path>) -> Result<Site> {
        let mut site = Site::default();
        for (name, bytes) in &self.0 {
            let short = name.rsplit('/').next().unwrap_or(name);
            if let Some(bundle) = name.strip_suffix(".wasm") {
                let (glue, wasm) = bind(bundle, bytes)?;
                let wasm = match optimiser {
                    Some(optimiser) => optimise(optimiser, scratch, &wasm)?,
                    None => wasm,
                };
                let glue_name = format!("{bundle}.js");
                site.hashed(&glue_name, minified(&glue_name, glue.into_bytes())?);
                site.hashed(name, wasm);
                continue;
            }
            match name.as_str() {
                name if name.starts_with(PARTS) => {}
                "style/base.css" => site.plain(short, minified(short, bytes.clone())?),
                "public/app.js" => site.hashed(short, minified(short, self.with_parts(bytes)?)?),
                "public/sw.js" => site.plain(short, minified(short, self.with_parts(bytes)?)?),
                name if name.starts_with("public/modules/") || LINKED_STYLES.contains(&name) => {
                    site.hashed(short, minified(short, bytes.clone())?)
                }
                _ => match name.strip_prefix("public/") {
                    Some(path) if path.contains('/') => site.hashed(path, bytes.clone()),
                    _ => site.plain(short, minified(short, bytes.clone())?),
                },
            }
        }
        Ok(site)
    }

    /// A script with the parts that it names in lines of their own: pages and the service worker share them, and neither can
    /// import (an old browser must be able to leave the whole of it alone).
    fn with_parts(&self, script: &[u8]) -> Result<Vec<u8>> {
        let text = String::from_utf8_lossy(script);
        let mut whole = String::new();
        for line in text.lines() {
            match line.trim().strip_prefix("//= ") {
                Some(part) => {
                    let part =
                        self.0.get(&format!("public/{part}")).ok_or_else(|| format!("there is no public/{part}"))?;
                    whole.push_str(&String::from_utf8_lossy(part));
                }
                None => whole.push_str(line),
            }
            whole.push('\n');
        }
        Ok(whole.into_bytes())
    }
}

/// The files of a folder; none when there is no such folder.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(on("list", folder))?;
    Ok(entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

fn is_fresh(site: &Path, stamp: &str) -> bool {
    let made_of = fs::read_to_string(site.join(STAMP));
    // The stamp names every file after its first line: one that was deleted by hand is missed.
    let is_there = |name: &str| site.join(name).is_file();
    made_of.is_ok_and(|text| text.lines().next() == Some(stamp) && text.lines().skip(1).all(is_there))
}

/// wasm-bindgen as a library: the glue and the wasm that belongs to it.
fn bind(bundle: &str, wasm: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(bundle, wasm.to_vec()).typescript(false).out_name(bundle).keep_debug(false);
    // The loader always says where the wasm is, since its name holds a hash.
    bindgen.remove_name_section(true).remove_producers_section(true).omit_default_module_path(true);
    let failed = |error| format!("wasm-bindgen refused the client ({error}): are both halves of it the same version?");
    let mut output = bindgen.web(true).and_then(Bindgen::generate_output).map_err(failed)?;
    let imports = [
        output.snippets().values().any(|list| !list.is_empty()),
        !output.local_modules().is_empty(),
        !output.npm_dependencies().is_empty(),
    ];
    if imports.contains(&true) {
        return Err(
            "a crate of the client brings JavaScript files of its own: do without it, one script is all a page loads"
                .into(),
        );
    }
    let glue = output.js().to_owned();
    Ok((glue, output.wasm_mut().emit_wasm()))
}

fn optimise(optimiser: &Path, scratch: &Path, wasm: &[u8]) -> Result<Vec<u8>> {
    let (from, to) = (scratch.join("unoptimised.wasm"), scratch.join("optimised.wasm"));
    fs::write(&from, wasm).map_err(on("write", &from))?;
    read(Command::new(optimiser).arg("-Oz").args(WASM_FEATURES).arg(&from).arg("-o").arg(&to))?;
    read_file(&to)
}

fn minified(name: &str, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let minify = match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("js" | "mjs") => minify::js,
        Some("css") => minify::css,
        _ => return Ok(bytes),
    };
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8: save it as such"))?;
    Ok(minify(&text).into_bytes())
}

/// The finished files before they are written.
#[derive(Default)]
struct Site {
    /// By the name that stands in the program: (name with the hash, bytes).
    hashed: BTreeMap<String, (String, Vec<u8>)>,
    plain: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Keeps a file under the last part of its name with a hash of its bytes.
    fn hashed(&mut self, name: &str, bytes: Vec<u8>) {
        self.hashed.insert(name.to_owned(), (hashed_name(name, &bytes), bytes));
    }

    fn plain(&mut self, name: &str, bytes: Vec<u8>) {
        self.plain.insert(name.to_owned(), bytes);
    }

    /// The same name for the same bytes on every machine: over all hashed names, and base.css, which has none.
    fn release(&self) -> String {
        let mut hash = Sha256::new();
        for (name, _) in self.hashed.values() {
            hash.update(name);
            hash.update("\n");
        }
        hash.update(self.plain.get("base.css").map_or(&[][..], Vec::as_slice));
        short_hex(&hash.finalize())
    }

    fn manifest(&self) -> String {
        let files: BTreeMap<&String, &String> = self.hashed.iter().map(|(name, (hashed, _))| (name, hashed)).collect();
        format!("{:#}\n", serde_json::json!({ "release": self.release(), "files": files }))
    }

    /// Writes what is new, leaves what is the same untouched (so that cargo sees no change in it) and removes the rest.
    fn write(&self, folder: &Path, stamp: &str) -> Result<()> {
        fs::create_dir_all(folder).map_err(on("make", folder))?;
        let mut files = BTreeMap::from([(MANIFEST.to_owned(), self.manifest().into_bytes())]);
        files.extend(self.plain.clone());
        for (name, bytes) in self.hashed.values() {
            let packed = [(format!("{name}.br"), brotli as fn(&[u8]) -> _), (format!("{name}.gz"), packing::gzip_best)];
            for (packed_name, pack) in packed {
                // The name tells the bytes: what is there need not be packed again.
                let there = fs::read(folder.join(&packed_name));
                let is_same = there.is_ok() && fs::read(folder.join(name)).is_ok_and(|there| there == *bytes);
                files.insert(packed_name, if is_same { there.unwrap_or_default() } else { pack(bytes) });
            }
            files.insert(name.clone(), bytes.clone());
        }
        // Until everything is in place there is no stamp.
        let stamp_file = folder.join(STAMP);
        if stamp_file.exists() {
            fs::remove_file(&stamp_file).map_err(on("remove", &stamp_file))?;
        }
        let names: BTreeSet<PathBuf> = files.keys().map(|name| folder.join(name)).collect();
        for stale in files_in(folder)?.into_iter().filter(|file| !names.contains(file)) {
            fs::remove_file(&stale).map_err(on("remove", &stale))?;
        }
        let mut stamp = stamp.to_owned();
        for (name, bytes) in files {
            let file = folder.join(&name);
            if fs::read(&file).ok().as_ref() != Some(&bytes) {
                fs::write(&file, bytes).map_err(on("write", &file))?;
            }
            stamp.push('\n');
            stamp.push_str(&name);
        }
        fs::write(&stamp_file, stamp).map_err(on("write", &stamp_file))
    }
}

/// `pictures/lost.svg` as `lost-0123456789.svg`.
fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    let hash = short_hex(&Sha256::digest(bytes));
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{name}-{hash}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn short_hex(bytes: &[u8]) -> String {
    hex(bytes).chars().take(HASH_DIGITS).collect()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    packing::brotli(bytes, packing::BROTLI_BEST, BROTLI_WINDOW_BITS)
}

fn print_sizes(site: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> = files_in(site)?;
    files.sort();
    println!("  {:<40} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip", "brotli");
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if [STAMP, MANIFEST].contains(&name.as_str()) || name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let bytes = read_file(&file)?;
        // What has no packed twin is packed by the server, or small: its sizes are shown as if.
        let packed = |extension: &str, pack: fn(&[u8]) -> Vec<u8>| {
            let twin = fs::metadata(site.join(format!("{name}{extension}")));
            twin.map_or_else(|_| pack(&bytes).len() as u64, |twin| twin.len())
        };
        let (gzip, brotli) = (packed(".gz", packing::gzip_best), packed(".br", brotli));
        println!("  {name:<40} {:>10} {:>10} {:>10}", grouped(bytes.len() as u64), grouped(gzip), grouped(brotli));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_ten_digits_of_the_hash_of_the_bytes() {
        // printf 'xin chào' | sha256sum
        let name = hashed_name("pictures/lost.svg", "xin chào".as_bytes());
        assert_eq!(name, format!("lost-{}.svg", &hex(&Sha256::digest("xin chào"))[..10]));
        assert_eq!(hashed_name("a.b.png", b""), "a.b-e3b0c44298.png");
        assert_eq!(hashed_name("LICENCE", b""), "LICENCE-e3b0c44298");
    }

    #[test]
    fn the_release_changes_with_every_byte_that_a_page_loads() {
        let site = |script: &str, base: &str, other: &str| {
            let mut site = Site::default();
            site.hashed("app.js", script.into());
            site.plain("base.css", base.into());
            site.plain("sw.js", other.into());
            site.release()
        };
        let release = site("a", "b", "c");
        assert_eq!(release.len(), HASH_DIGITS);
        assert_eq!(release, site("a", "b", "c"));
        assert_ne!(release, site("x", "b", "c"));
        assert_ne!(release, site("a", "x", "c"));
    }

    #[test]
    fn the_manifest_maps_names_to_files() {
        let mut site = Site::default();
        site.hashed("app.js", Vec::new());
        site.hashed("pictures/lost.svg", Vec::new());
        site.plain("base.css", Vec::new());
        let manifest: serde_json::Value = serde_json::from_str(&site.manifest()).unwrap();
        let files = serde_json::json!({ "app.js": "app-e3b0c44298.js", "pictures/lost.svg": "lost-e3b0c44298.svg" });
        assert_eq!(manifest, serde_json::json!({ "release": site.release(), "files": files }));
    }

    #[test]
    fn writing_removes_what_is_stale_and_leaves_a_stamp() {
        let folder = std::env::temp_dir().join(format!("hocso-site-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("app-0000000000.js"), "old").unwrap();
        let mut site = Site::default();
        site.hashed("app.js", "let a".into());
        site.plain("base.css", "a{b:c}".into());
        site.write(&folder, "stamp").unwrap();
        let mut names: Vec<_> =
            files_in(&folder).unwrap().iter().map(|file| file.file_name().unwrap().to_owned()).collect();
        names.sort();
        let hashed = hashed_name("app.js", b"let a");
        let [br, gz] = ["br", "gz"].map(|extension| format!("{hashed}.{extension}"));
        assert_eq!(names, [".stamp", hashed.as_str(), br.as_str(), gz.as_str(), "base.css", "manifest.json"]);
        assert!(is_fresh(&folder, "stamp"));
        assert!(!is_fresh(&folder, "another"));
        fs::remove_file(folder.join(gz)).unwrap();
        assert!(!is_fresh(&folder, "stamp"));
        fs::remove_dir_all(folder).unwrap();
    }
}
