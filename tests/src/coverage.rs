//! What the public is shown: `/thong-ke`, from the first learner to the next month.

use crate::{
    cast::{KEEP_ACCOUNT, LIBRARY, LINKS, NOW, dơ, lan, mai},
    html::{Element, elements},
    reference::expected,
    world::{Answer, World, on_sqlite, root},
};
use app::words::{Locale, Words};
use domain::{
    coverage::{Figure, Part, PublicCount, Step, Witness},
    places::{Unit, UnitCode, fold},
    time::{DAY_MS, Millis, Month},
};
use hocso::publish::publish_if_due;
use std::{collections::BTreeSet, fs};

const PAGE: &str = "/thong-ke";
const MUONG_E: &str = "03727";
const CO_MA: &str = "03781";
const TO_HIEU: &str = "03646";
const CHIENG_AN: &str = "03664";
const DECEMBER: Millis = NOW + 10 * DAY_MS;
const JANUARY: Millis = NOW + 41 * DAY_MS;

/// People of 15 and over, of Mường É, Co Mạ and Tô Hiệu, who learn in November. With Dơ, whose record key is drawn, Co Mạ has four:
/// the noise, at most five, never makes ten of them.
const VILLAGES: [u16; 3] = [1_003, 3, 24];

/// A row of the table as it stands there.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Row {
    unit: UnitCode,
    place: String,
    people: String,
    seen: String,
    adults: String,
    share: String,
}

impl Row {
    fn unit(&self) -> &'static Unit {
        LIBRARY.unit(self.unit).unwrap_or_else(|| panic!("{} is no commune", self.unit))
    }

    /// The number shown; "under ten" stands after ten.
    fn number(&self) -> u64 {
        if self.people == "dưới 10" { 1 } else { digits(&self.people) }
    }
}

/// `1.000` or `1,000`.
fn digits(text: &str) -> u64 {
    text.replace(['.', ','], "").parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// The table of places: the twin of the map.
fn table(page: &Answer) -> Element<'_> {
    let sections = elements(&page.text, "section");
    let section = sections.iter().find(|section| section.get("id") == "bang").expect("the section");
    let tables = elements(section.inner, "table");
    assert_eq!(tables.len(), 1, "{}", page.body());
    tables[0].clone()
}

/// Adults who have finished a lesson of any track or of one, as the public may know by the end of November.
async fn november_of(world: &World, track: Option<&str>, part: Part) -> PublicCount {
    let track = track.map(|track| track.parse().expect("a track"));
    let figure = Figure::Ladder { track, step: Step::Heard, witness: Witness::Self_, part };
    expected(world, Month::from_number(202611).expect("a month"), &figure).await
}

/// A public count as the pages write it.
fn written(words: &Words, count: PublicCount) -> String {
    match count {
        PublicCount::Zero => "0".to_owned(),
        PublicCount::UnderTen => "dưới 10".to_owned(),
        PublicCount::Withheld => "không nêu".to_owned(),
        PublicCount::About(people) => words.number(people),
    }
}

fn unit(code: &str) -> Part {
    Part::Unit(code.parse().expect("a code"))
}

fn rows(page: &Answer) -> Vec<Row> {
    let table = table(page);
    let rows = elements(table.inner, "tr");
    let rows = rows.iter().filter_map(|row| Some((row.get("id").strip_prefix("u-")?, row)));
    let rows = rows.map(|(code, row)| {
        let cells: Vec<String> = elements(row.inner, "td").iter().map(Element::text).collect();
        let place = elements(row.inner, "th")[0].text();
        let [people, seen, adults, share] = cells.try_into().expect("four figures");
        Row { unit: code.parse().expect("a code"), place, people, seen, adults, share }
    });
    rows.collect()
}

fn row(page: &Answer, unit: &str) -> Row {
    let row = rows(page).into_iter().find(|row| row.unit.as_str() == unit);
    row.unwrap_or_else(|| panic!("no row {unit}"))
}

