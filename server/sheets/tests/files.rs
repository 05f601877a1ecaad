//! Good and bad files, made here: one test for each thing that people upload.

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use sheets::{
    CELL_CHARACTERS_MAX, COLUMNS_MAX, FILE_BYTES_MAX, INFLATED_BYTES_MAX, Kind, PART_BYTES_MAX, PARTS_MAX, ROWS_MAX,
    Sheet, SheetError, read,
};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A workbook with one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

fn text(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells) {
        sheet.write_string(row, column, *cell).expect("a cell");
    }
}

fn zipped(parts: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).expect("a part");
        zip.write_all(content).expect("its content");
    }
    zip.finish().expect("a zip").into_inner()
}

const TYPES: &[u8] = br#"<Types><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const ROOT: &[u8] =
    br#"<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="a"/></sheets></workbook>"#;
const BOOK_RELATIONS: &[u8] = br#"<Relationships>
    <Relationship Id="a" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="b" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>
</Relationships>"#;
const STRINGS: &[u8] =
    br#"<sst uniqueCount="99999999999999"><si><t>Name</t></si><si><r><t>Su</t></r><r><t>ri</t></r></si></sst>"#;
const SHEET: &[u8] = br#"<worksheet><dimension ref="B9:A1"/><sheetData>
    <row r="1"><c r="A1" t="s"><v>0</v></c></row>
    <row r="2"><c r="A2" t="s"><v>1</v></c></row>
</sheetData></worksheet>"#;

/// The parts of a small workbook, some of them replaced or added.
fn parts<'p>(changed: &[(&'p str, &'p [u8])]) -> Vec<(&'p str, &'p [u8])> {
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS),
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/worksheets/sheet1.xml", SHEET),
    ];
    for change in changed {
        match parts.iter_mut().find(|part| part.0 == change.0) {
            Some(part) => part.1 = change.1,
            None => parts.push(*change),
        }
    }
    parts
}

fn raw(changed: &[(&str, &[u8])]) -> Vec<u8> {
    zipped(&parts(changed), CompressionMethod::Deflated)
}

fn rows(sheet: Sheet) -> Vec<(u32, Vec<String>)> {
    sheet.rows.into_iter().map(|row| (row.number, row.cells)).collect()
}

#[track_caller]
fn reads(name: &str, bytes: &[u8], expected: &[(u32, &[&str])]) {
    let read = read(name, bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let expected: Vec<(u32, Vec<String>)> = expected
        .iter()
        .map(|(number, cells)| (*number, cells.iter().map(|cell| (*cell).to_owned()).collect()))
        .collect();
    assert_eq!(rows(read), expected, "{name}");
}

#[track_caller]
fn refuses(name: &str, bytes: &[u8], expected: SheetError) {
    assert_eq!(read(name, bytes), Err(expected), "{name}");
}

fn utf_16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(bytes_of).collect()
}

const LIST: &[(u32, &[&str])] = &[(1, &["Họ và tên", "Năm sinh"]), (2, &["Lò Thị Ánh", "1961"])];

#[test]
fn a_workbook_is_read_with_the_numbers_of_its_rows() {
    let bytes = workbook(|sheet| {
        text(sheet, 0, &["DANH SÁCH LỚP HỌC"]);
        text(sheet, 4, &["TT", "Họ và tên", "Năm sinh"]);
        text(sheet, 5, &["1", " Lò Thị Ánh "]);
        sheet.write_number(5, 2, 1961.0).expect("a number");
        text(sheet, 6, &["", "Sùng A Dế", "0961"]);
    });
    let expected: &[(u32, &[&str])] = &[
        (1, &["DANH SÁCH LỚP HỌC"]),
        (5, &["TT", "Họ và tên", "Năm sinh"]),
        (6, &["1", "Lò Thị Ánh", "1961"]),
        (7, &["", "Sùng A Dế", "0961"]),
    ];
    reads("danh sách.xlsx", &bytes, expected);
    reads("danh sách.csv", &bytes, expected);
    reads("", &bytes, expected);
}

