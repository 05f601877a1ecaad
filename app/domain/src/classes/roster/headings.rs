//! Which column is which, by the headings people write; and which columns are not read at all.

use super::{HEADING_ROWS_MAX, SheetRow};
use crate::places::fold;
use std::collections::BTreeMap;

/// What is read of a row beside the name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Part {
    Birth,
    Sex,
    /// The column "Nam", ticked or with a year.
    Male,
    /// The column "Nữ".
    Female,
    Unit,
}

/// What a heading announces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    Name,
    /// "Tên", which is the whole name unless another column has the rest.
    Given,
    Family,
    Middle,
    Part(Part),
    /// "Nơi ở": the commune is somewhere in it. One that announces a commune alone is better.
    Address,
    /// The number of the row.
    Number,
    LeftOut(Why),
    Blank,
    Other,
}

/// Why a column is not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Numbers of identity cards, by its heading or by what stands in it.
    NationalId,
    /// Telephone numbers.
    Phone,
    /// Nothing of it is needed.
    NotNeeded,
}

/// A column that was not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// As written; empty when there is none.
    pub heading: String,
    /// From 1, as column A is.
    pub column: usize,
    pub why: Why,
}

/// Where everything stands.
pub(super) struct Layout {
    /// The number of the row with the headings.
    pub heading: Option<u32>,
    /// Where people may begin, in the list of rows.
    pub first_row: usize,
    pub left_out: Vec<LeftOut>,
    /// In the order in which they make up a name.
    names: Vec<usize>,
    parts: BTreeMap<Part, usize>,
    /// Rows of headings, folded, in the columns that are read: to know them again at the top of the next page.
    headings: Vec<Vec<(usize, String)>>,
}

impl Layout {
    pub(super) fn name_of(&self, row: &SheetRow) -> String {
        let words: Vec<&str> =
            self.names.iter().map(|column| cell(row, *column)).filter(|cell| !cell.is_empty()).collect();
        words.join(" ")
    }

    /// What stands in a column, without blanks around; empty when there is no such column.
    pub(super) fn cell<'r>(&self, row: &'r SheetRow, part: Part) -> &'r str {
        self.parts.get(&part).map_or("", |column| cell(row, *column))
    }

    pub(super) fn repeats_heading(&self, row: &SheetRow) -> bool {
        let same = |heading: &Vec<(usize, String)>| heading.iter().all(|(at, text)| fold(cell(row, *at)) == *text);
        self.headings.iter().any(same)
    }
}

fn cell(row: &SheetRow, column: usize) -> &str {
    row.cells.get(column).map_or("", |cell| cell.trim())
}

/// Finds the headings, or sees that there is only one column; `None` when it cannot be said which column has the names.
pub(super) fn layout(rows: &[SheetRow]) -> Option<Layout> {
    let mut best: Option<(usize, usize)> = None;
    for (at, row) in rows.iter().enumerate().take(HEADING_ROWS_MAX) {
        let roles = roles(row);
        if !has_name(&roles) {
            continue;
        }
        let understood = roles.iter().filter(|role| !matches!(role, Role::Blank | Role::Other)).count();
        if best.is_none_or(|(most, _)| understood > most) {
            best = Some((understood, at));
        }
    }
    match best {
        Some((_, at)) => Some(below(rows, at)),
        None => only_column(rows),
    }
}

fn roles(row: &SheetRow) -> Vec<Role> {
    row.cells.iter().map(|cell| role(cell)).collect()
}

fn has_name(roles: &[Role]) -> bool {
    roles.iter().any(|role| matches!(role, Role::Name | Role::Given))
}