/// The text of the only paragraph of a class.
fn paragraph(page: &Answer, class: &str) -> String {
    let paragraphs = elements(&page.text, "p");
    let mut of_class = paragraphs.iter().filter(|paragraph| paragraph.has_class(class));
    let only = of_class.next().unwrap_or_else(|| panic!("no paragraph {class}:\n{}", page.body()));
    assert!(of_class.next().is_none(), "one {class}");
    only.text()
}

fn vietnamese() -> Words {
    Words::from(Locale::Vi)
}

/// Tenths of a percent, half up.
fn permille(people: u64, adults: u64) -> u64 {
    (people * 1_000 + adults / 2) / adults
}

fn adults_of_all() -> u64 {
    LIBRARY.units.iter().filter(|unit| unit.valid_to.is_none()).map(|unit| u64::from(unit.adults)).sum()
}

/// The clock goes on and the server looks whether a month is over, as it does every minute.
async fn look_at(world: &World, at: Millis) {
    world.set_clock(at);
    publish_if_due(&world.front, None).await.expect("publishes");
}

/// The villages learn with Mai, Dơ and Lan; Lan and forty more are children.
async fn they_learn(world: &World) {
    for (unit, people) in [MUONG_E, CO_MA, TO_HIEU].into_iter().zip(VILLAGES) {
        let lesson = if unit == TO_HIEU { LINKS } else { KEEP_ACCOUNT };
        world.village(unit, people, 1985, lesson, NOW).await;
    }
    world.village(CHIENG_AN, 40, 2012, LINKS, NOW).await;
    for who in [mai(), dơ(), lan()] {
        let answer = world.sends(who.story().registers().finishes(KEEP_ACCOUNT), &who).await;
        assert_eq!(answer.results(), ["stored"; 2]);
    }
}

async fn november(world: &World) {
    they_learn(world).await;
    look_at(world, DECEMBER).await;
}

#[test]
fn before_the_first_month_is_over_the_page_says_when() {
    on_sqlite(|world| async move {
        let empty = |page: &Answer| {
            assert_eq!(page.status, 200);
            assert_eq!(elements(&page.text, "table").len(), 0);
            assert!(elements(&page.text, "svg").iter().all(|svg| !svg.has_class("tiles")), "no map of nothing");
        };
        let page = world.get(PAGE).await;
        empty(&page);
        assert_eq!(paragraph(&page, "finding"), "Chưa có số liệu tháng nào.");
        page.says("Số liệu đầu tiên sẽ có vào đầu tháng 12/2026.");
        let english = world.get(&format!("/en{PAGE}")).await;
        empty(&english);
        english.says("There are no figures yet.");
        english.says("The first will be here at the beginning of December 2026.");
        // What is learnt this month is not shown this month.
        they_learn(&world).await;
        look_at(&world, NOW + DAY_MS).await;
        assert_eq!(world.count("open_release").await, 0);
        assert_eq!(world.get(PAGE).await.text, page.text);
    });
}

#[test]
fn a_month_without_learners_promises_the_next_one() {
    on_sqlite(|world| async move {
        world.get(PAGE).await.says("đầu tháng 12/2026");
        look_at(&world, DECEMBER).await;
        assert_eq!(world.count("open_release").await, 0);
        let page = world.get(PAGE).await;
        page.says("Số liệu đầu tiên sẽ có vào đầu tháng 1/2027.");
        page.is_silent_about("12/2026");
    });
}