#[test]
fn dates_and_numbers_come_as_people_see_them() {
    let bytes = workbook(|sheet| {
        let formats = ["dd/mm/yyyy", "yyyy", "0000", "d/m/yy h:mm", "General"];
        for (column, (number, format)) in
            (0..).zip([22467.0, 22467.0, 7.0, 22467.5, 0.1 + 0.2].into_iter().zip(formats))
        {
            let format = Format::new().set_num_format(format);
            sheet.write_number_with_format(0, column, number, &format).expect("a number");
        }
        sheet.write_boolean(0, 5, true).expect("a truth");
    });
    reads("a.xlsx", &bytes, &[(1, &["05/07/1961", "1961", "0007", "05/07/1961 12:00", "0.3", "TRUE"])]);
}

#[test]
fn of_a_formula_only_its_result_is_read() {
    let bytes = workbook(|sheet| {
        sheet.write_formula(0, 0, Formula::new("=CONCAT(\"Lò\",\" Ánh\")").set_result("Lò Ánh")).expect("a formula");
        sheet.write_formula(0, 1, Formula::new("=1960+1").set_result("1961")).expect("a formula");
        sheet.write_string(0, 2, "=HYPERLINK(\"http://x\")").expect("text");
    });
    reads("a.xlsx", &bytes, &[(1, &["Lò Ánh", "1961", "=HYPERLINK(\"http://x\")"])]);
}

