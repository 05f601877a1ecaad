//! One complete release that is right (the example of `content/README.md`), and one broken file for each rule.

use super::*;
use domain::places::changes::{TILE_COLUMNS, TILE_ROWS};
use proptest::prelude::*;
use std::{borrow::Cow, sync::LazyLock};

mod broken;
mod practising;

const README: &str = include_str!("../../../content/README.md");
const TRACK: &str = "tracks/thanh-toan/track.toml";
const LESSON: &str = "tracks/thanh-toan/vi-du/lesson.toml";
const TEXT: &str = "tracks/thanh-toan/vi-du/vi.md";
const REVIEW: &str = "tracks/thanh-toan/vi-du/review.toml";
const PLACEMENT: &str = "placement/questions.toml";
const GLOSSARY: &str = "glossary/terms.toml";
const PRACTICE: &str = "tracks/thanh-toan/vi-du/practice.toml";
const SLOTS: &str = "scams/slots.toml";
const FAMILY: &str = "scams/gia-shop.toml";
const PICTURE: &str = "tracks/thanh-toan/vi-du/gio-anh.svg";
const ABBREVIATIONS: &str = "abbreviations.toml";
const UNITS: &str = "places/units.csv";
const TILES: &str = "places/tilegrid.csv";
const CENSUS: &str = "places/population.csv";
const NOISE: &str = "coverage/perturbation.csv";
const TARGETS: &str = "indicators/targets.csv";

/// The fenced block of that name in the README.
fn fenced(name: &str) -> &'static str {
    let start = README.find(&format!("```{name}\n")).unwrap_or_else(|| panic!("no block {name}"));
    let body = README[start..].split_once('\n').map_or("", |(_, body)| body);
    body.split_once("```").map_or("", |(block, _)| block)
}

/// A scene with as many stones as `seed` says, so that no two are alike.
fn svg(seed: usize) -> String {
    let stones: String = (0..seed).map(|x| format!("<circle cx=\"{x}\" cy=\"9\" r=\"4\"/>\n")).collect();
    let head = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 320 200\">";
    format!("{head}\n<g fill=\"#F0E4CC\" stroke=\"#1D2233\" stroke-width=\"2.5\">\n{stones}</g>\n</svg>\n")
}

fn add(files: &mut Files, path: &str, text: &str) -> Faults {
    let mut faults = Faults::default();
    files.add(path.to_owned(), Cow::Borrowed(text.as_bytes()), &mut faults);
    faults
}

/// The README's example of a question to begin with, eight times under other names.
fn placement() -> String {
    let one = fenced("toml questions.toml");
    (0..8).map(|nth| one.replace("anh-cua-khach", &format!("anh-{nth}")) + "\n").collect()
}

/// The README's example with the real places and targets.
fn example() -> Files {
    static REAL: LazyLock<Files> = LazyLock::new(|| Files::embedded(&mut Faults::default()));
    let mut files = REAL.clone();
    files.retain(|path| !["tracks/", "scams/", "placement/"].iter().any(|folder| path.starts_with(folder)));
    add(
        &mut files,
        ABBREVIATIONS,
        "names = [\"QR\", \"CH Play\"]\n[[abbreviation]]\nshort = \"OTP\"\nwords = \"mã dùng một lần\"\n",
    );
    add(&mut files, TRACK, fenced("toml track.toml"));
    add(&mut files, LESSON, fenced("toml lesson.toml"));
    add(&mut files, TEXT, fenced("md vi.md"));
    add(&mut files, REVIEW, fenced("toml review.toml"));
    add(&mut files, PLACEMENT, &placement());
    add(&mut files, PRACTICE, fenced("toml practice.toml"));
    add(&mut files, SLOTS, fenced("toml slots.toml"));
    add(&mut files, FAMILY, fenced("toml gia-shop.toml"));
    let names: Vec<&str> = fenced("md vi.md").split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    for (seed, name) in names.iter().enumerate() {
        add(&mut files, &format!("tracks/thanh-toan/vi-du/{name}"), &svg(seed + 1));
    }
    add(&mut files, "tracks/thanh-toan/track.svg", &svg(40));
    files
}

fn text_of(files: &Files, path: &str) -> String {
    files.iter().find(|file| file.path == path).map_or_else(|| panic!("no {path}"), |file| file.text.to_owned())
}

