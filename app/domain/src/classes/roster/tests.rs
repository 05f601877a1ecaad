//! Lists as people write them, and what is understood.

use super::*;
use crate::places::UnitKind;
use chrono::NaiveDate;
use proptest::prelude::*;

fn unit(code: &str, name: &str, district: &str, old: &[&str]) -> Unit {
    Unit {
        code: code_of(code),
        name: name.to_owned(),
        short_name: name.split_once(' ').map_or(name, |(_, short)| short).to_owned(),
        kind: if name.starts_with("Phường") { UnitKind::Ward } else { UnitKind::Commune },
        former_district: district.to_owned(),
        predecessors: old.iter().map(|&name| name.to_owned()).collect(),
        population: 10_000,
        adults: 6_800,
        valid_from: NaiveDate::default(),
        valid_to: None,
        border: false,
        adults_source: None,
        estimated: false,
        tile: (0, 0),
    }
}

fn code_of(code: &str) -> UnitCode {
    code.parse().unwrap_or_else(|_| panic!("{code}"))
}

fn some_units() -> Vec<Unit> {
    vec![
        unit("03646", "Phường Tô Hiệu", "Thành phố Sơn La", &["Phường Quyết Thắng", "Phường Tô Hiệu"]),
        unit("03727", "Xã Mường É", "Huyện Thuận Châu", &["Xã Phổng Lập", "Xã Mường É"]),
        unit("03721", "Xã Thuận Châu", "Huyện Thuận Châu", &["Thị trấn Thuận Châu", "Xã Phổng Lăng"]),
        unit("03808", "Xã Mường La", "Huyện Mường La", &["Thị trấn Ít Ong", "Xã Chiềng Chung"]),
        unit("04132", "Xã Chiềng Mai", "Huyện Mai Sơn", &["Xã Chiềng Chung", "Xã Chiềng Mai"]),
        unit("04204", "Xã Chiềng Khoong", "Huyện Sông Mã", &["Xã Chiềng Khoong", "Xã Mường Cai"]),
        unit("04222", "Xã Chiềng Khương", "Huyện Sông Mã", &["Xã Chiềng Khương", "Xã Mường Sai"]),
    ]
}

/// Rows of a sheet, one a line, with `|` between cells; numbered from 1, blank lines counted.
fn sheet(text: &str) -> Vec<SheetRow> {
    let rows = text.trim().lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    rows.map(|(line, number)| SheetRow {
        number,
        hidden: false,
        cells: line.split('|').map(|cell| cell.trim().to_owned()).collect(),
    })
    .collect()
}

fn read_with(text: &str, existing: &[ExistingPerson]) -> Result<Preview, RosterFault> {
    let units = some_units();
    let context = RosterContext { units: &units, default_unit: Some(code_of("03727")), this_year: 2026, existing };
    preview(&sheet(text), &context)
}

#[track_caller]
fn read(text: &str) -> Preview {
    read_with(text, &[]).unwrap_or_else(|fault| panic!("{fault:?}"))
}

/// Name, year, sex and unit of each row, shortly.
fn entries(preview: &Preview) -> Vec<String> {
    let entry = |row: &PreviewRow| match &row.entry {
        None => format!("{:?}", row.faults),
        Some(entry) => {
            let year = entry.birth_year.map_or("-".to_owned(), |year| year.get().to_string());
            let unit = entry.unit.map_or("-".to_owned(), |unit| unit.to_string());
            format!("{} {year} {} {unit}", entry.name, entry.sex.as_str())
        }
    };
    preview.rows.iter().map(entry).collect()
}