#[test]
fn figures_carry_noise_and_small_ones_are_hidden() {
    on_sqlite(|world| async move {
        november(&world).await;
        let page = world.get(PAGE).await;
        let words = vietnamese();
        // 1 004 of Mường É, 4 of Co Mạ, 24 of Tô Hiệu.
        let province = november_of(&world, None, Part::Province).await;
        let PublicCount::About(people) = province else { panic!("{province:?}") };
        assert!(people.abs_diff(1_032) <= 5);
        let said = written(&words, province);
        assert_eq!(
            paragraph(&page, "finding"),
            format!("{said} người lớn ở Sơn La tự ghi là đã học xong ít nhất một bài.")
        );
        let adults = adults_of_all();
        assert_eq!(paragraph(&page, "big"), words.percent(permille(people, adults)));
        page.says(&format!("Tức là {said} trong {} người từ 15 tuổi trở lên", words.number(adults)));
        page.says("hết tháng 11/2026");
        page.says("Số đã làm nhiễu nhẹ để bảo vệ riêng tư");
        for place in [MUONG_E, CO_MA, TO_HIEU] {
            let shown = written(&words, november_of(&world, None, unit(place)).await);
            assert_eq!(row(&page, place).people, shown, "{place}");
        }
        assert_eq!((row(&page, CO_MA).people.as_str(), row(&page, CO_MA).share.as_str()), ("dưới 10", "–"));
        assert_eq!(
            (row(&page, CHIENG_AN).people.as_str(), row(&page, CHIENG_AN).share.as_str()),
            ("0", "0,0 %"),
            "children"
        );
        let table = table(&page);
        let small = elements(table.inner, "tr").into_iter().find(|row| row.get("id") == "u-03781").expect("Co Mạ");
        let figures: String = elements(small.inner, "td").iter().map(Element::text).collect::<Vec<_>>().join(" ");
        assert_eq!(figures, format!("dưới 10 0 {} –", row(&page, CO_MA).adults), "nothing else about the four");
    });
}

#[test]
fn percentages_can_be_recomputed_from_what_is_shown() {
    on_sqlite(|world| async move {
        november(&world).await;
        let page = world.get(PAGE).await;
        let words = vietnamese();
        let mut with_share = 0;
        for row in rows(&page) {
            let adults = u64::from(row.unit().adults);
            assert_eq!(row.adults, words.number(adults), "{row:?}");
            assert!(row.place.starts_with(&row.unit().name), "{row:?}");
            if row.people == "dưới 10" {
                assert_eq!(row.share, "–", "{row:?}");
                continue;
            }
            assert_eq!(row.share, words.percent(permille(digits(&row.people), adults)), "{row:?}");
            with_share += usize::from(row.people != "0");
        }
        assert_eq!(with_share, 2);
    });
}

#[test]
fn the_map_and_the_table_say_the_same() {
    on_sqlite(|world| async move {
        november(&world).await;
        for path in [PAGE.to_owned(), format!("{PAGE}/an-toan")] {
            let page = world.get(&path).await;
            let rows = rows(&page);
            assert_eq!(rows.len(), 75);
            assert_eq!(rows.iter().map(|row| row.unit).collect::<BTreeSet<_>>().len(), 75);
            let maps = elements(&page.text, "svg");
            let maps: Vec<_> = maps.iter().filter(|svg| svg.has_class("tiles")).collect();
            assert_eq!(maps.len(), 1);
            assert_eq!(maps[0].get("aria-label"), "Bản đồ 75 xã, phường, mỗi nơi một ô");
            let tiles = elements(maps[0].inner, "a");
            assert_eq!(tiles.len(), 75);
            let mut led_to = BTreeSet::new();
            let mut places = BTreeSet::new();
            for tile in &tiles {
                let code = tile.get("href").strip_prefix("/thong-ke/xa/").expect("leads to its place");
                let row = rows.iter().find(|row| row.unit.as_str() == code);
                let row = row.unwrap_or_else(|| panic!("{code} leads nowhere"));
                let share = Some(row.share.clone()).filter(|share| share != "–");
                let said = [Some(row.unit().short_name.clone()), share, Some(format!("{} người", row.people))];
                assert_eq!(tile.get("aria-label"), said.into_iter().flatten().collect::<Vec<_>>().join(": "));
                let square = elements(tile.inner, "rect");
                assert_eq!(square.len(), 1);
                assert!(
                    places.insert((square[0].get("x").to_owned(), square[0].get("y").to_owned())),
                    "{code} covered"
                );
                assert_eq!(tile.has_class("t0"), row.share == "–", "{row:?}");
                led_to.insert(code.to_owned());
            }
            assert_eq!(led_to.len(), 75);
        }
    });
}

