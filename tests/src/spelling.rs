//! Every word that people read is spelt as the dictionary has it, or stands in the list of accepted ones.
//!
//! Vietnamese is written syllable by syllable, so a list of syllables is a dictionary. Ours is npm's `dictionary-vi` (from the
//! Hunspell dictionary for Vietnamese), which the set-up of the journeys brings along.

use crate::source::{File, files};
use crate::world::root;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

const DICTIONARY: &str = "tests/browser/node_modules/dictionary-vi/index.dic";
const ACCEPTED: &str = "tests/spelling.txt";

/// The mark of an open syllable on the other vowel: both "hoá" and "hóa" are taught in schools, the dictionary has the first.
const PLACEMENTS: [(&str, &str); 15] = [
    ("óa", "oá"),
    ("òa", "oà"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("óe", "oé"),
    ("òe", "oè"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("úy", "uý"),
    ("ùy", "uỳ"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];

fn as_in_the_dictionary(word: &str) -> String {
    let ending = PLACEMENTS.iter().find(|(ours, _)| word.ends_with(ours));
    ending.map_or_else(|| word.to_owned(), |(ours, theirs)| format!("{}{theirs}", word.trim_end_matches(ours)))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}; `cargo xtask test` brings it"))
}

/// What stands between quotation marks of a TOML file and is text: names of things have no capitals, spaces or marks.
fn texts_of_toml(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let quoted = lines.flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    let is_name =
        |text: &String| text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'/' | b'-' | b'_'));
    quoted.filter(|text| !is_name(text)).collect()
}

/// The texts of a file, by its kind.
fn texts(file: &File) -> Vec<String> {
    if file.path.ends_with(".toml") {
        return texts_of_toml(&file.text);
    }
    if file.path.ends_with(".ftl") {
        return file.text.lines().filter_map(|line| Some(line.split_once(" = ")?.1.to_owned())).collect();
    }
    // The name of a picture's file stands after what it shows.
    file.text.lines().map(|line| line.rsplit_once("](").map_or(line, |(alt, _)| alt).to_owned()).collect()
}

/// The words of a text; gaps to fill, addresses, numbers and codes are none.
fn words(text: &str) -> Vec<String> {
    // What fills a gap is a number, or could be.
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, gap)) = rest.split_once('{') {
        plain.push_str(before);
        plain.push('0');
        rest = gap.split_once('}').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let is_mark = |letter: char| !letter.is_alphanumeric();
    let chunks = plain.split_whitespace().map(|chunk| chunk.trim_matches(is_mark).to_owned());
    let is_word =
        |chunk: &String| !chunk.contains(|letter: char| letter.is_ascii_digit() || "./@_=\\".contains(letter));
    chunks
        .filter(is_word)
        .flat_map(|chunk| chunk.split(is_mark).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_word_is_in_the_dictionary_or_accepted() {
    let dictionary: BTreeSet<String> = read(DICTIONARY).lines().map(str::to_lowercase).collect();
    assert!(dictionary.len() > 5_000 && dictionary.contains("nghiêng"), "{} syllables", dictionary.len());
    let list = read(ACCEPTED);
    let accepted: BTreeSet<&str> = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let folders = [("content", ".toml"), ("content/tracks", ".md"), ("locales/vi", ".ftl")];
    let mut unknown: BTreeMap<String, String> = BTreeMap::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut count = 0;
    for file in folders.iter().flat_map(|(folder, ending)| files(folder, ending)) {
        for word in texts(&file).iter().flat_map(|text| words(text)) {
            count += 1;
            if dictionary.contains(&as_in_the_dictionary(&word.to_lowercase())) {
                continue;
            }
            match accepted.get(word.as_str()) {
                Some(word) => {
                    used.insert(word);
                }
                None => {
                    unknown.entry(word).or_insert_with(|| file.path.clone());
                }
            }
        }
    }
    assert!(count > 20_000, "{count} words were looked at");
    assert!(unknown.is_empty(), "mend these, or accept them in {ACCEPTED}: {unknown:#?}");
    let idle: Vec<_> = accepted.difference(&used).collect();
    assert!(idle.is_empty(), "{ACCEPTED} accepts what nobody writes: {idle:?}");
}

#[test]
fn words_are_found_and_slips_would_be() {
    assert_eq!(words("“Bà con” vào dichvucong.gov.vn, {ten} ở {xa}: 10 triệu/tháng."), ["Bà", "con", "vào", "ở"]);
    assert_eq!(texts_of_toml("id = \"a-b\"\ntext = \"Mình làm gì?\"\n# x = \"y z\""), ["Mình làm gì?"]);
    for (ours, theirs) in [("khóa", "khoá"), ("ủy", "uỷ"), ("hoa", "hoa"), ("toàn", "toàn")] {
        assert_eq!(as_in_the_dictionary(ours), theirs);
    }
}
