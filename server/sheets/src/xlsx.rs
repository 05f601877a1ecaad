//! A workbook of Excel since 2007 (ECMA-376 part 1, §18): a zip with the sheets, the texts they share and the formats.

use crate::{
    FORMATS_MAX, PARTS_MAX, SHEETS_MAX, STRINGS_MAX, Sheet, SheetError, TEXT_BYTES_MAX,
    archive::Archive,
    format::Format,
    gather::{CELL_BYTES_MAX, Gather},
    xml::{Node, Xml, attribute, flag},
};
use chrono::NaiveDate;
use quick_xml::events::BytesStart;
use std::collections::HashMap;

/// The last row of a sheet in every program.
const ROW_NUMBER_MAX: u32 = 1_048_576;
/// The last column, XFD.
const COLUMN_NUMBER_MAX: usize = 16_384;

/// The first sheet that has text; one that people see before one that is hidden.
pub(crate) fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let mut archive = Archive::open(bytes)?;
    let book = Book::read(&mut archive)?;
    let seen = book.sheets.iter().filter(|sheet| !sheet.hidden);
    for sheet in seen.chain(book.sheets.iter().filter(|sheet| sheet.hidden)) {
        if let Some(read) = read_sheet(&mut archive, &book, &sheet.path)? {
            return Ok(read);
        }
    }
    Err(SheetError::Empty)
}

struct Book {
    sheets: Vec<SheetPlace>,
    strings: Strings,
    /// By the number that a cell carries.
    formats: Vec<Format>,
    since_1904: bool,
}

struct SheetPlace {
    path: String,
    hidden: bool,
}

impl Book {
    fn read(archive: &mut Archive<'_>) -> Result<Self, SheetError> {
        check_content_types(archive)?;
        let document = relations(archive, "", "_rels/.rels")?.into_iter().find(|to| to.kind == "officeDocument");
        let path = document.map(|to| to.path).ok_or(SheetError::Damaged)?;
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let related = relations(archive, folder, &join(folder, &format!("_rels/{file}.rels")))?;
        let (sheets, since_1904) = sheets(archive, &path, &related)?;
        let one = |kind: &str| related.iter().find(|to| to.kind == kind).map(|to| to.path.as_str());
        let strings = one("sharedStrings").map(|path| Strings::read(archive, path)).transpose()?;
        let formats = one("styles").map(|path| formats(archive, path)).transpose()?;
        Ok(Self { sheets, strings: strings.unwrap_or_default(), formats: formats.unwrap_or_default(), since_1904 })
    }
}

/// Macros may be announced without being where they usually are.
fn check_content_types(archive: &mut Archive<'_>) -> Result<(), SheetError> {
    let mut xml = Xml::new(archive.part("[Content_Types].xml")?.ok_or(SheetError::Damaged)?);
    loop {
        match xml.next()? {
            Node::Open(element) => {
                let kind = attribute(&element, "ContentType")?.unwrap_or_default().to_ascii_lowercase();
                if kind.contains("macroenabled") || kind.contains("vbaproject") || kind.contains("macrosheet") {
                    return Err(SheetError::Macros);
                }
            }
            Node::End => return Ok(()),
            _ => {}
        }
    }
}

/// Where a relation leads.
struct Relation {
    id: String,
    /// The last word of its type, which the transitional and the strict standard share.
    kind: String,
    path: String,
}

/// The relations of a part in `folder`; none when the file that lists them is missing.
fn relations(archive: &mut Archive<'_>, folder: &str, path: &str) -> Result<Vec<Relation>, SheetError> {
    let mut found = Vec::new();
    let Some(part) = archive.part(path)? else {
        return Ok(found);
    };
    let mut xml = Xml::new(part);
    loop {
        match xml.next()? {
            Node::Open(element) if element.local_name().as_ref() == "Relationship" => {
                let get = |name| attribute(&element, name);
                if let (Some(id), Some(kind), Some(target)) = (get("Id")?, get("Type")?, get("Target")?) {
                    if found.len() == PARTS_MAX {
                        return Err(SheetError::TooManyParts { parts_max: PARTS_MAX });
                    }
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    found.push(Relation { id, kind, path: join(folder, &target) });
                }
            }
            Node::End => return Ok(found),
            _ => {}
        }
    }
}