#[test]
fn the_table_can_be_sorted_without_javascript() {
    on_sqlite(|world| async move {
        november(&world).await;
        let usual = world.get(PAGE).await;
        let columns = |page: &Answer| -> Vec<(String, String)> {
            let table = table(page);
            let heads = elements(table.inner, "th");
            let heads = heads.iter().filter(|head| head.get("scope") == "col");
            heads
                .map(|head| {
                    let link = elements(head.inner, "a").first().map(|link| link.get("href").to_owned());
                    (head.get("aria-sort").to_owned(), link.unwrap_or_default())
                })
                .collect()
        };
        let sorted = |page: &Answer| -> Vec<String> { columns(page).into_iter().map(|(sorted, _)| sorted).collect() };
        assert_eq!(sorted(&usual), ["none", "none", "", "", "descending"]);
        let links: Vec<String> = columns(&usual).into_iter().map(|(_, link)| link).collect();
        assert_eq!(links, ["/thong-ke?xep=ten#bang", "/thong-ke?xep=nguoi#bang", "", "", "/thong-ke#bang"]);
        let by_name = |row: &Row| (fold(&row.unit().short_name), row.unit);
        let share = |row: &Row| row.share.strip_suffix(" %").map(digits);
        let all = rows(&usual);
        let in_order = |path: &str, key: &dyn Fn(&Row) -> Option<u64>| {
            let mut expected = all.clone();
            expected.sort_by_key(|row| (std::cmp::Reverse(key(row)), by_name(row)));
            (path.to_owned(), expected)
        };
        let by_number = in_order(&links[1], &|row| Some(row.number()));
        let by_share = in_order(&links[4], &share);
        let names = in_order(&links[0], &|_| None);
        let expected = [
            (names, ["ascending", "none", "", "", "none"]),
            (by_number, ["none", "descending", "", "", "none"]),
            (by_share, ["none", "none", "", "", "descending"]),
        ];
        for ((path, expected), heads) in expected {
            let page = world.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(sorted(&page), heads, "{path}");
            assert_eq!(rows(&page), expected, "{path}");
        }
        assert_eq!(
            rows(&world.get("/thong-ke?xep=nguoi").await)[..3].iter().map(|row| row.unit.as_str()).collect::<Vec<_>>(),
            [MUONG_E, TO_HIEU, CO_MA]
        );
        for odd in ["?xep=", "?xep=tuoi", "?xep=tuoi&xep=nguoi&x=1", "?sort=ten", "?xep=%00"] {
            let page = world.get(&format!("{PAGE}{odd}")).await;
            assert_eq!((page.status, rows(&page) == all), (200, true), "{odd}");
        }
        assert_eq!(world.get(&format!("{PAGE}?xep=tuoi")).await.text, usual.text);
        // A track and a language stay when the table is sorted.
        let track = world.get(&format!("/en{PAGE}/an-toan?xep=ten")).await;
        assert_eq!(columns(&track)[1].1, "/en/thong-ke/an-toan?xep=nguoi#bang");
        assert_eq!(sorted(&track)[0], "ascending");
    });
}