#[test]
fn headings_are_found_under_titles_in_any_order_and_spelling() {
    let expected = ["Lò Thị Ánh 1961 female 03646"];
    let lists = [
        "Họ và tên | Năm sinh | Giới tính | Xã\nLò Thị Ánh | 1961 | Nữ | Tô Hiệu",
        "XÃ MƯỜNG É\n\nDANH SÁCH LỚP HỌC SỐ | \nHọ và tên giảng viên: Nguyễn Văn A\n\nSTT | HỌ VÀ TÊN | NGÀY, THÁNG, NĂM SINH | NAM/NỮ | XÃ, PHƯỜNG\n1 | Lò Thị Ánh | 05/07/1961 | Nữ | Phường Tô Hiệu",
        "Phuong/Xa | gioi tinh | ngay sinh | ho ten\nto hieu | nu | 5-7-1961 | Lò Thị Ánh",
        "Commune | Sex | Date of birth | Full name\n03646 | F | 1961-07-05 | Lò Thị Ánh",
        "Name | Birth year | Gender | Address\nLò Thị Ánh | 1961 | female | Tổ 5, phường Tô Hiệu, Sơn La",
        "Họ và tên đệm | Tên | Sinh năm | GT | Nơi ở\nLò Thị | Ánh | 1961 | nữ | 3646",
        "TÊN | HỌ ĐỆM | Sinh năm | GT | Nơi ở\nÁnh | Lò Thị | 1961 | nữ | 3646",
        "Họ | Tên đệm | Tên | Năm | Giới | Địa chỉ thường trú\nLò | Thị | Ánh | 1961 | nữ | 03646",
        "Tên | Năm sinh (ghi đủ 4 số) * | Nam | Nữ | Xã\nLò Thị Ánh | 1961 | | x | P. Tô Hiệu",
        "Họ và tên | Nam | Nữ | Phường\nLò Thị Ánh | | 1961 | Tô Hiệu",
        "TT | Họ và tên | Năm sinh | | Nơi ở |\n | | Nam | Nữ | Bản | Xã\n1 | Lò Thị Ánh | | 1961 | Bó | Tô Hiệu",
        "TT | Họ và tên | | Năm sinh | Phái | Xã\n1 | Lò Thị | Ánh | 1961 | Nữ | Tô Hiệu",
        "1. Họ tên học viên / Full name | 2. Năm sinh / Year of birth | 3. Giới tính / Sex | 4. Xã\nLò Thị Ánh | 1961 | Nữ | Tô Hiệu",
    ];
    for list in lists {
        assert_eq!(entries(&read(list)), expected, "{list}");
    }
}

#[test]
fn only_the_name_is_needed() {
    assert_eq!(entries(&read("Họ tên | Ghi chú\nLò Thị Ánh | đến muộn")), ["Lò Thị Ánh - unstated 03727"]);
    let without_heading = read("DANH SÁCH LỚP\nLò Thị Ánh\nSùng A Dế");
    assert_eq!(without_heading.heading, None);
    assert_eq!(entries(&without_heading), ["Lò Thị Ánh - unstated 03727", "Sùng A Dế - unstated 03727"]);
    assert_eq!(entries(&read("1. | Lò Thị Ánh\n2. | Sùng A Dế")).len(), 2);
    assert_eq!(read_with("Lò Thị Ánh | 1961\nSùng A Dế | 1970", &[]), Err(RosterFault::NoHeading));
    assert_eq!(read_with("Họ tên bố | Năm sinh\nLò Văn A | 1961", &[]), Err(RosterFault::NoHeading));
    assert_eq!(read_with("Họ và tên | Năm sinh\n\n | ", &[]), Err(RosterFault::NoPeople));
    assert_eq!(read_with("", &[]), Err(RosterFault::NoHeading));
}

