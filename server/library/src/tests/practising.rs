//! Simulators and scam drills: the README's examples, one broken file for each rule, and what holds for all real content.

use super::{FAMILY, PRACTICE, SLOTS, broken::each_is_told, example, example_lesson, faults_after, read, text_of};
use domain::practice::{By, FieldKind, Mark, Part, read_code, shortest_right_path, shown_value};

#[test]
fn the_examples_of_the_readme_are_right() {
    let library = read(&example());
    let totals = library.totals();
    assert_eq!((totals.simulators, totals.scam_families), (1, 1));
    let practice = library.practice(&example_lesson(&library).id).unwrap_or_else(|| panic!("no simulator"));
    assert_eq!(practice.title, "Tập nhận tiền bán rau");
    assert_eq!(practice.machine.to_string(), "1w,4r~4,2w;0r;0r,3m0;0c1;5r=20000;.");
    assert_eq!(shortest_right_path(&practice.machine).map(|path| path.len()), Some(2));
    assert_eq!(practice.slip.len(), 1);
    let Part::Qr(code) = &practice.screens[0].parts[0] else { panic!("no code") };
    let read_back = read_code(code).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!((read_back.account.as_str(), read_back.amount), ("000011112222", Some(20_000)));
    assert!(read_back.is_practice() && !read_back.is_payable());
    let Part::Rows(rows) = &practice.screens[1].parts[0] else { panic!("nothing scanned") };
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Số tài khoản", "Tên người nhận", "Số tiền", "Nội dung"]);
    assert_eq!(shown_value(FieldKind::Amount, "20000"), "20.000 đồng");
    assert!(matches!(practice.machine.screens[4].moves[0].by, By::Typed(_)));
    assert_eq!(practice.machine.screens[2].moves[1].mark, Mark::Mistake(0));

    let scams = library.scams.as_ref().unwrap_or_else(|| panic!("no scams"));
    assert_eq!(scams.text.parse().ok().as_ref(), Some(&scams.book), "phones read the same book");
    let family = &scams.book.families[0];
    assert_eq!((family.id.as_str(), family.signs.len(), family.cases.len()), ("gia-shop", 4, 2));
    let places = scams.book.slots.iter().find(|slot| slot.name == "xa").map(|slot| slot.values.len());
    assert_eq!(places, Some(75));
    let second = &family.cases[0].turns[1];
    assert_eq!(second.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2], "a group is one choice");
}

#[test]
fn a_simulator_has_a_version_of_its_own() {
    let mut files = example();
    let before = read(&files);
    let changed = text_of(&files, PRACTICE).replace("Đưa rau luôn", "Đưa rau ngay");
    super::add(&mut files, PRACTICE, &changed);
    let after = read(&files);
    assert_eq!(example_lesson(&before).version, example_lesson(&after).version);
    assert_ne!(before.practices[0].version, after.practices[0].version);
    files.retain(|path| path != PRACTICE && path != SLOTS && path != FAMILY);
    let without = read(&files);
    assert!(without.practices.is_empty() && without.scams.is_none());
    assert_eq!(example_lesson(&before).version, example_lesson(&without).version);
}

