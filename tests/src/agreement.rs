//! What the phone shows and what the server scores follow from the same trails: both programs are asked.

use crate::{cast::LIBRARY, world::root};
use app::practice::fields;
use domain::practice::{Act, Mode, Random, Response, State, Trail, onward, step};
use serde_json::json;
use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

fn book() -> &'static str {
    &LIBRARY.scams.as_ref().expect("there are scam drills").text
}

/// Ten thousand trails and drills, some possible, most not.
fn questions() -> Vec<[String; 4]> {
    let mut random = Random::new(20_261_126);
    let mut all = Vec::new();
    let modes = ["guided", "alone", "wrong-0", "wrong-1"];
    for at in 0..10_000 {
        let mut line = String::new();
        if at % 10 == 9 {
            for _ in 0..random.below(20) {
                let response = Response::ALL[random.below(Response::ALL.len())];
                write!(line, "{}{}", response.letter(), random.below(100)).expect("a string grows");
            }
            all.push(["drill".to_owned(), String::new(), random.below(1 << 31).to_string(), line]);
            continue;
        }
        let scenario = &LIBRARY.practices[random.below(LIBRARY.practices.len())];
        let mode = modes[random.below(modes.len())];
        let mut state = State::default();
        for _ in 0..random.below(40) {
            let moves = scenario.machine.screens[usize::from(state.screen)].moves.len();
            let act = match random.below(12) {
                0 => Act::Hint,
                1 => Act::Slip,
                // Now and then a move that is not there.
                2 if random.below(8) == 0 => Act::Move(11),
                3..6 => onward(&scenario.machine, &state, Mode::Alone).map_or(Act::Hint, Act::Move),
                _ => Act::Move(random.below(moves.max(1)) as u8),
            };
            let seconds = random.below(1_000) as u16;
            let mut one = Trail::default();
            one.push(act, seconds).expect("one act");
            line.push_str(&one.to_string());
            match step(&scenario.machine, &state, act, seconds) {
                Ok(next) => state = next,
                Err(_) => break,
            }
        }
        all.push(["run".to_owned(), scenario.machine.to_string(), mode.to_owned(), line]);
    }
    all
}

/// The program that the phone loads, run by node on the same questions.
const ON_THE_PHONE: &str = r#"
import { readFileSync } from "node:fs";
const [glue, wasm] = process.argv.slice(-2);
const phone = await import("data:text/javascript;base64," + readFileSync(glue).toString("base64"));
await phone.default({ module_or_path: readFileSync(wasm) });
const { book, questions } = JSON.parse(readFileSync(0, "utf8"));
const answer = ([what, machine, mode, line]) => what === "run" ? phone.replayed(machine, mode, line) : phone.drilled(book, +mode, line);
process.stdout.write(JSON.stringify(questions.map(answer)));
"#;

#[test]
fn phone_and_server_agree_on_ten_thousand_trails() {
    let site = root().join("target/site");
    let manifest = fs::read_to_string(site.join("manifest.json")).expect("target/site: run `cargo xtask site`");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let file = |name: &str| site.join(manifest["files"][name].as_str().expect("a file of the site"));
    let questions = questions();
    let mut node = Command::new("node")
        .args(["--input-type=module", "--eval", ON_THE_PHONE, "--"])
        .args([file("practice.js"), file("practice.wasm")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs: `cargo xtask test` sets it up");
    let asked = json!({ "book": book(), "questions": questions }).to_string();
    let mut stdin = node.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || stdin.write_all(asked.as_bytes()));
    let output = node.wait_with_output().expect("node answers");
    writer.join().expect("no panic").expect("node reads");
    assert!(output.status.success());
    let phone: Vec<String> = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(phone.len(), questions.len());
    let mut possible = 0;
    for ([what, machine, mode, line], phone) in questions.iter().zip(&phone) {
        let here = match what.as_str() {
            "run" => fields::replayed(machine, mode, line),
            _ => fields::drilled(book(), mode.parse().expect("a seed"), line),
        };
        assert_eq!(&here, phone, "{what} {mode} {line}");
        possible += usize::from(!here.is_empty());
    }
    assert!((3_000..10_000).contains(&possible), "{possible} were possible");
}