/// A target as seen from a folder; one that begins with a slash is seen from the root.
fn join(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." => {}
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

/// The worksheets in the order of their tabs, and whether days are counted from 1904.
fn sheets(archive: &mut Archive<'_>, path: &str, related: &[Relation]) -> Result<(Vec<SheetPlace>, bool), SheetError> {
    let targets: HashMap<&str, &Relation> = related.iter().map(|to| (to.id.as_str(), to)).collect();
    let mut xml = Xml::new(archive.part(path)?.ok_or(SheetError::Damaged)?);
    let mut sheets = Vec::new();
    let mut since_1904 = false;
    loop {
        match xml.next()? {
            Node::Open(element) if element.local_name().as_ref() == "workbookPr" => {
                since_1904 |= flag(&element, "date1904")?;
            }
            Node::Open(element) if element.local_name().as_ref() == "sheet" && sheets.len() < SHEETS_MAX => {
                let hidden = attribute(&element, "state")?.is_some_and(|state| state != "visible");
                let id = attribute(&element, "id")?.unwrap_or_default();
                // A sheet may also be a chart or a dialogue, which have no rows.
                if let Some(to) = targets.get(id.as_str()).filter(|to| to.kind == "worksheet") {
                    sheets.push(SheetPlace { path: to.path.clone(), hidden });
                }
            }
            Node::End => return Ok((sheets, since_1904)),
            _ => {}
        }
    }
}

/// The texts that cells share. What the table says about its own length is not looked at.
#[derive(Default)]
struct Strings {
    texts: Vec<String>,
    /// There were more than [`STRINGS_MAX`]. That alone is no reason to refuse the file: they are in the order of the cells,
    /// and most likely it has too many rows, which is the better thing to say.
    cut: bool,
}

impl Strings {
    fn read(archive: &mut Archive<'_>, path: &str) -> Result<Self, SheetError> {
        let mut strings = Self::default();
        let Some(part) = archive.part(path)? else {
            return Ok(strings);
        };
        let mut xml = Xml::new(part);
        let mut text = CellText::default();
        loop {
            match xml.next()? {
                Node::Open(element) => match element.local_name().as_ref() {
                    "si" if strings.texts.len() == STRINGS_MAX => {
                        strings.cut = true;
                        return Ok(strings);
                    }
                    "si" => text = CellText::default(),
                    name => text.open(name),
                },
                Node::Text(letters) => text.push(&letters),
                Node::Close(element) => match element.local_name().as_ref() {
                    "si" => strings.texts.push(std::mem::take(&mut text).text),
                    name => text.close(name),
                },
                Node::End => return Ok(strings),
                Node::Nothing => {}
            }
        }
    }

    fn get(&self, index: &str) -> Result<&str, SheetError> {
        let index: usize = index.trim().parse().map_err(|_| SheetError::Damaged)?;
        match self.texts.get(index) {
            Some(text) => Ok(text),
            None if self.cut => Err(SheetError::TooMuchText { bytes_max: TEXT_BYTES_MAX }),
            None => Err(SheetError::Damaged),
        }
    }
}

/// The text of a cell or of a shared string, put together from its runs; how it is to be pronounced is left out.
#[derive(Default)]
struct CellText {
    text: String,
    /// Inside `t` or `v`.
    inside: bool,
    /// Inside `rPh`, a reading aid of Japanese.
    aside: bool,
}

impl CellText {
    fn open(&mut self, name: &str) {
        match name {
            "t" | "v" => self.inside = true,
            "rPh" => self.aside = true,
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" | "v" => self.inside = false,
            "rPh" => self.aside = false,
            _ => {}
        }
    }

    /// Keeps one piece more than a cell may have, so that it is seen to be too long and yet does not grow.
    fn push(&mut self, letters: &str) {
        if self.inside && !self.aside && self.text.len() <= CELL_BYTES_MAX {
            let room = CELL_BYTES_MAX + 1;
            let end = (room.min(letters.len())..letters.len()).find(|at| letters.is_char_boundary(*at));
            self.text.push_str(&letters[..end.unwrap_or(letters.len())]);
        }
    }
}

/// The formats by the number that cells carry.
fn formats(archive: &mut Archive<'_>, path: &str) -> Result<Vec<Format>, SheetError> {
    let mut formats = Vec::new();
    let mut written: HashMap<u32, Format> = HashMap::new();
    let Some(part) = archive.part(path)? else {
        return Ok(formats);
    };
    let mut xml = Xml::new(part);
    // Other lists in the same part have elements of the same names.
    let (mut in_codes, mut in_cells) = (false, false);
    loop {
        match xml.next()? {
            Node::Open(element) => match element.local_name().as_ref() {
                "numFmts" => in_codes = true,
                "cellXfs" => in_cells = true,
                "numFmt" if in_codes && written.len() < FORMATS_MAX => {
                    let code = attribute(&element, "formatCode")?.unwrap_or_default();
                    written.insert(number_of(&element, "numFmtId")?, Format::of_code(&code));
                }
                "xf" if in_cells && formats.len() < FORMATS_MAX => {
                    let id = number_of(&element, "numFmtId")?;
                    formats.push(written.get(&id).copied().unwrap_or_else(|| Format::builtin(id)));
                }
                _ => {}
            },
            Node::Close(element) => match element.local_name().as_ref() {
                "numFmts" => in_codes = false,
                "cellXfs" => in_cells = false,
                _ => {}
            },
            Node::End => return Ok(formats),
            _ => {}
        }
    }
}

/// Zero where it is missing, as the standard says of styles.
fn number_of(element: &BytesStart<'_>, name: &str) -> Result<u32, SheetError> {
    attribute(element, name)?.map_or(Ok(0), |value| value.parse().map_err(|_| SheetError::Damaged))
}

/// A cell that is being read.
#[derive(Default)]
struct Cell {
    column: usize,
    /// What its value means: `s`, `str`, `inlineStr`, `b`, `e`, `d`, `n` or nothing.
    kind: String,
    format: usize,
    text: CellText,
}

/// `None` when the sheet has no text.
fn read_sheet(archive: &mut Archive<'_>, book: &Book, path: &str) -> Result<Option<Sheet>, SheetError> {
    let mut xml = Xml::new(archive.part(path)?.ok_or(SheetError::Damaged)?);
    let mut gather = Gather::default();
    let (mut row, mut hidden) = (0, false);
    let mut next_column = 0;
    let mut cell: Option<Cell> = None;
    loop {
        match xml.next()? {
            Node::Open(element) => match element.local_name().as_ref() {
                "row" => {
                    let number = attribute(&element, "r")?.map(|number| number.parse::<u32>()).transpose();
                    let number = number.map_err(|_| SheetError::Damaged)?.unwrap_or(row + 1);
                    if number <= row || number > ROW_NUMBER_MAX {
                        return Err(SheetError::Damaged);
                    }
                    (row, hidden, next_column) = (number, flag(&element, "hidden")?, 0);
                }
                "c" if row > 0 => {
                    let place = attribute(&element, "r")?;
                    let column = place.map_or(Some(next_column), |place| column_of(&place));
                    let column = column.filter(|column| *column < COLUMN_NUMBER_MAX).ok_or(SheetError::Damaged)?;
                    next_column = column + 1;
                    let kind = attribute(&element, "t")?.unwrap_or_default();
                    let format = number_of(&element, "s")? as usize;
                    cell = Some(Cell { column, kind, format, text: CellText::default() });
                }
                name => {
                    if let Some(cell) = &mut cell {
                        cell.text.open(name);
                    }
                }
            },
            Node::Text(letters) => {
                if let Some(cell) = &mut cell {
                    cell.text.push(&letters);
                }
            }
            Node::Close(element) => match element.local_name().as_ref() {
                "c" => {
                    if let Some(cell) = cell.take() {
                        gather.put(row, hidden, cell.column, &shown(&cell, book)?)?;
                    }
                }
                "sheetData" => return Ok(gather.sheet()),
                name => {
                    if let Some(cell) = &mut cell {
                        cell.text.close(name);
                    }
                }
            },
            Node::End => return Ok(gather.sheet()),
            Node::Nothing => {}
        }
    }
}

/// What somebody who opens the file reads in a cell.
fn shown(cell: &Cell, book: &Book) -> Result<String, SheetError> {
    let value = cell.text.text.as_str();
    Ok(match cell.kind.as_str() {
        _ if value.is_empty() => String::new(),
        "s" => unescape(book.strings.get(value)?),
        "b" => if matches!(value.trim(), "1" | "true") { "TRUE" } else { "FALSE" }.to_owned(),
        "d" => iso_date(value),
        "" | "n" => match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let format = book.formats.get(cell.format).copied().unwrap_or(Format::Plain);
                format.show(number, book.since_1904)
            }
            _ => value.to_owned(),
        },
        _ => unescape(value),
    })
}