#[test]
fn faults_of_a_simulator() {
    each_is_told(&[
        (PRACTICE, "title = \"Tập nhận tiền bán rau\"                   #", "#", &["1: the simulator has no `title`"]),
        (
            PRACTICE,
            "Tập nhận tiền bán rau",
            "Tập nhận tiền bán rau ở chợ phiên xã mình hôm nay",
            &["1: “Tập nhận tiền bán rau ở chợ phiên xã mình hôm nay” has 49 letters (at most 40)"],
        ),
        (PRACTICE, "[\"nhan-tien\"]", "[\"bay\"]", &["4: skill “bay” is not in the track's track.toml"]),
        (
            PRACTICE,
            "Khách mua rau hết 20.000 đồng. Nghe",
            "Hôm nay ở chợ phiên khách quen mua rau nhà mình hết tất cả 20.000 đồng. Nghe",
            &[
                "2: sentence of 16 words (at most 12): “Hôm nay ở chợ phiên khách quen mua rau nhà mình hết tất cả 20.000 đồng.”",
            ],
        ),
        (
            PRACTICE,
            "Ngân hàng Mẫu\"\nsay",
            "Vietcombank\"\nsay",
            &["33: “vietcombank” is real: practice uses invented names"],
        ),
        (
            PRACTICE,
            "number = \"000011112222\"",
            "number = \"190011112222\"",
            &[
                "12: account “190011112222” is not digits that begin with 0000",
                "18: account “000011112222” is not listed as `[[account]]`",
            ],
        ),
        (
            PRACTICE,
            "note = \"tien rau\"",
            "note = \"tiền rau\"",
            &[
                "16: code “ma-sap-rau” cannot be made: a note has at most 25 letters without marks, digits and spaces",
                "36: code “ma-sap-rau” is not listed as `[[qr]]`",
                "58: code “ma-sap-rau” is not listed as `[[qr]]`",
            ],
        ),
        (
            PRACTICE,
            "app = \"chat\"",
            "app = \"zalo\"",
            &["67: `app` is “zalo” (one of home, bank, id, sms, chat, call, web, shop)"],
        ),
        (
            PRACTICE,
            "id = \"doc-ma\"",
            "id = \"ma-cua-minh\"",
            &["41: there is no screen “doc-ma”", "53: screen “ma-cua-minh” stands here twice"],
        ),
        (PRACTICE, "to = \"mat-rau\"", "to = \"mat-cai\"", &["85: there is no screen “mat-cai”"]),
        (PRACTICE, "wait = 4", "wait = 60", &["44: `wait` is 60 (1 to 20)"]),
        (PRACTICE, "wait = 4  ", "wait = 4\ntap = \"Chờ\"  ", &["43: a move has exactly one of tap, typed, wait"]),
        (
            PRACTICE,
            "big = \"Chưa có tiền mới\"",
            "",
            &["94: a part has exactly one of text, big, rows, notice, bubble, mine, caller, qr, scanned"],
        ),
        (
            PRACTICE,
            "typed = \"20000\"",
            "typed = \"20k\"",
            &["116: `typed` is “20k”: digits, `#` for any digit, or `*` alone for anything"],
        ),
        (PRACTICE, "{tien-ghi}", "{tien-moi}", &["128: “{tien-moi}” is no field of this simulator"]),
        (PRACTICE, "why = \"Gõ đúng số máy báo.\"", "", &["115: a move has no `why`"]),
        (
            PRACTICE,
            "tap = \"Quay lại\"",
            "after = \"Xong.\"\ntap = \"Quay lại\"",
            &["60: nobody is told this `after`: the move is not marked for it"],
        ),
        (PRACTICE, "mistake = \"tin-anh\"", "mistake = \"tin-nguoi\"", &["86: there is no mistake “tin-nguoi”"]),
        (
            PRACTICE,
            "kind = \"amount\"",
            "kind = \"money\"",
            &["112: `kind` is “money” (one of digits, amount, secret)"],
        ),
    ]);
}