#[test]
fn rows_without_a_person_are_left_out() {
    let list = "
STT | Họ và tên | Năm sinh
(1) | (2) | (3)
Bản Bó | |
1 | Lò Thị Ánh | 1961
STT | Họ và Tên | Năm sinh
2 | Tống Công Minh | 1970
3 | AN | 71
 | | 1980
Tổng cộng: 3 người
 | Cộng | 3
 | NGƯỜI LẬP BIỂU | ";
    let preview = read(list);
    assert_eq!(preview.heading, Some(1));
    assert_eq!(
        entries(&preview),
        [
            "Lò Thị Ánh 1961 unstated 03727",
            "Tống Công Minh 1970 unstated 03727",
            "AN 1971 unstated 03727",
            "[Name(Empty)]"
        ]
    );
    let numbers: Vec<u32> = preview.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [4, 6, 7, 8]);
}

#[test]
fn headings_of_two_rows_are_known_again_on_the_next_page() {
    let list = "
TT | Họ và tên | | Năm sinh | | Xã
 | Họ đệm | Tên | Nam | Nữ |
1 | Lò Thị | Ánh | | 1961 | Tô Hiệu
TT | Họ và tên | | Năm sinh | | Xã
 | Họ đệm | Tên | Nam | Nữ |
2 | Cà Văn | Yên | 1970 | | Tô Hiệu";
    assert_eq!(entries(&read(list)), ["Lò Thị Ánh 1961 female 03646", "Cà Văn Yên 1970 male 03646"]);
}

#[test]
fn other_columns_never_leave() {
    let list = "
STT | Họ và tên | Số CCCD | Năm sinh | SĐT | Ghi chú | | Mã | Tuổi
1 | Lò Thị Ánh | 014161000123 | 1961 | 0912345678 | nghèo | 912345679 | 14161000124 | 65";
    let preview = read(list);
    let left_out: Vec<(&str, usize, Why)> =
        preview.left_out.iter().map(|column| (column.heading.as_str(), column.column, column.why)).collect();
    assert_eq!(
        left_out,
        [
            ("Số CCCD", 3, Why::NationalId),
            ("SĐT", 5, Why::Phone),
            ("Ghi chú", 6, Why::NotNeeded),
            ("", 7, Why::Phone),
            ("Mã", 8, Why::NationalId),
            ("Tuổi", 9, Why::NotNeeded),
        ]
    );
    let everything = format!("{preview:?}");
    for secret in ["014161000123", "0912345678", "nghèo", "912345679", "14161000124", "65"] {
        assert!(!everything.contains(secret), "{secret}");
    }
    // A number that slipped into the headings is not repeated either.
    let slipped = read("Họ và tên | 0912345678\nLò Thị Ánh | 0912345679");
    assert!(!format!("{slipped:?}").contains("091234567"));
}

#[test]
fn of_a_date_only_the_year_leaves() {
    let preview = read("Họ và tên | Ngày sinh | Nơi ở\nLò Thị Ánh | 05/07/1961 | Số 12, tổ 5, phường Tô Hiệu");
    assert!(!format!("{preview:?}").contains("05/07"));
    assert_eq!(preview.rows[0].birth_as_written, "1961");
    assert_eq!(preview.rows[0].unit_as_written, "phường Tô Hiệu");
    let in_sex = read("Họ và tên | Nam | Nữ\nLò Thị Ánh | | 05/07/1961");
    assert!(!format!("{in_sex:?}").contains("05/07"));
}