#[test]
fn hidden_rows_are_read_and_marked() {
    let bytes = workbook(|sheet| {
        text(sheet, 0, &["Tên"]);
        text(sheet, 1, &["Ánh"]);
        text(sheet, 2, &["Dế"]);
        sheet.set_row_hidden(1).expect("a row");
    });
    let sheet = read("a.xlsx", &bytes).expect("a sheet");
    assert_eq!(sheet.rows.iter().map(|row| row.hidden).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn a_merged_cell_has_its_text_where_it_begins() {
    let bytes = workbook(|sheet| {
        sheet.merge_range(0, 0, 0, 3, "Danh sách", &Format::new()).expect("merged cells");
        text(sheet, 1, &["Tên", "", "", "Xã"]);
    });
    reads("a.xlsx", &bytes, &[(1, &["Danh sách"]), (2, &["Tên", "", "", "Xã"])]);
}

#[test]
fn the_first_sheet_with_text_is_read_and_a_seen_one_before_a_hidden_one() {
    let mut book = Workbook::new();
    text(book.add_worksheet().set_hidden(true), 0, &["hidden"]);
    book.add_worksheet();
    text(book.add_worksheet().set_active(true), 0, &["seen"]);
    text(book.add_worksheet(), 0, &["later"]);
    reads("a.xlsx", &book.save_to_buffer().expect("a workbook"), &[(1, &["seen"])]);

    let mut book = Workbook::new();
    text(book.add_worksheet().set_hidden(true), 0, &["hidden"]);
    book.add_worksheet().set_active(true);
    reads("a.xlsx", &book.save_to_buffer().expect("a workbook"), &[(1, &["hidden"])]);
}

#[test]
fn decomposed_letters_are_composed() {
    let decomposed = "Ho\u{323} va\u{300} te\u{302}n";
    let bytes = workbook(|sheet| text(sheet, 0, &[decomposed]));
    reads("a.xlsx", &bytes, &[(1, &["Họ và tên"])]);
    reads("a.csv", decomposed.as_bytes(), &[(1, &["Họ và tên"])]);
}

#[test]
fn what_a_workbook_says_about_itself_decides_nothing() {
    // A table that claims a hundred billion strings, and a sheet that ends before it begins.
    reads("a.xlsx", &raw(&[]), &[(1, &["Name"]), (2, &["Suri"])]);
    // A cell in the last corner costs one row, not a rectangle.
    let corner = br#"<worksheet><sheetData><row r="1048576"><c r="C1048576" t="inlineStr"><is><t>a&amp;b&#233;</t></is></c></row></sheetData></worksheet>"#;
    reads("a.xlsx", &raw(&[("xl/worksheets/sheet1.xml", corner)]), &[(1_048_576, &["", "", "a&bé"])]);
}

#[test]
fn workbooks_of_other_programs_are_read() {
    // Prefixes, targets from the root, backslashes, cells without places, dates as text, breaks written out, capitals in names.
    let relations = br#"<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="/XL\Worksheets\Sheet1.xml"/></Relationships>"#;
    let book = br#"<x:workbook xmlns:x="x" xmlns:r="r"><x:sheets><x:sheet name="A" r:id="a"/></x:sheets></x:workbook>"#;
    let sheet = br#"<?xml version="1.0"?><!-- a list --><x:worksheet xmlns:x="x"><x:sheetData>
        <x:row><x:c t="inlineStr"><x:is><x:t>Name_x000A_of</x:t><x:rPh sb="0"><x:t>aside</x:t></x:rPh></x:is></x:c><x:c/><x:c t="d"><x:v>1961-07-05T00:00:00</x:v></x:c></x:row>
        <x:row hidden="true"><x:c t="str"><x:f>A1</x:f><x:v><![CDATA[<b>]]></x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>
    </x:sheetData></x:worksheet>"#;
    let bytes = raw(&[
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/worksheets/sheet1.xml", sheet),
    ]);
    reads("a.xlsx", &bytes, &[(1, &["Name\nof", "", "05/07/1961"]), (2, &["<b>", "#N/A"])]);
    assert_eq!(read("a.xlsx", &bytes).map(|sheet| sheet.rows[1].hidden), Ok(true));
}

#[test]
fn plain_text_is_read_in_every_usual_encoding() {
    let list = "Họ và tên;Năm sinh\r\nLò Thị Ánh;1961\r\n";
    reads("a.csv", list.as_bytes(), LIST);
    reads("a.csv", format!("\u{feff}{list}").as_bytes(), LIST);
    reads("a.txt", &utf_16(list, u16::to_le_bytes), LIST);
    reads("a.txt", &utf_16(list, u16::to_be_bytes), LIST);
    // Windows-1258 writes most tones as a mark of their own behind the letter.
    let windows_1258 = b"Ho\xf2 v\xe0 t\xean;N\xe3m sinh\r\nLo\xcc Thi\xf2 \xc1nh;1961";
    reads("a.csv", windows_1258, LIST);
}

#[test]
fn commas_semicolons_and_tabs_are_told_apart() {
    reads("a.csv", "Họ và tên,Năm sinh\nLò Thị Ánh,1961".as_bytes(), LIST);
    reads("a.tsv", "Họ và tên\tNăm sinh\nLò Thị Ánh\t1961".as_bytes(), LIST);
    reads("a.xls", "Họ và tên\tNăm sinh\rLò Thị Ánh\t1961\r".as_bytes(), LIST);
    reads("a.csv", "sep=;\nHọ và tên;Năm sinh\nLò Thị Ánh;1961".as_bytes(), LIST);
    let addresses = "Danh sách, năm 2026\nTên;Nơi ở;Sinh\nÁnh;Bản Mòn, xã Mường É;1961\nDế;Bản Pá, xã Tông Cọ;1970";
    let expected: &[(u32, &[&str])] = &[
        (1, &["Danh sách, năm 2026"]),
        (2, &["Tên", "Nơi ở", "Sinh"]),
        (3, &["Ánh", "Bản Mòn, xã Mường É", "1961"]),
        (4, &["Dế", "Bản Pá, xã Tông Cọ", "1970"]),
    ];
    reads("a.csv", addresses.as_bytes(), expected);
}

#[test]
fn rows_of_text_are_numbered_as_a_spreadsheet_program_does() {
    let list = "\nTên,Xã\n\n\n\"Ánh\nLò\",\"Mường \"\"É\"\"\"\n , \nDế,Tông Cọ";
    reads("a.csv", list.as_bytes(), &[(2, &["Tên", "Xã"]), (5, &["Ánh\nLò", "Mường \"É\""]), (7, &["Dế", "Tông Cọ"])]);
}

#[test]
fn other_files_are_refused_by_their_name() {
    let ods = zipped(&[("mimetype", b"application/vnd.oasis"), ("content.xml", b"<a/>")], CompressionMethod::Stored);
    let word = zipped(&[("[Content_Types].xml", TYPES), ("word/document.xml", b"<a/>")], CompressionMethod::Stored);
    let binary = raw(&[]);
    let xlsb = zipped(&[("[Content_Types].xml", TYPES), ("xl/workbook.bin", b"")], CompressionMethod::Stored);
    let photographs = zipped(&[("a.jpg", &binary)], CompressionMethod::Stored);
    let mut xls = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    xls.resize(2_048, 0);
    let cases: &[(&str, &[u8], Kind)] = &[
        ("a.xls", &xls, Kind::Xls),
        ("a.xlsx", &xls, Kind::Xls),
        ("a.ods", &ods, Kind::Ods),
        ("a.xlsx", &ods, Kind::Ods),
        ("a.docx", &word, Kind::Document),
        ("a.xlsb", &xlsb, Kind::Xlsb),
        ("a.zip", &photographs, Kind::Archive),
        ("a.xlsx", b"%PDF-1.7", Kind::Pdf),
        ("a.csv", b"\xff\xd8\xff\xe0\0\x10JFIF", Kind::Picture),
        ("a.csv", b"\x89PNG\r\n\x1a\n", Kind::Picture),
        ("a.csv", b"\0\0\0\x18ftypheic", Kind::Picture),
        ("a.csv", b"BM\x36\0\0\0\0\0", Kind::Picture),
        ("a.xls", b"\xef\xbb\xbf <html><table>", Kind::Markup),
        ("a.xls", b"<?xml version=\"1.0\"?>", Kind::Markup),
        ("a.csv", b"{\\rtf1}", Kind::Document),
        ("a.csv", b"a\0b\x01", Kind::Other),
        ("a.json", b"[1]", Kind::Other),
    ];
    for (name, bytes, kind) in cases {
        refuses(name, bytes, SheetError::Unsupported(*kind));
    }
    // Begins like a bitmap, and is text.
    reads("a.csv", "BMI,Tên".as_bytes(), &[(1, &["BMI", "Tên"])]);
}

#[test]
fn a_password_is_told_from_an_old_workbook() {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(1_152, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2_048, 0);
    refuses("a.xlsx", &bytes, SheetError::PasswordProtected);
}

#[test]
fn macros_are_refused_wherever_they_show() {
    refuses("a.xlsx", &raw(&[("xl/vbaProject.bin", b"")]), SheetError::Macros);
    refuses("a.xlsx", &raw(&[("xl/macrosheets/sheet1.xml", b"<a/>")]), SheetError::Macros);
    refuses("a.xlsm", &raw(&[]), SheetError::Macros);
    let announced = br#"<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>"#;
    refuses("a.xlsx", &raw(&[("[Content_Types].xml", announced)]), SheetError::Macros);
}

#[test]
fn document_types_and_entities_are_refused_in_every_part_that_is_read() {
    let parts = ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"];
    for part in parts.into_iter().chain(["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]) {
        let bomb = br#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>"#;
        refuses("a.xlsx", &raw(&[(part, bomb)]), SheetError::Entities);
    }
    let entity = br#"<sst><si><t>&file;</t></si></sst>"#;
    refuses("a.xlsx", &raw(&[("xl/sharedStrings.xml", entity)]), SheetError::Entities);
}

/// A worksheet of so many blanks.
fn blanks(bytes: u64) -> Vec<u8> {
    let mut sheet = b"<worksheet><sheetData>".to_vec();
    sheet.resize(sheet.len() + bytes as usize, b' ');
    sheet.extend(b"</sheetData></worksheet>");
    sheet
}

/// Writes a small size over the true one, wherever a header has it.
fn lie(bytes: &mut [u8], size: usize) {
    let truth = u32::try_from(size).expect("a size").to_le_bytes();
    let lies: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == truth).collect();
    assert!(!lies.is_empty());
    for at in lies {
        bytes[at..at + 4].copy_from_slice(&500_u32.to_le_bytes());
    }
}

#[test]
fn zip_bombs_are_refused_honest_or_not() {
    let too_much = SheetError::InflatesTooMuch { bytes_max: INFLATED_BYTES_MAX };
    // Says what it is, in a part that would never be read.
    let honest = raw(&[("xl/media/image1.png", &blanks(INFLATED_BYTES_MAX))]);
    assert!(honest.len() < FILE_BYTES_MAX);
    refuses("a.xlsx", &honest, too_much);
    // Small enough together, and too large for one part.
    let sheet = blanks(PART_BYTES_MAX);
    refuses("a.xlsx", &raw(&[("xl/worksheets/sheet1.xml", &sheet)]), too_much);
    let strings = [b"<sst>".to_vec(), sheet].concat();
    refuses("a.xlsx", &raw(&[("xl/sharedStrings.xml", &strings)]), too_much);
    // Says it is small: the first byte beyond what it said is the last one that is inflated.
    let sheet = blanks(1024 * 1024);
    let mut lying = raw(&[("xl/worksheets/sheet1.xml", &sheet)]);
    lie(&mut lying, sheet.len());
    refuses("a.xlsx", &lying, SheetError::Damaged);
}

#[test]
fn a_part_read_again_and_again_is_paid_for_each_time() {
    let sheets: String = (0..50).map(|at| format!(r#"<sheet name="{at}" r:id="a"/>"#)).collect();
    let book = format!(r#"<workbook xmlns:r="r"><sheets>{sheets}</sheets></workbook>"#);
    let bytes = raw(&[("xl/workbook.xml", book.as_bytes()), ("xl/worksheets/sheet1.xml", &blanks(2 * 1024 * 1024))]);
    refuses("a.xlsx", &bytes, SheetError::InflatesTooMuch { bytes_max: INFLATED_BYTES_MAX });
}

#[test]
fn limits_hold_on_parts_rows_columns_and_text() {
    let names: Vec<String> = (0..=PARTS_MAX).map(|at| format!("xl/media/{at}.png")).collect();
    let media: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    refuses("a.xlsx", &raw(&media), SheetError::TooManyParts { parts_max: PARTS_MAX });

    let large = vec![b'a'; FILE_BYTES_MAX + 1];
    refuses("a.csv", &large, SheetError::FileTooLarge { bytes_max: FILE_BYTES_MAX });

    let wide = format!("Tên\n{}Ánh", ",".repeat(COLUMNS_MAX));
    refuses("a.csv", wide.as_bytes(), SheetError::TooManyColumns { row: 2, columns_max: COLUMNS_MAX });
    let bytes = workbook(|sheet| drop(sheet.write_string(3, 100, "Ánh")));
    refuses("a.xlsx", &bytes, SheetError::TooManyColumns { row: 4, columns_max: COLUMNS_MAX });

    let fits = "ấ".repeat(CELL_CHARACTERS_MAX);
    reads("a.csv", fits.as_bytes(), &[(1, &[&fits])]);
    reads("a.xlsx", &workbook(|sheet| text(sheet, 0, &[&fits])), &[(1, &[&fits])]);
    for letters in [CELL_CHARACTERS_MAX + 1, 30_000] {
        let long = "ấ".repeat(letters);
        let error = SheetError::CellTooLong { row: 2, column: 1, characters_max: CELL_CHARACTERS_MAX };
        refuses("a.csv", format!("Tên\n{long}").as_bytes(), error);
        refuses("a.xlsx", &workbook(|sheet| text(sheet, 1, &[&long])), error);
    }
    // One text in every cell.
    let cell = r#"<c t="s"><v>0</v></c>"#.repeat(COLUMNS_MAX);
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", format!("<row>{cell}</row>").repeat(200));
    let strings = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(CELL_CHARACTERS_MAX));
    let bytes = raw(&[("xl/worksheets/sheet1.xml", sheet.as_bytes()), ("xl/sharedStrings.xml", strings.as_bytes())]);
    refuses("a.xlsx", &bytes, SheetError::TooMuchText { bytes_max: sheets::TEXT_BYTES_MAX });
}

#[test]
fn a_hundred_thousand_rows_are_refused_at_the_first_one_too_many() {
    let too_many = SheetError::TooManyRows { rows_max: ROWS_MAX };
    // Also when there are more different texts than a workbook may share.
    let names: Vec<String> = (0..100_000).map(|at| format!("Lò Thị {at}")).collect();
    let bytes = workbook(|sheet| (0..).zip(&names).for_each(|(row, name)| text(sheet, row, &[name, "1961"])));
    refuses("a.xlsx", &bytes, too_many);
    refuses("a.csv", names.join("\n").as_bytes(), too_many);
    let most = names[..ROWS_MAX].join("\n");
    assert_eq!(read("a.csv", most.as_bytes()).map(|sheet| sheet.rows.len()), Ok(ROWS_MAX));
}

#[test]
fn files_without_rows_are_empty() {
    refuses("a.csv", b"", SheetError::Empty);
    refuses("a.csv", b"\xef\xbb\xbf", SheetError::Empty);
    refuses("a.csv", b" ;\r\n\t\n", SheetError::Empty);
    refuses("a.xlsx", &workbook(|_| {}), SheetError::Empty);
    refuses("a.xlsx", &workbook(|sheet| text(sheet, 3, &["  "])), SheetError::Empty);
}

#[test]
fn broken_files_are_damaged() {
    let whole = raw(&[]);
    refuses("a.xlsx", &whole[..whole.len() / 2], SheetError::Damaged);
    let missing = br#"<worksheet><sheetData><row r="1"><c t="s"><v>7</v></c></row></sheetData></worksheet>"#;
    refuses("a.xlsx", &raw(&[("xl/worksheets/sheet1.xml", missing)]), SheetError::Damaged);
    let backwards = br#"<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>"#;
    refuses("a.xlsx", &raw(&[("xl/worksheets/sheet1.xml", backwards)]), SheetError::Damaged);
    let cut = br#"<worksheet><sheetData><row r="2">"#;
    refuses("a.xlsx", &raw(&[("xl/worksheets/sheet1.xml", cut)]), SheetError::Damaged);
    let deep = "<a>".repeat(sheets::XML_DEPTH_MAX + 1);
    refuses("a.xlsx", &raw(&[("xl/worksheets/sheet1.xml", deep.as_bytes())]), SheetError::Damaged);
    refuses("a.csv", b"T\x8an,X\x81", SheetError::UnknownEncoding);
    refuses("a.csv", b"\xff\xfea\0\x00\xd8b\0", SheetError::UnknownEncoding);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_bytes_are_survived(name in "[a-z.]{0,6}", bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&name, &bytes);
    }

    #[test]
    fn any_text_is_survived(text in "[\\PC\n\t\";,]{0,200}") {
        if let Ok(sheet) = read("a.csv", text.as_bytes()) {
            prop_assert!(sheet.rows.windows(2).all(|pair| pair[0].number < pair[1].number));
            prop_assert!(sheet.rows.iter().all(|row| row.cells.last().is_some_and(|cell| !cell.is_empty())));
        }
    }

    /// A workbook that is not compressed, so that what is broken is its XML as often as its zip.
    #[test]
    fn broken_workbooks_are_survived(breaks in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = zipped(&parts(&[]), CompressionMethod::Stored);
        for (at, byte) in breaks {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read("a.xlsx", &bytes);
    }
}
