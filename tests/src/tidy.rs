//! What the README promises about the code and the texts, read from the files themselves.

use crate::{
    source::{File, files, sources},
    world::root,
};
use clap::CommandFactory;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

const NONE: [&str; 0] = [];

fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// A source without its modules of tests, inline ones as well as declared ones.
fn outside_tests(text: &str) -> String {
    let mut kept = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push(line);
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indent}}}");
        // rustfmt puts the last brace under the attribute.
        if !lines.next().is_some_and(|item| item.ends_with(';')) {
            lines.by_ref().find(|line| **line == end);
        }
    }
    kept.join("\n")
}

/// Lines that are not only a comment, with their numbers.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Every text file that git would track.
fn tracked() -> Vec<File> {
    fn walk(folder: &Path, found: &mut Vec<File>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "target" | "node_modules" | ".git") {
                    walk(&path, found);
                }
            } else if !name.contains(".sqlite")
                && let Ok(text) = fs::read_to_string(&path)
            {
                let path = path.strip_prefix(root()).expect("under the root").to_string_lossy().into_owned();
                found.push(File { path, text });
            }
        }
    }
    let mut found = Vec::new();
    walk(root(), &mut found);
    assert!(found.len() > 150, "only {} files were found", found.len());
    found
}

#[test]
fn only_the_store_names_sea_orm() {
    let allowed = ["server/migration/", "server/store/", "tests/"];
    let mut naming = BTreeSet::new();
    for file in files("", "Cargo.toml").iter().chain(&sources()) {
        let names = file.text.contains("sea-orm") || file.text.contains("sea_orm");
        // The root gives the version to who may use it.
        if names && file.path != "Cargo.toml" {
            naming.insert(file.path.clone());
        }
    }
    let others: Vec<_> = naming.iter().filter(|path| !allowed.iter().any(|room| path.starts_with(room))).collect();
    assert_eq!(others, NONE);
    assert!(naming.contains("server/store/Cargo.toml"), "the test looks at the wrong place");
}

#[test]
fn the_domain_has_no_io_no_clock_and_no_chance() {
    let never =
        ["async ", "std::time", "SystemTime", "Instant", "getrandom", "rand::", "std::fs", "std::net", "std::env"];
    let mut faults = Vec::new();
    for file in files("app/domain", ".rs") {
        for (number, line) in code_lines(&file.text) {
            faults.extend(
                never.iter().filter(|word| line.contains(**word)).map(|word| format!("{}:{number}: {word}", file.path)),
            );
        }
    }
    let manifest = File::read("app/domain/Cargo.toml").text;
    faults.extend(
        ["tokio", "getrandom", "rand", "futures"]
            .iter()
            .filter(|name| manifest.contains(**name))
            .map(ToString::to_string),
    );
    assert_eq!(faults, NONE);
}

#[test]
fn what_ships_is_decided_in_few_places() {
    let is_door = |path: &str| {
        let inside = path.strip_prefix("app/src/").unwrap_or_default();
        inside == "lib.rs" || inside.ends_with("/mod.rs") && inside.matches('/').count() == 1
    };
    let mut faults = Vec::new();
    let mut doors = 0;
    for file in sources() {
        for (number, line) in code_lines(&file.text) {
            // Within `cfg(…)`, `cfg!(…)`, `cfg_attr(…)`, whatever stands around it.
            if line.contains("cfg") && line.contains("feature") {
                if is_door(&file.path) {
                    doors += 1;
                } else {
                    faults.push(format!("{}:{number}: {}", file.path, line.trim()));
                }
            }
        }
    }
    assert_eq!(faults, NONE);
    assert!(doors > 0, "the test looks at the wrong place");
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    const LINES_MAX: usize = 700;
    let all = files("", ".rs");
    let long = all.iter().filter(|file| !is_test(&file.path)).filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > LINES_MAX).then(|| format!("{}: {lines} lines", file.path))
    });
    let silent = all.iter().filter(|file| !file.text.starts_with("//! ")).map(|file| format!("{}: no //!", file.path));
    assert_eq!(long.chain(silent).collect::<Vec<_>>(), NONE);
}