#[test]
fn faults_stop_a_row_and_doubts_do_not() {
    let year = BirthYear::stored;
    let codes = |codes: &[&str]| codes.iter().map(|code| code_of(code)).collect::<Vec<_>>();
    type Row<'a> = (&'a str, &'a [RowFault], &'a [RowDoubt], Option<&'a str>);
    let several = [RowDoubt::OldUnit { candidates: codes(&["03808", "04132"]) }];
    let near = [RowDoubt::SeveralUnits { candidates: codes(&["04204", "04222"]) }];
    let district = [RowDoubt::SeveralUnits { candidates: codes(&["03721", "03727"]) }];
    let village = [RowDoubt::SeveralUnits { candidates: codes(&["03808", "03727"]) }];
    let old = [RowDoubt::OldUnit { candidates: codes(&["03808"]) }];
    let cases: &[Row<'_>] = &[
        ("Ánh | 1961 | Nữ | Mường É", &[], &[], Some("03727")),
        ("Ánh | 1961 | Nữ |", &[], &[], Some("03727")),
        ("Ánh | 61 | Nữ |", &[], &[RowDoubt::BirthCentury { proposed: year(1961) }], Some("03727")),
        ("Ánh | 31/02/1970 | |", &[RowFault::BirthImpossible], &[], None),
        ("Ánh | 1850 | |", &[RowFault::BirthYear { year: 1850 }], &[], None),
        ("Ánh | không rõ | |", &[RowFault::BirthUnreadable], &[], None),
        ("123 | 1961 | |", &[RowFault::Name(NameFault::NoLetter)], &[], None),
        ("Ánh 0912345678 | | |", &[], &[RowDoubt::NameDigits], Some("03727")),
        ("Ánh | | khác |", &[], &[RowDoubt::Sex], Some("03727")),
        ("Ánh | | | xã Chiềng Chung", &[], &several, None),
        ("Ánh | | | it ong", &[], &old, Some("03808")),
        ("Ánh | | | Bản Nà, TT Ít Ong, H. Mường La", &[], &old, Some("03808")),
        ("Ánh | | | chieng khong", &[], &near, None),
        ("Ánh | | | huyện Thuận Châu", &[], &district, None),
        ("Ánh | | | Hà Nội", &[], &[RowDoubt::UnknownUnit], None),
        ("Ánh | | | 99999", &[], &[RowDoubt::UnknownUnit], None),
        ("Ánh | | | Bản Bó, Mường É, Thuận Châu", &[], &[], Some("03727")),
        ("Ánh | | | Mường La, Mường É", &[], &village, None),
        ("Ánh | | | Tổ 5, Tô Hiệu", &[], &[], Some("03646")),
        ("Ánh | | | Bản Bó - Tô Hiệu - Sơn La", &[], &[], Some("03646")),
    ];
    for (row, faults, doubts, unit) in cases {
        let preview = read(&format!("Họ tên | Năm sinh | Giới tính | Xã\n{row}"));
        let read = &preview.rows[0];
        assert_eq!((read.faults.as_slice(), read.doubts.as_slice()), (*faults, *doubts), "{row}");
        assert_eq!(read.entry.is_none(), !faults.is_empty(), "{row}");
        let found = read.entry.as_ref().and_then(|entry| entry.unit).map(|unit| unit.to_string());
        assert_eq!(found.as_deref(), *unit, "{row}");
    }
}

#[test]
fn ticks_in_two_columns_say_the_sex() {
    let cases = [
        ("x |", Sex::Male, false),
        ("| X", Sex::Female, false),
        ("| ✓", Sex::Female, false),
        ("| nữ", Sex::Female, false),
        ("|", Sex::Unstated, false),
        ("0 | 1", Sex::Female, false),
        ("x | x", Sex::Unstated, true),
        ("? |", Sex::Unstated, true),
        ("| nam", Sex::Unstated, true),
    ];
    for (marks, sex, doubt) in cases {
        let preview = read(&format!("Họ tên | Nam | Nữ\nÁnh | {marks}"));
        let row = &preview.rows[0];
        assert_eq!(row.entry.as_ref().map(|entry| entry.sex), Some(sex), "{marks}");
        assert_eq!(row.doubts.contains(&RowDoubt::Sex), doubt, "{marks}");
    }
}