fn read(files: &Files) -> Library {
    Library::read(files, Faults::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn example_lesson(library: &Library) -> &Lesson {
    library.lessons().next().unwrap_or_else(|| panic!("no lesson"))
}

/// The faults of the example after one change, without the line of totals.
fn faults_after(change: impl FnOnce(&mut Files) -> Faults) -> Vec<String> {
    let mut files = example();
    let faults = change(&mut files);
    let told = match Library::read(&files, faults) {
        Ok(_) => String::new(),
        Err(faults) => faults.to_string(),
    };
    let mut lines: Vec<String> = told.lines().map(str::to_owned).collect();
    lines.pop();
    lines
}

#[test]
fn the_example_of_the_readme_is_right() {
    let library = read(&example());
    let totals = library.totals();
    assert_eq!((totals.tracks, totals.lessons, totals.steps, totals.questions, totals.pictures), (1, 1, 4, 4, 5));
    let lesson = example_lesson(&library);
    assert_eq!(library.lesson(&lesson.id), Some(lesson));
    assert_eq!(lesson.id.as_str(), "thanh-toan/vi-du");
    assert_eq!((lesson.minutes, lesson.marking.pass_percent), (5, 80));
    let step = &lesson.steps[1];
    assert_eq!(step.picture.alt, "Khách giơ điện thoại có ảnh chuyển tiền");
    assert_eq!(step.sentences, ["Khách đưa ảnh đã chuyển.", "Bà con đừng vội tin.", "Ảnh làm giả được."]);
    assert_eq!(step.speak.as_deref(), Some("Khách đưa ảnh đã chuyển. Bà con đừng vội tin, vì ảnh làm giả được."));
    assert_eq!(lesson.key_points, ["Chờ máy mình báo tiền.", "Ảnh không phải là tiền."]);
    assert_eq!(lesson.for_real.len(), 2);
    assert!(lesson.without_phone.starts_with("Bà con cứ nhận tiền mặt. Hoặc"));
    assert_eq!((lesson.sources[0].number.as_deref(), lesson.sources[0].date.as_str()), (None, "2023-07"));
    let stem = step.picture.served_as.strip_prefix("gio-anh-").and_then(|rest| rest.strip_suffix(".svg"));
    assert!(stem.is_some_and(|hash| hash.len() == 10), "{}", step.picture.served_as);
    assert_eq!(library.tracks[0].picture.alt, "");
}

#[test]
fn the_marking_is_that_of_the_questions() {
    use domain::content::{ChoiceId, Right};
    let library = read(&example());
    let lesson = example_lesson(&library);
    let choice = |place| ChoiceId::nth(place).unwrap_or_else(|| panic!("{place}"));
    let keys: Vec<_> =
        lesson.marking.questions.iter().map(|key| (key.id.as_str(), key.choices, key.right.clone())).collect();
    let expected = [
        ("anh-chup", 2, Right::Single(choice(1))),
        ("dau-hieu", 3, Right::Multiple([choice(0), choice(1)].into())),
        ("thu-tu", 3, Right::Order),
        ("anh-la-that", 2, Right::Truth { truth: false, reason: choice(0) }),
    ];
    assert_eq!(keys, expected);
    assert_eq!((&lesson.marking.lesson, &lesson.marking.version), (&lesson.id, &lesson.version));
    assert_eq!(lesson.questions[0].choices[1].why, None);
    assert!(lesson.questions[2].choices.iter().all(|choice| choice.why.is_some()));
    assert!(lesson.questions[3].verdict_why.is_some() && lesson.questions[0].verdict_why.is_none());
}

#[test]
fn a_version_changes_with_any_byte_and_with_nothing_else() {
    let files = example();
    let version = |files: &Files| example_lesson(&read(files)).version.clone();
    let first = version(&files);
    assert_eq!(version(&example()), first);

    let mut on_windows = files.clone();
    add(&mut on_windows, TEXT, &format!("\u{feff}{}", text_of(&files, TEXT).replace('\n', "\r\n")));
    assert_eq!(version(&on_windows), first, "line ends and byte order marks are no content");
    let mut track = files.clone();
    add(&mut track, TRACK, &text_of(&files, TRACK).replace("điện tử", "số"));
    assert_eq!(version(&track), first, "another folder");

    for path in [LESSON, TEXT, PICTURE] {
        let mut changed = files.clone();
        add(&mut changed, path, &format!("{}\n", text_of(&files, path)));
        assert_ne!(version(&changed), first, "{path}");
    }
}

#[test]
fn files_stand_where_they_are_read() {
    let missing = faults_after(|files| {
        files.retain(|path| ![ABBREVIATIONS, REVIEW, TEXT, UNITS, TARGETS].contains(&path));
        Faults::default()
    });
    let told: Vec<&str> =
        missing.iter().filter(|fault| !fault.ends_with("nothing uses this picture")).map(|s| &**s).collect();
    assert_eq!(
        told,
        [
            "abbreviations.toml:1: this file is missing",
            "indicators/targets.csv:1: this file is missing",
            "places/units.csv:1: this file is missing",
            "tracks/thanh-toan/vi-du/review.toml:1: this file is missing",
            "tracks/thanh-toan/vi-du/vi.md:1: this file is missing",
        ]
    );
    let strangers = ["notes.txt", "places/map.json", "tracks/note.md", "tracks/thanh-toan/note.md"];
    let told = faults_after(|files| {
        for path in strangers.iter().chain(&["tracks/thanh-toan/vi-du/vi.md~"]) {
            add(files, path, "?");
        }
        Faults::default()
    });
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told.iter().all(|fault| fault.ends_with("nothing reads this file: see README.md for what stands where")));
    let empty = Library::read(&Files::default(), Faults::default()).map(|_| ()).map_err(|faults| faults.to_string());
    assert!(empty.is_err_and(|told| told.ends_with("7 faults in 7 files")));
}

#[test]
fn names_are_addresses() {
    let told = faults_after(|files| {
        let copied: Vec<(String, String)> = files
            .iter()
            .filter_map(|file| {
                Some((file.path.strip_prefix("tracks/thanh-toan/vi-du/")?.to_owned(), file.text.to_owned()))
            })
            .collect();
        for (name, text) in copied {
            let name = name.replace("gio-anh", "Gio_anh");
            let text = text.replace("gio-anh", "Gio_anh").replace("<g ", "<g opacity=\"1\" ");
            add(files, &format!("tracks/thanh-toan/Ví dụ/{name}"), &text);
        }
        Faults::default()
    });
    let rule = "1 to 48 lower-case letters without marks, digits and hyphens";
    assert_eq!(
        told,
        [
            // The folder sorts before the right one, which is therefore the second to have its place.
            format!("tracks/thanh-toan/Ví dụ:1: “Ví dụ” is no name for a lesson: {rule}"),
            format!(
                "tracks/thanh-toan/Ví dụ/Gio_anh.svg:1: “Gio_anh.svg” is no name for a picture: {rule}, then `.svg`"
            ),
            "tracks/thanh-toan/vi-du/lesson.toml:3: `order` 1 is that of lesson “Ví dụ”".to_owned(),
        ]
    );
}

#[test]
fn two_tracks_share_neither_place_nor_skill_nor_picture() {
    let told = faults_after(|files| {
        add(files, "tracks/nua/track.toml", fenced("toml track.toml"));
        add(files, "tracks/nua/track.svg", &svg(40))
    });
    assert_eq!(
        told,
        [
            "tracks/nua:1: this track has no lesson",
            "tracks/thanh-toan/track.svg:1: the same picture as tracks/nua/track.svg",
            "tracks/thanh-toan/track.toml:3: `order` 1 is that of track “nua”",
            "tracks/thanh-toan/track.toml:7: skill “nhan-tien” stands already in track “nua”",
        ]
    );
}

/// A path that does not compress: `bytes` digits of a simple generator.
fn noise(bytes: usize) -> String {
    let mut seed = 7_u64;
    let digits = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + (seed >> 33).rem_euclid(10) as u8)
    });
    format!("<path fill=\"none\" d=\"M0 0L{}\"/>\n</svg>", digits.take(bytes).collect::<String>())
}

