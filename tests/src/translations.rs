//! The words of the interface: the same messages in both languages, and exactly those that the code asks for.

use crate::source::{File, files};
use app::words::{Locale, Words};
use std::collections::{BTreeMap, BTreeSet};

/// Ids with the names of their arguments.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// The messages of one file. Read by hand, so that whatever Fluent would pass over in silence is a fault here.
fn messages(path: &str, text: &str) -> Messages {
    let mut messages = Messages::new();
    let mut id = None;
    for (line, number) in text.lines().zip(1..) {
        let place = format!("{path}:{number}");
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '}']) {
            let (name, _) = line.split_once(" =").unwrap_or_else(|| panic!("{place}: no message"));
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(name.bytes().all(plain), "{place}: {name} is no id");
            assert!(messages.insert(name.to_owned(), BTreeSet::new()).is_none(), "{place}: {name} stands twice");
            id = Some(name.to_owned());
        }
        let id = id.as_ref().unwrap_or_else(|| panic!("{place}: belongs to nothing"));
        let arguments = line.split('$').skip(1).map(|rest| {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            rest[..end].to_owned()
        });
        messages.get_mut(id).expect("it was put in").extend(arguments);
    }
    messages
}

/// All messages of a language; the prefix of an id says which file it stands in.
fn catalogue(locale: Locale) -> Messages {
    let mut all = Messages::new();
    for File { path, text } in files(&format!("locales/{}", locale.code()), ".ftl") {
        let feature = path.rsplit('/').next().and_then(|name| name.strip_suffix(".ftl")).expect("a name");
        for (id, arguments) in messages(&path, &text) {
            let prefix = id.split('-').next();
            assert_eq!(prefix, Some(feature), "{path}: {id} belongs to another feature");
            all.insert(id, arguments);
        }
    }
    all
}

/// What a piece of code asks for: every `t!(words, "id", name = …)` with where it stands.
fn asked(file: &File) -> Vec<(String, String, BTreeSet<String>)> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: Vec<&str> = file.text.lines().filter(is_code).collect();
    let code = code.join("\n");
    let mut asked = Vec::new();
    for (at, _) in code.match_indices("t!(") {
        if code[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        let arguments = arguments(&code[at + "t!(".len()..]);
        let id = arguments.get(1).and_then(|id| id.strip_prefix('"')?.strip_suffix('"'));
        let id = id.unwrap_or_else(|| panic!("{}: t!({arguments:?}) has no id", file.path));
        let names = arguments[2..].iter().map(|argument| {
            let (name, _) = argument.split_once('=').unwrap_or_else(|| panic!("{}: {id}: {argument}", file.path));
            name.trim().to_owned()
        });
        asked.push((file.path.clone(), id.to_owned(), names.collect()));
    }
    asked
}

/// The arguments of a call whose parenthesis is open, cut at its own commas.
fn arguments(rest: &str) -> Vec<String> {
    let mut arguments = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for c in rest.chars() {
        if quoted {
            (quoted, escaped) = (c != '"' || escaped, c == '\\' && !escaped);
        } else {
            match c {
                '"' => quoted = true,
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => break,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    arguments.push(String::new());
                    continue;
                }
                _ => {}
            }
        }
        arguments.last_mut().expect("one at least").push(c);
    }
    let arguments = arguments.iter().map(|argument| argument.trim().to_owned());
    arguments.filter(|argument| !argument.is_empty()).collect()
}

fn code() -> Vec<File> {
    ["app/src", "server/src"].iter().flat_map(|room| files(room, ".rs")).collect()
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_arguments() {
    let (vi, en) = (catalogue(Locale::Vi), catalogue(Locale::En));
    assert!(vi.len() > 100, "only {} messages were read", vi.len());
    let lacks = |one: &Messages, other: &Messages| -> Vec<String> {
        one.keys().filter(|id| !other.contains_key(*id)).cloned().collect()
    };
    assert_eq!(lacks(&vi, &en), [""; 0], "only in Vietnamese");
    assert_eq!(lacks(&en, &vi), [""; 0], "only in English");
    for (id, arguments) in &vi {
        assert_eq!(arguments, &en[id], "arguments of {id}, Vietnamese and English");
    }
    let names = |locale: Locale| -> Vec<String> {
        let files = files(&format!("locales/{}", locale.code()), ".ftl");
        files.iter().filter_map(|file| Some(file.path.rsplit('/').next()?.to_owned())).collect()
    };
    assert_eq!(names(Locale::Vi), names(Locale::En));
}

#[test]
fn the_code_asks_for_every_message_and_for_no_other() {
    let catalogue = catalogue(Locale::Vi);
    let mut used = BTreeSet::new();
    let mut faults = Vec::new();
    for file in code() {
        for (path, id, names) in asked(&file) {
            match catalogue.get(&id) {
                None => faults.push(format!("{path}: there is no message {id}")),
                Some(arguments) if *arguments != names => {
                    faults.push(format!("{path}: {id} has the arguments {arguments:?} and is given {names:?}"));
                }
                Some(_) => {}
            }
            used.insert(id);
        }
        // The macro takes a literal, so that this test sees it; nothing goes around the macro.
        if file.path != "app/src/words.rs" && (file.text.contains("words.get(") || file.text.contains(".get_with(")) {
            faults.push(format!("{}: asks for words without t!", file.path));
        }
    }
    faults.extend(catalogue.keys().filter(|id| !used.contains(*id)).map(|id| format!("nobody asks for {id}")));
    assert_eq!(faults, [""; 0]);
}

#[test]
fn every_message_is_said_whole() {
    for locale in Locale::ALL {
        let words = Words::from(locale);
        for (id, arguments) in catalogue(locale) {
            let values: Vec<(&str, String)> =
                arguments.iter().map(|name| (name.as_str(), format!("<{name}>"))).collect();
            let said = if values.is_empty() {
                words.get(&id)
            } else {
                words.get_with(&id, values.iter().map(|(name, value)| (*name, value.clone().into())))
            };
            let whole = !said.trim().is_empty() && !said.contains(['{', '}']) && !said.contains(&id);
            assert!(whole, "{} {id}: {said}", locale.code());
            for (_, value) in values {
                assert!(said.contains(&value), "{} {id} leaves {value} out: {said}", locale.code());
            }
        }
    }
}

#[test]
fn counted_words_agree_with_their_number() {
    for (minutes, said) in [(1_u64, "1 minute"), (5, "5 minutes")] {
        let words = Words::from(Locale::En);
        assert_eq!(words.get_with("content-minutes", [("minutes", minutes.into())]), said);
    }
}

#[test]
fn the_readers_of_this_test_read() {
    let file = File {
        path: "x.rs".to_owned(),
        text: "format!(\"no\"); // t!(words, \"no\")\n// t!(words, \"no\")\nt!(\n words,\n \"a-b\",\n n = f(1, \"),\\\"\"),\n m = [x, y],\n)"
            .to_owned(),
    };
    // A comment behind code is read as code: better one too many than one too few.
    let asked = asked(&file);
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_eq!(asked[1].1, "a-b");
    assert_eq!(asked[1].2, BTreeSet::from(["m".to_owned(), "n".to_owned()]));
    let read = messages("x.ftl", "a-b = { $n ->\n    [one] x\n   *[other] { $m }\n}\nc = d\n");
    assert_eq!(read["a-b"], BTreeSet::from(["m".to_owned(), "n".to_owned()]));
    assert!(read["c"].is_empty() && read.len() == 2);
}