/// The layout under headings.
fn below(rows: &[SheetRow], at: usize) -> Layout {
    let heading = &rows[at];
    let mut roles = roles(heading);
    let mut first_row = at + 1;
    let second = rows.get(first_row).filter(|row| row.number == heading.number + 1);
    let second = second.filter(|row| is_second_heading(row, &roles));
    if let Some(row) = second {
        first_row += 1;
        for (column, text) in row.cells.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            if roles.len() <= column {
                roles.resize(column + 1, Role::Blank);
            }
            roles[column] = role(text);
        }
    }
    let width = rows[first_row..].iter().map(|row| row.cells.len()).max().unwrap_or_default();
    roles.resize(roles.len().max(width), Role::Blank);

    let first = |wanted: Role| roles.iter().position(|role| *role == wanted);
    let (family, middle, given) = (first(Role::Family), first(Role::Middle), first(Role::Given));
    let names: Vec<usize> = match first(Role::Name) {
        Some(name) => {
            let rest = name + 1;
            let goes_on = roles.get(rest) == Some(&Role::Blank) && continues_names(&rows[first_row..], name, rest);
            [name].into_iter().chain(goes_on.then_some(rest)).collect()
        }
        None => family.into_iter().chain(middle).chain(given).collect(),
    };
    let mut parts = BTreeMap::new();
    for part in [Part::Birth, Part::Sex, Part::Male, Part::Female, Part::Unit] {
        if let Some(column) = first(Role::Part(part)) {
            parts.insert(part, column);
        }
    }
    if let Some(column) = first(Role::Address) {
        parts.entry(Part::Unit).or_insert(column);
    }

    let heading_of = |column: usize| {
        let lower = second.map_or("", |row| cell(row, column));
        if lower.is_empty() { cell(heading, column) } else { lower }
    };
    let is_read = |column: &usize| names.contains(column) || parts.values().any(|read| read == column);
    let left_out = (0..roles.len())
        .filter(|column| !is_read(column) && roles[*column] != Role::Number)
        .filter_map(|column| left_out(&rows[first_row..], column, roles[column], heading_of(column)))
        .collect();
    let headings = [Some(heading), second].into_iter().flatten().map(|row| {
        (0..roles.len()).filter(is_read).map(|column| (column, fold(cell(row, column)))).collect::<Vec<_>>()
    });
    // One with nothing in these columns would be every empty row.
    let headings = headings.filter(|heading| heading.iter().any(|(_, text)| !text.is_empty())).collect();
    Layout { heading: Some(heading.number), first_row, left_out, names, parts, headings }
}

/// Whether the row under the headings divides them: "Năm sinh" into "Nam" and "Nữ", "Nơi ở" into "Bản" and "Xã". It names nobody,
/// has nothing but headings, and at least one of them under a merged cell, which is empty but where it begins.
fn is_second_heading(row: &SheetRow, above: &[Role]) -> bool {
    const PARTS: [&str; 8] = ["ban", "thon", "ban tieu khu", "huyen", "tinh", "ngay cap", "noi cap", "so"];
    let written = || row.cells.iter().enumerate().filter(|(_, text)| !text.trim().is_empty());
    let is_heading = |text: &str| !matches!(role(text), Role::Other) || PARTS.contains(&fold(text).as_str());
    let above = |column: usize| above.get(column).copied().unwrap_or(Role::Blank);
    written().any(|(column, _)| column > 0 && above(column) == Role::Blank)
        && written().all(|(column, text)| is_heading(text) && above(column) != Role::Number)
        && written().all(|(column, _)| !matches!(above(column), Role::Given | Role::Middle | Role::Family))
}

/// Whether the column beside the names goes on with them, as in lists where "Họ và tên" stands over two columns: words without
/// digits in most rows that have a name.
fn continues_names(rows: &[SheetRow], name: usize, rest: usize) -> bool {
    let named = rows.iter().filter(|row| !cell(row, name).is_empty()).count();
    let words =
        |text: &str| text.chars().any(char::is_alphabetic) && !text.chars().any(|letter| letter.is_ascii_digit());
    let both = rows.iter().filter(|row| !cell(row, name).is_empty() && words(cell(row, rest))).count();
    // One word in each: a remark has more.
    let short = rows.iter().all(|row| cell(row, rest).split_whitespace().count() <= 2);
    short && both > 0 && both * 2 > named
}