#[test]
fn a_track_has_figures_of_its_own() {
    on_sqlite(|world| async move {
        november(&world).await;
        let any = world.get(PAGE).await;
        let title = |id: &str| LIBRARY.track(id).expect("a track").title.clone();
        let safety = world.get(&format!("{PAGE}/an-toan")).await;
        let words = vietnamese();
        let of = async |track: &str, part: Part| written(&words, november_of(&world, Some(track), part).await);
        let people = of("an-toan", Part::Province).await;
        let finding =
            format!("{people} người lớn ở Sơn La tự ghi là đã học xong ít nhất một bài về {}.", title("an-toan"));
        assert_eq!(paragraph(&safety, "finding"), finding);
        assert_eq!(row(&safety, MUONG_E).people, "0");
        assert_eq!(row(&safety, TO_HIEU).people, of("an-toan", unit(TO_HIEU)).await);
        assert_ne!(rows(&safety), rows(&any));
        let paying = world.get(&format!("{PAGE}/thanh-toan")).await;
        assert_eq!(row(&paying, MUONG_E).people, of("thanh-toan", unit(MUONG_E)).await);
        assert_eq!(row(&paying, TO_HIEU).people, "0");
        // Of a track that nobody has learnt yet.
        let papers = world.get(&format!("{PAGE}/dich-vu-cong")).await;
        assert!(paragraph(&papers, "finding").starts_with("0 người lớn"), "{}", paragraph(&papers, "finding"));
        assert!(rows(&papers).iter().all(|row| row.people == "0" && row.share == "0,0 %"));
        for page in [&any, &safety, &paying, &papers] {
            let links = elements(&page.text, "nav");
            let switch = links.iter().find(|nav| nav.has_class("switch")).expect("the switch");
            let here: Vec<_> =
                elements(switch.inner, "a").into_iter().filter(|a| a.get("aria-current") == "page").collect();
            assert_eq!((elements(switch.inner, "a").len(), here.len()), (4, 1));
        }
        assert_eq!(world.get(&format!("{PAGE}/nau-an")).await.status, 404);
        // How many finished each lesson: all of the province, or those of the track.
        let bars = |page: &Answer| {
            let lists = elements(&page.text, "dl");
            let bars = lists.iter().rfind(|list| list.has_class("bars")).expect("the lessons");
            elements(bars.inner, "dt").len()
        };
        assert_eq!(bars(&any), LIBRARY.lessons().count());
        assert_eq!(bars(&safety), LIBRARY.track("an-toan").expect("a track").lessons.len());
    });
}

#[test]
fn each_step_of_the_ladder_has_a_page_of_its_own() {
    on_sqlite(|world| async move {
        november(&world).await;
        let says = [
            ("da-hoc", "tự ghi là đã học xong ít nhất một bài."),
            ("tap-co-giup", "tự ghi là đã tập có người giúp ít nhất một việc."),
            ("tu-tap", "đã tự tập được ít nhất một việc."),
            ("lam-co-giup", "tự ghi là đã làm thật có người giúp ít nhất một việc."),
            ("tu-lam", "tự ghi là đã tự làm thật ít nhất một việc."),
            ("da-day", "tự ghi là đã dạy người khác ít nhất một việc."),
        ];
        for (step, says) in says {
            let page = world.get(&format!("{PAGE}?buoc={step}")).await;
            assert!(paragraph(&page, "finding").ends_with(says), "{step}: {}", paragraph(&page, "finding"));
            let nobody = paragraph(&page, "finding").starts_with("0 người lớn");
            assert_eq!(nobody, step != "da-hoc", "{step}");
            // Sorting and changing the track stay with the step.
            if step != "da-hoc" {
                page.says(&format!("href=\"/thong-ke/an-toan?buoc={step}\""));
                page.says(&format!("href=\"/thong-ke?buoc={step}&amp;xep=ten#bang\""));
            }
        }
    });
}