#[test]
fn nothing_is_left_half_done() {
    // Put together, so that this file is not its own fault.
    let unfinished = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("));
    let ignored = ["#[", "ignore"].concat();
    let hasty = [".unwrap()", ".expect("];
    let mut faults = Vec::new();
    for file in files("", ".rs") {
        for (number, line) in code_lines(&file.text) {
            if unfinished.iter().chain([&ignored]).any(|mark| line.contains(mark.as_str())) {
                faults.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
        if is_test(&file.path) {
            continue;
        }
        for (_, line) in code_lines(&outside_tests(&file.text)) {
            if hasty.iter().any(|mark| line.contains(mark)) {
                faults.push(format!("{}: {}", file.path, line.trim()));
            }
        }
    }
    for file in files("tests/browser", ".mjs") {
        for (line, number) in file.text.lines().zip(1..) {
            if [".skip(", "fixme", ".only(", "todo("].iter().any(|mark| line.contains(mark)) {
                faults.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert_eq!(faults, NONE);
}

#[test]
fn tests_are_cut_off_and_nothing_else() {
    let text = "a\n#[cfg(test)]\nmod tests;\nb\n#[cfg(test)]\nmod more {\n    fn f() {\n    }\n}\nc";
    assert_eq!(outside_tests(text), "a\nb\nc");
    for file in sources() {
        let before = file.without_tests().trim_end();
        assert!(outside_tests(&file.text).starts_with(before), "{}: too much is cut off", file.path);
    }
}

/// Whether a path of some machine begins in the line: not a part of a longer one.
fn names(line: &str, folder: &str) -> bool {
    let longer = |c: char| c.is_alphanumeric() || "/._-}$~".contains(c);
    line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(longer))
}

#[test]
fn no_file_knows_one_machine() {
    // Put together, so that this file is not its own fault.
    let folders = ["root/", "home/", "work/", "farm"].map(|name| format!("/{name}"));
    let hosts = [
        ["crates", "io"],
        ["npmjs", "org"],
        ["npmjs", "com"],
        ["npmmirror", "com"],
        ["yarnpkg", "com"],
        ["pypi", "org"],
    ];
    let hosts = hosts.map(|parts| parts.join("."));
    let mut faults = Vec::new();
    for file in tracked() {
        for (line, number) in file.text.lines().zip(1..) {
            let mut found: Vec<&String> = folders.iter().filter(|folder| names(line, folder)).collect();
            // What cargo itself calls the registry stands in its lock file and nowhere else.
            let of_cargo =
                file.path == "Cargo.lock" && line.starts_with("source = \"registry+https://github.com/rust-lang/");
            found.extend(hosts.iter().filter(|host| !of_cargo && line.contains(host.as_str())));
            faults.extend(found.iter().map(|what| format!("{}:{number}: {what}", file.path)));
        }
        if file.path.ends_with("package-lock.json") && file.text.contains("\"resolved\"") {
            faults.push(format!("{}: says where a package comes from", file.path));
        }
    }
    assert_eq!(faults, NONE);
    let home = &folders[1];
    assert!(names(&format!("a \"{home}me\""), home) && !names(&format!("frame{home}me"), home));
}

/// Whether a word stands in a text by itself.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

#[test]
fn the_readme_names_every_command_and_flag() {
    let readme = File::read("README.md").text;
    let section = readme.split("\n## Settings\n").nth(1).and_then(|rest| rest.split("\n## ").next());
    let section = section.expect("a section on settings");
    let mut faults = Vec::new();
    let mut known = BTreeSet::new();
    let mut waiting = vec![(String::new(), hocso::settings::Arguments::command())];
    while let Some((before, command)) = waiting.pop() {
        let name = format!("{before}{}", command.get_name());
        let inner: Vec<_> = command.get_subcommands().cloned().collect();
        let row = section.lines().find(|line| line.starts_with(&format!("| `{name}")));
        if inner.is_empty() && row.is_none() {
            faults.push(format!("`{name}`"));
        }
        for argument in command.get_arguments() {
            let flag = match argument.get_long() {
                Some("help" | "version") => continue,
                Some(long) => format!("--{long}"),
                None => argument
                    .get_id()
                    .as_str()
                    .replace("folder", "DIR")
                    .replace("login", "LOGIN")
                    .replace("file", "FILE"),
            };
            let variable = argument.get_env().map(|name| name.to_string_lossy().into_owned());
            let told = match &variable {
                // A setting has a row of its own, with its variable.
                Some(variable) => section.contains(&format!("\n| `{flag}` | `{variable}` |")),
                None => row.is_some_and(|row| has_word(row, &flag)),
            };
            if !told {
                faults.push(format!("`{name}`: {flag} {variable:?}"));
            }
            known.extend([flag].into_iter().chain(variable));
        }
        waiting.extend(inner.into_iter().map(|command| (format!("{name} "), command)));
    }
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|row| row.split('`').next());
    let gone =
        cells.filter(|cell| cell.starts_with("--") && !known.contains(*cell)).map(|cell| format!("no more: {cell}"));
    faults.extend(gone);
    assert_eq!(faults, NONE, "README.md, Settings");
    assert!(known.contains("--listen") && known.contains("HOCSO_KEYS") && known.contains("--seed"), "{known:?}");
}

#[test]
fn the_readme_names_every_address() {
    let readme = File::read("README.md").text;
    let section = readme.split("\n## Routes\n").nth(1).and_then(|rest| rest.split("\n## ").next());
    let section = section.expect("a section on routes");
    let paths = File::read("app/src/paths.rs").text;
    let constants: BTreeMap<&str, &str> = paths
        .lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \""))
        .filter_map(|(name, value)| Some((name, value.split('"').next()?)))
        .collect();
    assert!(constants.len() >= 20 && constants["EVENTS"] == app::paths::EVENTS, "{constants:?}");
    assert_eq!(constants.len(), paths.matches("pub const ").count(), "a constant that is not read");
    let missing: Vec<_> =
        constants.iter().filter(|(_, value)| !has_word(section, value.trim_start_matches('/'))).collect();
    assert!(missing.is_empty(), "README.md, Routes: {missing:?}");
}

/// The fields of the structs that a source reads TOML into.
fn fields(path: &str) -> BTreeSet<String> {
    let text = File::read(path).text;
    let mut fields = BTreeSet::new();
    for part in text.split("#[derive(Deserialize)]").skip(1) {
        let body = part.split_once("{\n").and_then(|(_, body)| body.split_once("\n}")).expect("a struct").0;
        for line in body.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.starts_with("#[")) {
            let (name, _) = line.split_once(':').unwrap_or_else(|| panic!("{path}: {line}"));
            fields.insert(name.trim_start_matches("pub(crate) ").trim_start_matches("r#").to_owned());
        }
    }
    assert!(!fields.is_empty(), "{path} reads nothing");
    fields
}

#[test]
fn the_guide_for_writers_names_every_field() {
    let guide = File::read("content/README.md").text;
    let files = [
        (vec!["track.toml"], vec!["server/library/src/track.rs"]),
        (vec!["lesson.toml", "review.toml"], vec!["server/library/src/lesson.rs", "server/library/src/question.rs"]),
        (vec!["questions.toml"], vec!["server/library/src/placement.rs"]),
        (vec!["terms.toml"], vec!["server/library/src/glossary.rs"]),
    ];
    for (names, readers) in files {
        let blocks = names.iter().map(|name| {
            let block = guide.split(&format!("```toml {name}\n")).nth(1).and_then(|rest| rest.split("```").next());
            block.unwrap_or_else(|| panic!("content/README.md has no example of {name}"))
        });
        let shown: BTreeSet<String> = blocks
            .flat_map(str::lines)
            .filter_map(|line| match line.strip_prefix("[[") {
                Some(table) => table.split("]]").next()?.rsplit('.').next(),
                None => Some(line.split_once(" = ")?.0),
            })
            .filter(|field| !field.starts_with('#'))
            .map(str::to_owned)
            .collect();
        let read: BTreeSet<String> = readers.iter().flat_map(|reader| fields(reader)).collect();
        assert_eq!(shown, read, "fields of {names:?}: in content/README.md, and read by {readers:?}");
    }
}

/// WCAG 2: how far two colours are apart.
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').unwrap_or_else(|| panic!("{colour} is no colour"));
    let digits: String =
        if digits.len() == 3 { digits.chars().flat_map(|digit| [digit, digit]).collect() } else { digits.to_owned() };
    assert_eq!(digits.len(), 6, "{colour}");
    let part = |at: usize| {
        let value = u8::from_str_radix(&digits[at..at + 2], 16).unwrap_or_else(|_| panic!("{colour} is no colour"));
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

/// The colours of all style sheets, light and dark.
fn palette() -> [BTreeMap<String, String>; 2] {
    let mut palette = [BTreeMap::new(), BTreeMap::new()];
    for path in ["app/style/base.css", "app/style/charts.css", "app/style/practice.css"] {
        let text = File::read(path).text;
        for (at, _) in text.match_indices(":root {") {
            let dark = text[..at].trim_end().ends_with("@media (prefers-color-scheme: dark) {");
            let body = text[at..].split('}').next().unwrap_or_default();
            for declaration in body.split([';', '{']) {
                if let Some((name, value)) = declaration.trim().strip_prefix("--").and_then(|one| one.split_once(": "))
                    && value.starts_with('#')
                {
                    palette[usize::from(dark)].insert(name.to_owned(), value.to_owned());
                }
            }
        }
    }
    let [light, mut dark] = palette;
    for (name, value) in &light {
        dark.entry(name.clone()).or_insert_with(|| value.clone());
    }
    assert!(light.len() > 20, "{light:?}");
    [light, dark]
}

#[test]
fn colours_can_be_told_apart() {
    let palette = palette();
    let table = File::read("app/style/colours.md").text;
    let (mut least, mut pairs, mut faults) = (None, 0, Vec::new());
    for (line, number) in table.lines().zip(1..) {
        if let Some(title) = line.strip_prefix("## ") {
            least = Some(if title.starts_with("Text") { 4.5 } else { 3.0 });
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let ([front, ground, _, light, dark], Some(least)) = (cells[..].try_into().unwrap_or([""; 5]), least) else {
            continue;
        };
        if !light.contains('#') {
            continue;
        }
        for (mode, said) in [light, dark].into_iter().enumerate() {
            let (colours, ratio) = said.split_once(": ").unwrap_or_else(|| panic!("colours.md:{number}: {said}"));
            let (one, other) = colours.split_once(" on ").unwrap_or_else(|| panic!("colours.md:{number}: {said}"));
            let exact = contrast(one, other);
            if exact < least {
                faults.push(format!("colours.md:{number}: {said}: {exact:.2} is less than {least}"));
            }
            let shown = format!("{exact:.1}").replace('.', ",");
            if shown != ratio {
                faults.push(format!("colours.md:{number}: {said}: it is {shown}"));
            }
            // "dark / pale": another name in each mode.
            for (names, value) in [(front, one), (ground, other)] {
                let name = names.split(" / ").nth(mode).unwrap_or(names);
                let real = palette[mode].get(name).map_or(name, String::as_str);
                if real != value {
                    faults.push(format!("colours.md:{number}: {name} is {real}, not {value}"));
                }
            }
            pairs += 1;
        }
    }
    assert_eq!(faults, NONE);
    assert!(pairs >= 80, "only {pairs} pairs were read");
}

#[test]
fn contrast_is_what_wcag_says() {
    for (one, other, ratio) in [("#000", "#FFFFFF", "21.00"), ("#FFF", "#FFF", "1.00"), ("#777777", "#FFF", "4.48")] {
        assert_eq!(format!("{:.2}", contrast(one, other)), ratio);
    }
}

#[test]
fn the_band_in_the_styles_is_the_drawn_one() {
    let css = File::read("app/style/base.css").text;
    let data = css.split("--band: url(\"data:image/svg+xml,").nth(1).and_then(|rest| rest.split("\")").next());
    let mut bytes = data.expect("a band").bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits: String = bytes.by_ref().take(2).map(char::from).collect();
            decoded.push(u8::from_str_radix(&digits, 16).expect("two hex digits"));
        } else {
            decoded.push(byte);
        }
    }
    let decoded = String::from_utf8(decoded).expect("UTF-8").replace('\'', "\"");
    assert_eq!(decoded, File::read("app/style/band.svg").text.trim_end());
}