#[test]
fn weights_have_limits() {
    let told = faults_after(|files| {
        let heavy = text_of(files, PICTURE).replace("</svg>", &noise(8_000));
        add(files, PICTURE, &heavy);
        for nth in 0..6 {
            add(files, &format!("tracks/thanh-toan/vi-du/x-{nth}.svg"), &heavy.replace("M0", &format!("M{nth}")));
        }
        add(files, "tracks/thanh-toan/track.svg", &heavy.replace("<path", &" ".repeat(40_000)));
        let comment = format!("# {}\n", "x".repeat(12_000));
        add(files, LESSON, &format!("{comment}{}", text_of(files, LESSON)));
        let mut faults = add(files, "places/SOURCES.md", &"x".repeat(300_000));
        faults.0.extend(add(files, ABBREVIATIONS, "names = []").0);
        faults
    });
    let mut told: Vec<&str> =
        told.iter().filter(|fault| !fault.ends_with("nothing uses this picture")).map(|s| &**s).collect();
    let x = |nth, bytes| format!("tracks/thanh-toan/vi-du/x-{nth}.svg:1: {bytes} bytes compressed (at most 3072)");
    let mut expected = vec![
        "places/SOURCES.md:1: larger than 262144 bytes".to_owned(),
        "tracks/thanh-toan/track.svg:1: 48215 bytes as written (at most 32768)".to_owned(),
        "tracks/thanh-toan/vi-du:1: all pictures weigh 25355 bytes compressed (at most 24576)".to_owned(),
        "tracks/thanh-toan/vi-du:1: lesson.toml and vi.md have 16792 bytes together (at most 16384)".to_owned(),
        "tracks/thanh-toan/vi-du/gio-anh.svg:1: 3567 bytes compressed (at most 3072)".to_owned(),
        "tracks/thanh-toan/vi-du/x-0.svg:1: the same picture as tracks/thanh-toan/vi-du/gio-anh.svg".to_owned(),
    ];
    expected.extend((0..6).zip([3567, 3566, 3566, 3566, 3566, 3560]).map(|(nth, bytes)| x(nth, bytes)));
    expected.sort();
    told.sort();
    assert_eq!(told, expected);
}