#[test]
fn people_are_found_twice_in_the_file_and_in_the_class() {
    let person = |name: &str, year: Option<i32>, unit: Option<&str>| ExistingPerson {
        name: DisplayName::parse(name).unwrap_or_else(|_| panic!("{name}")),
        birth_year: year.map(BirthYear::stored),
        unit: unit.map(code_of),
    };
    let existing = [
        person("Lò Thị Ánh", Some(1961), Some("03727")),
        person("Sùng A Dế", None, None),
        person("Cà Văn Yên", Some(1970), Some("03646")),
    ];
    let list = "
Họ tên | Năm sinh
LÒ THỊ ÁNH | 1961
Lo Thi Anh | 1961
Lò Thị Ánh | 1962
Lò Thị Ánh |
Sùng A Dế | 1980
Cà Văn Yên | 1970
Vì Văn Tâm | 1999
Vì Văn Tâm | 1999
vi van tam |
";
    let found: Vec<Option<(DuplicateOf, Certainty)>> = read_with(list, &existing)
        .map(|preview| preview.rows.iter().map(|row| row.duplicate.map(|twin| (twin.of, twin.certainty))).collect())
        .unwrap_or_default();
    use {Certainty::*, DuplicateOf::*};
    assert_eq!(
        found,
        [
            Some((Existing(0), Certain)),
            Some((Existing(0), Likely)),
            None,
            Some((Existing(0), Likely)),
            Some((Existing(1), Likely)),
            // Another commune: somebody else may be called so too.
            Some((Existing(2), Likely)),
            None,
            Some((Row(8), Certain)),
            Some((Row(8), Likely)),
        ]
    );
}

#[test]
fn a_thousand_people_and_no_more() {
    let list = |people: usize| {
        let rows: String = (0..people).map(|at| format!("Lò Thị Ánh | {}\n", 1930 + at % 80)).collect();
        format!("Họ tên | Năm sinh\n{rows}")
    };
    let name = DisplayName::parse("Lò Thị Ánh").unwrap_or_else(|_| unreachable!());
    let existing = vec![ExistingPerson { name, birth_year: None, unit: None }; PEOPLE_MAX];
    assert_eq!(read_with(&list(PEOPLE_MAX), &existing).map(|preview| preview.rows.len()), Ok(PEOPLE_MAX));
    assert_eq!(read_with(&list(PEOPLE_MAX + 1), &existing), Err(RosterFault::TooManyPeople));
}

#[test]
fn hidden_rows_are_said_to_be() {
    let mut rows = sheet("Họ tên\nÁnh\nDế");
    rows[1].hidden = true;
    let context = RosterContext { units: &[], default_unit: None, this_year: 2026, existing: &[] };
    let hidden = preview(&rows, &context).map(|preview| preview.rows.iter().map(|row| row.hidden).collect::<Vec<_>>());
    assert_eq!(hidden, Ok(vec![true, false]));
}

/// Cells that mean something, among others.
fn any_cell() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        "Họ và tên",
        "Tên",
        "Họ đệm",
        "Năm sinh",
        "Giới tính",
        "Nam",
        "Nữ",
        "Xã",
        "Địa chỉ",
        "CCCD",
        "STT",
        "x",
        "1961",
        "05/07/61",
        "31/02/1970",
        "Lò Thị Ánh",
        "Mường É",
        "Chiềng Chung",
        "Tổng cộng",
        "(1)",
        "0912345678",
        "a, b, c",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC{0,20}"]
}

proptest! {
    #[test]
    fn any_cells_are_survived(rows in prop::collection::vec(prop::collection::vec(any_cell(), 0..7), 0..12)) {
        let rows: Vec<SheetRow> =
            rows.into_iter().zip(1..).map(|(cells, number)| SheetRow { number, hidden: false, cells }).collect();
        let units = some_units();
        let context = RosterContext { units: &units, default_unit: None, this_year: 2026, existing: &[] };
        if let Ok(preview) = preview(&rows, &context) {
            prop_assert!(!preview.rows.is_empty());
            for row in &preview.rows {
                prop_assert_eq!(row.entry.is_none(), !row.faults.is_empty());
                prop_assert!(row.duplicate.is_none() || row.entry.is_some());
            }
        }
    }
}