/// Letters before digits: `AB12` is column 27, counted from 0.
fn column_of(place: &str) -> Option<usize> {
    let letters: &str = place.trim_end_matches(|letter: char| letter.is_ascii_digit());
    // Three letters are enough for every column there is.
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let value = |letter: u8| letter.is_ascii_alphabetic().then(|| usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    let number = letters.bytes().try_fold(0, |sum, letter| Some(sum * 26 + value(letter)?))?;
    Some(number - 1)
}

/// A date as the standard's own form writes it, turned into the one people use here.
fn iso_date(value: &str) -> String {
    let day = value.split('T').next().and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    day.map_or_else(|| value.to_owned(), |day| day.format("%d/%m/%Y").to_string())
}

/// `_x000D_` stands for a character that XML cannot hold (ECMA-376 part 1, §22.9.2.19).
fn unescape(text: &str) -> String {
    const LENGTH: usize = "_x000D_".len();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let escape = rest.get(at..at + LENGTH).filter(|escape| escape.ends_with('_'));
        let code = escape.and_then(|escape| u32::from_str_radix(&escape[2..LENGTH - 1], 16).ok());
        plain.push_str(&rest[..at]);
        match code.and_then(char::from_u32) {
            Some(letter) => {
                plain.push(letter);
                rest = &rest[at + LENGTH..];
            }
            None => {
                plain.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_letters() {
        let cases = [
            ("A1", Some(0)),
            ("Z9", Some(25)),
            ("AA1", Some(26)),
            ("XFD1048576", Some(16_383)),
            ("1", None),
            ("", None),
            ("AAAA1", None),
            ("A-1", None),
        ];
        for (place, column) in cases {
            assert_eq!(column_of(place), column, "{place}");
        }
    }

    #[test]
    fn paths_are_seen_from_their_folder() {
        assert_eq!(join("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(join("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(join("xl", "../docs/./a.xml"), "docs/a.xml");
        assert_eq!(join("", "../../a.xml"), "a.xml");
    }

    #[test]
    fn characters_that_xml_cannot_hold_are_put_back() {
        assert_eq!(unescape("a_x000D_b"), "a\rb");
        assert_eq!(unescape("_x005F_x000D_"), "_x000D_");
        assert_eq!(unescape("_xé12__x12"), "_xé12__x12");
    }
}