#[test]
fn every_fault_is_told_at_once_sorted_and_counted() {
    let mut files = example();
    let mut faults = Faults::default();
    for (path, from, to) in
        [(TEXT, "## Ghi nhớ", "## Nhớ"), (LESSON, "order = 1 ", "order = 0 "), (UNITS, "51293", "x")]
    {
        let text = text_of(&files, path).replacen(from, to, 1);
        faults.0.extend(add(&mut files, path, &text).0);
    }
    let not_text = b"caf\xe9 \xff";
    files.add(TARGETS.to_owned(), Cow::Borrowed(not_text), &mut faults);
    let told = Library::read(&files, faults).map(|_| ()).map_err(|faults| faults.to_string());
    let Err(told) = told else { panic!("no fault") };
    let files_told: Vec<&str> = told.lines().filter_map(|line| line.split_once(':')).map(|(file, _)| file).collect();
    assert!(files_told.is_sorted());
    assert!(told.contains("indicators/targets.csv:1: not UTF-8: save the file as UTF-8\n"));
    assert!(told.ends_with(&format!("\n{} faults in 4 files", files_told.len())), "{told}");
}

#[test]
fn a_folder_reads_as_what_is_embedded() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let (mut here, mut there) = (Faults::default(), Faults::default());
    let (folder, embedded) = (Files::folder(&content, &mut here), Files::embedded(&mut there));
    assert!(folder.iter().map(|file| (file.path, file.text)).eq(embedded.iter().map(|file| (file.path, file.text))));
    let nowhere = Library::from_folder(Path::new("/nowhere")).map(|_| ()).map_err(|faults| faults.to_string());
    assert!(nowhere.is_err_and(|told| told.contains("/nowhere:1: this folder cannot be read:")));
}

#[test]
fn units_are_those_of_the_resolution() {
    let library = read(&example());
    let units = &library.units;
    assert_eq!(units.len(), 75);
    assert!(units.is_sorted_by_key(|unit| unit.code));
    assert_eq!(units.iter().filter(|unit| unit.kind == domain::places::UnitKind::Ward).count(), 8);
    assert_eq!(units.iter().map(|unit| unit.predecessors.len()).sum::<usize>(), 200);
    let unchanged = |unit: &&Unit| unit.predecessors == [unit.name.clone()];
    assert_eq!(units.iter().filter(unchanged).count(), 7);
    let districts: std::collections::BTreeSet<_> = units.iter().map(|unit| &unit.former_district).collect();
    assert_eq!(districts.len(), 12);
    let tiles: std::collections::BTreeSet<_> = units.iter().map(|unit| unit.tile).collect();
    assert_eq!(tiles.len(), 75);
    assert!(tiles.iter().all(|(column, row)| *column < TILE_COLUMNS && *row < TILE_ROWS));
    let code = "03646".parse().unwrap_or_else(|_| panic!("no code"));
    assert_eq!(library.unit(code).map(|unit| unit.name.as_str()), Some("Phường Tô Hiệu"));
    assert_eq!(library.unit("99999".parse().unwrap_or(code)), None);
}