#[test]
fn english_has_english_words_and_numbers() {
    on_sqlite(|world| async move {
        november(&world).await;
        let page = world.get(&format!("/en{PAGE}")).await;
        let words = Words::from(Locale::En);
        page.says("<html lang=\"en\"");
        let PublicCount::About(people) = november_of(&world, None, Part::Province).await else { panic!("a thousand") };
        assert_eq!(
            paragraph(&page, "finding"),
            format!("{} adults in Sơn La report that they finished at least one lesson.", words.number(people))
        );
        assert_eq!(paragraph(&page, "big"), words.percent(permille(people, adults_of_all())));
        assert!(paragraph(&page, "big").ends_with('%') && paragraph(&page, "big").contains('.'));
        let row_of = |unit: &str| row(&page, unit);
        let PublicCount::About(of_muong_e) = november_of(&world, None, unit(MUONG_E)).await else {
            panic!("a thousand")
        };
        assert_eq!((row_of(MUONG_E).people, row_of(CO_MA).people), (words.number(of_muong_e), "under 10".to_owned()));
        assert_eq!(row_of(CHIENG_AN).share, "0.0%");
        page.says("to the end of November 2026");
        for vietnamese in ["dưới 10", "người lớn", "1.040", " người<", "tháng 11", "Tỷ lệ"] {
            page.is_silent_about(vietnamese);
        }
    });
}

#[test]
fn what_is_published_stays_until_the_next_month() {
    on_sqlite(|world| async move {
        november(&world).await;
        let paths = [PAGE.to_owned(), format!("{PAGE}?xep=nguoi"), format!("{PAGE}/thanh-toan"), format!("/en{PAGE}")];
        let mut before = Vec::new();
        for path in &paths {
            before.push(world.get(path).await.bytes);
        }
        // Some learn now, some of November only come now.
        world.village(MUONG_E, 57, 1990, KEEP_ACCOUNT, DECEMBER).await;
        world.village(CO_MA, 30, 1990, KEEP_ACCOUNT, NOW).await;
        for day in [0, 1, 20] {
            look_at(&world, DECEMBER + day * DAY_MS).await;
            for (path, before) in paths.iter().zip(&before) {
                assert!(world.get(path).await.bytes == *before, "{path} changed on day {day}");
            }
        }
        look_at(&world, JANUARY).await;
        let page = world.get(PAGE).await;
        let near = |unit: &str, people: u64| digits(&row(&page, unit).people).abs_diff(people) <= 5;
        assert!(near(MUONG_E, 1_061) && near(CO_MA, 34), "{:?}", row(&page, CO_MA));
        page.says("hết tháng 12/2026");
        page.is_silent_about("hết tháng 11/2026");
    });
}

#[test]
fn official_targets_stand_apart_and_only_confirmed_ones() {
    on_sqlite(|world| async move {
        november(&world).await;
        let file = fs::read_to_string(root().join("content/indicators/targets.csv")).expect("the targets");
        let confirmed = file.lines().filter(|line| line.contains("confirmed by stored source"));
        let confirmed = confirmed.filter(|line| !line.contains("(title only)")).count();
        assert!(confirmed > 0 && confirmed < file.lines().count() - 1, "some are not confirmed");
        let page = world.get(PAGE).await;
        let lists = elements(&page.text, "dl");
        let aims = lists.iter().find(|list| list.has_class("aims")).expect("the targets");
        let (heads, texts) = (elements(aims.inner, "dt"), elements(aims.inner, "dd"));
        assert_eq!((heads.len(), texts.len(), LIBRARY.targets.len()), (confirmed, confirmed, confirmed));
        for ((head, text), target) in heads.iter().zip(&texts).zip(&LIBRARY.targets) {
            assert_eq!(head.text(), format!("{} % đến năm {}", target.percent, target.year));
            for said in [&target.name_vi, &target.geography, &target.document] {
                assert!(text.text().contains(said), "{said:?}: {}", text.text());
            }
        }
        assert!(elements(aims.inner, "svg").is_empty() && elements(aims.inner, "table").is_empty());
        for name in ["table", "svg", "figure"] {
            let learning = elements(&page.text, name);
            assert!(!learning.is_empty(), "{name}");
            for one in learning {
                let apart = LIBRARY.targets.iter().all(|target| !one.text().contains(&target.name_vi));
                assert!(apart && !one.inner.contains("aims"), "a target in a {name}");
            }
        }
        let bars = lists.iter().find(|list| list.has_class("bars")).expect("the lessons");
        assert!(LIBRARY.targets.iter().all(|target| !bars.text().contains(&target.name_vi)));
        page.says("Đây không phải số của Học Số.");
        let english = world.get(&format!("/en{PAGE}")).await;
        for target in &LIBRARY.targets {
            assert!(english.text.contains(&target.name_en), "{}", target.name_en);
        }
    });
}