#[test]
fn a_simulator_is_walked_completely() {
    each_is_told(&[
        // Nothing makes the mistake good, so it cannot be left.
        (
            PRACTICE,
            "recovery = [\"tin-anh\"]       # makes these mistakes good: says why\nwhy =",
            "right = true\nwhy =",
            &[
                "30: no way leads from screen “ma-cua-minh” to an end with everything made good after the mistake tin-anh",
                "30: nothing makes the mistake “tin-anh” good",
                "52: no way leads from screen “doc-ma” to an end with everything made good after the mistake tin-anh",
                "65: no way leads from screen “anh-khach” to an end with everything made good after the mistake tin-anh",
                "89: no way leads from screen “mat-rau” to an end with everything made good after the mistake tin-anh",
                "102: no way leads from screen “tien-ve” to an end with everything made good after the mistake tin-anh",
                "121: the end “xong” can be reached after the mistake tin-anh without its recovery",
            ],
        ),
        (
            PRACTICE,
            "mistake = \"tin-anh\"          # makes the mistake: `after` says what came of it and where the way back is\nafter = \"Rau đi rồi, tiền chưa về. Gọi khách quay lại nhé.\"",
            "",
            &[
                "30: no move makes the mistake “tin-anh”",
                "88: move 1 of screen “mat-rau” is a recovery that never closes a mistake",
            ],
        ),
        (PRACTICE, "to = \"doc-ma\"", "to = \"anh-khach\"", &["52: nothing leads to screen “doc-ma”"]),
        (
            PRACTICE,
            "right = true                 # a step of the right way: says why\nwhy = \"Chờ một chút, máy sẽ báo tiền về.\"",
            "",
            &[
                "30: no moves marked `right` or `recovery` lead from screen “ma-cua-minh” to an end",
                "30: the moves marked `right` alone do not lead to an end",
                "51: no moves marked `right` or `recovery` lead from screen “doc-ma” to an end",
                "64: no moves marked `right` or `recovery` lead from screen “anh-khach” to an end",
                "88: no moves marked `right` or `recovery` lead from screen “mat-rau” to an end after the mistake tin-anh",
            ],
        ),
        (PRACTICE, "end = true", "end = false", &["121: screen “xong” has no move: where does one go from here?"]),
    ]);
}

#[test]
fn faults_of_scams() {
    each_is_told(&[
        (FAMILY, "skills = [\"nhan-tien\"]", "skills = [\"bay\"]", &["3: no track has the skill “bay”"]),
        (FAMILY, "\"Bác may quá, được tặng {qua} rồi.\", ", "", &["38: `say` has 3 wordings (at least 4 different)"]),
        (
            FAMILY,
            "Bác may quá, được tặng {qua} rồi.",
            "Bác may quá, được tặng {qua-to} rồi.",
            &["38: “{qua-to}” is no gap of this family"],
        ),
        (
            FAMILY,
            "Không hiện số",
            "Số 0912345678",
            &["33: the number 0912345678 could be somebody's: begin it with 0000"],
        ),
        (
            FAMILY,
            "id = \"giuc\"\nof = \"scam\"",
            "id = \"giuc\"\nof = \"genuine\"",
            &[
                "45: the sign “giuc” is one of genuine and stands in another case",
                "52: the sign “giuc” is one of genuine and stands in another case",
            ],
        ),
        (
            FAMILY,
            "channel = \"call\"\nof = \"genuine\"",
            "channel = \"sms\"\nof = \"genuine\"",
            &["1: the family has a scam by `call` and nothing genuine there"],
        ),
        (
            FAMILY,
            "then = \"Đây là cửa hàng thật. Họ chỉ mời mình ra nhận.\"       #",
            "#",
            &["55: a case has no `then`"],
        ),
        (
            FAMILY,
            "qua = [\"một cái quạt\"",
            "quen = [\"a\", \"b\", \"c\", \"d\"]\nqua = [\"một cái quạt\"",
            &["6: no text has the gap “quen”"],
        ),
        (
            FAMILY,
            "sign = \"doi-phi\"             # this piece shows the sign; afterwards it is marked where it stood\n",
            "",
            &[],
        ),
        (SLOTS, "ten-nu", "ten-chi", &["1: the gap “ten-nu” is missing"]),
        (
            SLOTS,
            "gio = ",
            "xa = ",
            &["scams/gia-shop.toml:46: “{gio}” is no gap of this family", "3: the gap “xa” is filled by the program"],
        ),
    ]);
}

#[test]
fn every_case_shows_a_sign_however_it_is_drawn() {
    let told = faults_after(|files| {
        let without: String = text_of(files, FAMILY)
            .lines()
            .filter(|line| !line.starts_with("sign = "))
            .map(|line| format!("{line}\n"))
            .collect();
        super::add(files, FAMILY, &without)
    });
    let told: Vec<&str> = told.iter().filter(|fault| fault.contains("a case can be drawn")).map(|s| &**s).collect();
    assert_eq!(told.len(), 2, "{told:?}");
}