#[test]
fn adults_are_the_census_share_of_the_population() {
    let library = read(&example());
    let AdultsSource { basis, document, date, census_year, share_hundredths, population, adults } =
        library.adults_source;
    assert_eq!((basis, date.to_string().as_str()), (PopulationBasis::Administrative, "2025-07-01"));
    assert_eq!(document, "Nghị quyết 1681/NQ-UBTVQH15 ngày 16/6/2025");
    assert_eq!((census_year, share_hundredths), (2019, 6828));
    assert_eq!((population, adults), (1_404_587, 959_075));
    for unit in &library.units {
        let share = f64::from(unit.population) * 852_440.0 / 1_248_415.0;
        assert!((f64::from(unit.adults) - share).abs() <= 0.5, "{unit:?}");
    }
}

#[test]
fn the_census_adds_up() {
    use domain::accounts::EthnicGroup;
    let Census { year, people, sexes, ages, ethnic_groups } = read(&example()).census;
    assert_eq!((year, people), (2019, 1_248_415));
    assert_eq!(sexes.iter().map(|(_, people)| people).sum::<u32>(), people);
    assert_eq!(ages.iter().map(|group| group.people).sum::<u32>(), people);
    assert_eq!(ethnic_groups.iter().map(|(_, people)| people).sum::<u32>(), people);
    assert_eq!(
        ages.iter().map(|group| (group.from, group.to)).collect::<Vec<_>>(),
        [(0, Some(14)), (15, Some(64)), (65, None)]
    );
    let of = |wanted| ethnic_groups.iter().find(|(group, _)| *group == wanted).map(|(_, people)| *people);
    assert_eq!(of(EthnicGroup::Thai), Some(669_265), "the census's own number stays");
    // 41,960 others times 14,542 of 40,655.
    assert_eq!(of(EthnicGroup::KhoMu), Some(15_008));
}

#[test]
fn only_confirmed_targets_are_shown() {
    let library = read(&example());
    let all = text_of(&example(), TARGETS).lines().count() - 1;
    assert_eq!((all, library.targets.len()), (50, 31));
    let percents: Vec<&str> = library.targets.iter().map(|target| target.percent.as_str()).collect();
    assert!(percents.contains(&"99.56"));
    let (of, by_title) = ("Adults using online public services (above)", "(last-4-months-of-2025 plan)");
    assert!(library.targets.iter().any(|target| target.name_en == of && target.year == 2030));
    assert!(!library.targets.iter().any(|target| target.name_en.contains(by_title)));
    assert!(!library.targets.iter().any(|target| target.name_en.contains("Digital Literacy for All")));
}

#[test]
fn the_real_content_has_no_faults() {
    let library = Library::embedded().unwrap_or_else(|faults| panic!("{faults}"));
    assert!(library.lessons().count() >= 6);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a file, it is read to the end, and what is not told is there.
    #[test]
    fn any_text_is_survived(which in 0..9usize, cut in 0.0..1.0f64, put in "[-\\PC#>\\[\\]!()<>/=\" \n|,;.]{0,60}") {
        let mut files = example();
        let path = [TRACK, LESSON, TEXT, PICTURE, ABBREVIATIONS, UNITS, TILES, CENSUS, TARGETS][which];
        let text = text_of(&files, path);
        let mut letters: Vec<char> = text.chars().collect();
        let at = (letters.len() as f64 * cut) as usize;
        let end = (at + put.chars().count()).min(letters.len());
        letters.splice(at..end, put.chars());
        let faults = add(&mut files, path, &letters.into_iter().collect::<String>());
        match Library::read(&files, faults) {
            Ok(library) => prop_assert!(library.lessons().count() == 1 && library.units.len() == 75),
            Err(faults) => {
                prop_assert!(!faults.0.is_empty());
                prop_assert!(faults.0.iter().all(|fault| fault.line >= 1 && !fault.what.contains(char::is_control)), "{faults}");
            }
        }
    }
}