/// A list without headings: one column, maybe with numbers before it.
fn only_column(rows: &[SheetRow]) -> Option<Layout> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let filled = |column: &usize| rows.iter().any(|row| !cell(row, *column).is_empty());
    // Numbers of rows go no further than the rows; years do.
    let is_number = |text: &str| text.trim_end_matches('.').parse::<usize>().is_ok_and(|number| number <= rows.len());
    let counts =
        |column: &usize| rows.iter().map(|row| cell(row, *column)).all(|text| text.is_empty() || is_number(text));
    let mut columns = (0..width).filter(filled).filter(|column| !counts(column));
    let names = columns.next().filter(|_| columns.next().is_none())?;
    Some(Layout {
        heading: None,
        first_row: 0,
        left_out: Vec::new(),
        names: vec![names],
        parts: BTreeMap::new(),
        headings: Vec::new(),
    })
}

/// The longest heading that is repeated to people; what is longer is a remark.
const HEADING_CHARACTERS_MAX: usize = 60;
/// So many digits in a heading are data that slipped into its row.
const HEADING_DIGITS_MAX: usize = 5;

/// A column that is not read, unless it is empty.
fn left_out(rows: &[SheetRow], column: usize, role: Role, heading: &str) -> Option<LeftOut> {
    let written = || rows.iter().map(|row| cell(row, column)).filter(|text| !text.is_empty());
    if heading.is_empty() && written().next().is_none() {
        return None;
    }
    let most = |test: fn(&str) -> bool| written().filter(|text| test(text)).count() * 2 > written().count();
    let why = match role {
        Role::LeftOut(why) => why,
        _ if most(is_phone) => Why::Phone,
        _ if most(is_national_id) => Why::NationalId,
        _ => Why::NotNeeded,
    };
    let digits = heading.chars().filter(char::is_ascii_digit).count();
    let shown = heading.chars().take(if digits > HEADING_DIGITS_MAX { 0 } else { HEADING_CHARACTERS_MAX });
    Some(LeftOut { heading: shown.collect(), column: column + 1, why })
}

/// The digits of a number that may be written in groups; `None` when there is anything else.
fn digits(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|letter| !matches!(letter, ' ' | '.' | '-' | '+')).collect();
    (!bare.is_empty() && bare.bytes().all(|digit| digit.is_ascii_digit())).then_some(bare)
}

/// Twelve digits, or nine until 2021; a spreadsheet drops leading zeros.
fn is_national_id(text: &str) -> bool {
    digits(text).is_some_and(|digits| matches!(digits.len(), 9 | 11 | 12))
}

/// Ten digits from 0 on, nine when the zero was dropped, or the number of the country before them.
fn is_phone(text: &str) -> bool {
    digits(text).is_some_and(|digits| match digits.len() {
        10 => digits.starts_with('0'),
        9 => digits.starts_with(['3', '5', '7', '8', '9']),
        11 => digits.starts_with("84"),
        _ => false,
    })
}

/// Words that announce numbers of identity cards wherever they stand in a heading.
const ID_WORDS: [&str; 9] =
    ["cccd", "cmnd", "cmtnd", "can cuoc", "chung minh", "dinh danh", "passport", "ho chieu", "national id"];
const PHONE_WORDS: [&str; 8] = ["dien thoai", "sdt", "so dt", "phone", "mobile", "di dong", "zalo", "lien he"];
/// Whose name a column has if not the learner's: parents, the head of the household, the teacher.
const OTHER_PEOPLE: [&str; 12] = [
    " cha",
    " bo",
    " me",
    " chu ho",
    " vo",
    " chong",
    " phu huynh",
    " giam ho",
    " giao vien",
    " giang vien",
    " nguoi than",
    " nguoi lap",
];