#[test]
fn the_method_names_what_the_shares_are_of() {
    on_sqlite(|world| async move {
        november(&world).await;
        {
            for locale in Locale::ALL {
                let words = Words::from(locale);
                let source = &LIBRARY.adults_source;
                let page = world.get(if locale == Locale::Vi { PAGE } else { "/en/thong-ke" }).await;
                page.says(&source.document);
                page.says(&words.date(source.date));
                let adults = words.number(adults_of_all());
                let notes = elements(&page.text, "p");
                let note = notes.iter().map(Element::text).find(|note| note.contains(&source.document));
                let note = note.unwrap_or_else(|| panic!("no note:\n{}", page.body()));
                assert!(note.contains(&adults) && note.contains(&words.date(source.date)), "{note}");
            }
        }
    });
}

on_both!(published_figures_survive_recount_erasure_and_move, |world| async move {
    let store = &world.store;
    world.village(MUONG_E, 120, 1985, KEEP_ACCOUNT, NOW).await;
    world.village(TO_HIEU, 90, 1985, KEEP_ACCOUNT, NOW).await;
    // In many places, so that a single person in one of them is far from being found out.
    for place in crate::reference::units().iter().rev().take(12) {
        world.village(place.code.as_str(), 40, 1985, KEEP_ACCOUNT, NOW).await;
    }
    for who in [mai(), dơ()] {
        world.sends(who.story().registers().finishes(KEEP_ACCOUNT), &who).await;
    }
    // One more in Tô Hiệu: the tenth, who then moves away.
    let mut tenth = lan();
    tenth.profile.birth_year = domain::accounts::BirthYear::stored(1999);
    world.sends(tenth.story().registers().finishes(LINKS), &tenth).await;
    look_at(&world, DECEMBER).await;
    let release = async |number| store.release(number).await.expect("answers").expect("is there");
    let published = release(1).await;
    let page = world.get(PAGE).await;
    let near = |page: &Answer, unit: &str, people: u64| digits(&row(page, unit).people).abs_diff(people) <= 5;
    assert!(near(&page, MUONG_E, 121) && near(&page, TO_HIEU, 91));
    let stays = async |what: &str| {
        look_at(&world, DECEMBER).await;
        assert_eq!(release(1).await, published, "{what}");
        assert!(world.get(PAGE).await.bytes == page.bytes, "{what} changed the page");
    };
    store.recount(true).await.expect("recounts");
    stays("a recount").await;
    assert!(store.erase(&dơ().credentials, DECEMBER).await.expect("erases"));
    assert_eq!(world.people("tally_people WHERE unit = '03781'").await, 0);
    stays("an erasure").await;
    let moved = world.sends(tenth.story().at(DECEMBER).numbered_from(9).moves_to(CO_MA), &tenth).await;
    assert_eq!(moved.results(), ["stored"]);
    stays("a move").await;
    store.recount(true).await.expect("recounts");
    stays("a recount afterwards").await;
    world.agrees().await;
    // The next month knows of all of it.
    look_at(&world, JANUARY).await;
    assert_eq!(release(2).await.1.month, Month::from_number(202612).expect("a month"));
    assert_eq!(release(1).await, published);
    assert!(near(&world.get(PAGE).await, TO_HIEU, 90));
});