fn role(cell: &str) -> Role {
    let cell = cell.trim();
    if cell.is_empty() {
        return Role::Blank;
    }
    // "Họ và tên giảng viên: Nguyễn Văn A" is a line of its own.
    if cell.split_once(':').is_some_and(|(_, value)| !value.trim().is_empty()) {
        return Role::Other;
    }
    let whole = fold(cell);
    let heading = fold(&without_brackets(cell));
    let heading = heading.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
    let has = |words: &[&str]| words.iter().any(|word| whole.contains(word));
    let is = |words: &[&str]| words.contains(&heading);
    let begins = |words: &[&str]| words.iter().any(|word| begins_with(heading, word));

    if has(&ID_WORDS) || is(&["id", "cmt", "so giay to", "cc"]) {
        Role::LeftOut(Why::NationalId)
    } else if has(&PHONE_WORDS) || is(&["dt", "tel", "so may"]) {
        Role::LeftOut(Why::Phone)
    } else if is(&["stt", "tt", "so tt", "so thu tu", "thu tu", "no", "s t t"]) || cell == "#" {
        Role::Number
    } else if is(&["nam sinh nam", "nam", "male"]) || whole == "nam sinh nam" {
        // "Năm" alone is a year, "Nam" a man.
        if heading == "nam" && cell.to_lowercase().contains('ă') {
            Role::Part(Part::Birth)
        } else {
            Role::Part(Part::Male)
        }
    } else if is(&["nu", "female"]) || whole == "nam sinh nu" {
        Role::Part(Part::Female)
    } else if is(&["ho", "ho dem", "ho va dem", "ho lot", "ho chu dem", "surname", "last name", "family name"])
        || begins(&["ho va ten dem", "ho ten dem", "ho va chu dem", "ho va ten lot", "ho va chu lot"])
    {
        Role::Family
    } else if is(&["dem", "ten dem", "chu dem", "ten lot", "middle name"]) {
        Role::Middle
    } else if begins(&["ho va ten", "ho ten", "ho ten va", "ten hoc vien", "ten nguoi hoc", "full name", "fullname"]) {
        let others = format!(" {}", heading.replace("can bo", ""));
        if OTHER_PEOPLE.iter().any(|word| others.contains(&format!("{word} ")) || others.ends_with(word)) {
            Role::Other
        } else {
            Role::Name
        }
    } else if is(&["name", "hoc vien", "nguoi hoc", "ten hoc sinh", "learner", "participant", "name of learner"]) {
        Role::Name
    } else if is(&["ten", "given name", "first name", "ten goi"]) {
        Role::Given
    } else if begins(&["nam sinh", "ngay sinh", "ngay thang nam sinh", "ngay thang sinh", "ngay nam sinh", "sinh ngay"])
        || begins(&["sinh nam", "birth year", "year of birth", "date of birth", "birth date", "birthdate"])
        || is(&["ngay thang nam", "ntns", "n sinh", "namsinh", "birthday", "dob", "yob", "born", "birth"])
    {
        Role::Part(Part::Birth)
    } else if begins(&["gioi tinh", "nam nu", "sex", "gender"]) || is(&["gioi", "gt", "nam hay nu", "phai"]) {
        Role::Part(Part::Sex)
    } else if begins(&["xa phuong", "phuong xa", "commune", "ward", "ten xa"])
        || is(&["xa", "phuong", "xa commune", "ma xa"])
    {
        Role::Part(Part::Unit)
    } else if begins(&["dia chi", "noi o", "noi cu tru", "noi thuong tru", "cho o", "thuong tru", "ho khau", "address"])
        || is(&["place of residence", "residence"])
    {
        let elsewhere = ["mail", "co quan", "lam viec", "cong tac"].iter().any(|word| whole.contains(word));
        if elsewhere { Role::Other } else { Role::Address }
    } else {
        Role::Other
    }
}

/// Begins with these whole words.
fn begins_with(heading: &str, words: &str) -> bool {
    heading.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// A heading without what explains it: "Năm sinh (ghi đủ 4 số)".
fn without_brackets(cell: &str) -> String {
    let mut depth = 0_usize;
    let bare: String = cell
        .chars()
        .filter(|letter| {
            depth += usize::from(matches!(letter, '(' | '['));
            let outside = depth == 0;
            depth = depth.saturating_sub(usize::from(matches!(letter, ')' | ']')));
            outside
        })
        .collect();
    if bare.trim().is_empty() { cell.to_owned() } else { bare }
}
