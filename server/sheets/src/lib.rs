//! Reads a spreadsheet that somebody uploads into rows of text, and believes nothing it says about itself.
//!
//! To read one more kind of file: let [`kind`] tell it by its content, write its reader as a module beside `xlsx` that hands
//! every cell to [`gather::Gather`], which holds the limits on rows, columns and text, and give it good and bad files in
//! `tests/files.rs`.
//!
//! Nothing is evaluated: of a formula only the stored result is read, macros are refused, XML with a document type is refused.
//!
//! XLSX is read here on top of `zip` and `quick-xml` instead of by calamine (0.38 was read for this): that one reserves memory
//! for as many strings as the file claims to have, unfolds a sheet into a rectangle up to its last cell, and does not tell
//! which rows are hidden. Here no number in the file decides how much is allocated, only what was really inflated does, and
//! reading stops at the first row too many.

mod archive;
mod format;
mod gather;
mod kind;
mod text;
mod xlsx;
mod xml;

pub use kind::Kind;

/// A list of 5 000 people with a photograph of nobody is under 1 MB; what is larger holds pictures or something else.
pub const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Everything that is inflated of one file together, so that 5 MB of zeros do not become 5 GB in memory.
pub const INFLATED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// One part of a workbook: 5 000 rows of 100 filled cells take about 25 MB of XML.
pub const PART_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Parts of a workbook. A plain one has about ten; each sheet and each picture adds one or two.
pub const PARTS_MAX: usize = 1_000;
/// Different texts that a workbook may share between its cells: ten to a row, and as many again.
pub const STRINGS_MAX: usize = 100_000;
/// Excel allows 65 490 cell formats; programs that write more are broken.
pub const FORMATS_MAX: usize = 65_490;
/// Sheets that are looked at for the first one with cells.
pub const SHEETS_MAX: usize = 100;
/// Elements inside each other. A worksheet goes seven deep; what goes deeper wants to fill the stack of names.
pub const XML_DEPTH_MAX: usize = 64;
/// Rows with text. The largest commune has some 30 000 people and a class at most a few hundred; a whole district's list of
/// digital teams fits.
pub const ROWS_MAX: usize = 5_000;
/// Columns with text. Lists by the forms of ministries have up to forty.
pub const COLUMNS_MAX: usize = 100;
/// Characters in a cell: a long address has 150, a remark 500.
pub const CELL_CHARACTERS_MAX: usize = 1_000;
/// All text together, as a few shared strings may fill every cell: 5 000 rows at a thousand characters each.
pub const TEXT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The first sheet of a file that has text, row by row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// Rows with text, from the top; at least one. Rows without text are left out, and seen by the numbers.
    pub rows: Vec<Row>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// As the spreadsheet program numbers it, from 1.
    pub number: u32,
    /// Nobody who looked at the file saw it: hidden, filtered away or folded up.
    pub hidden: bool,
    /// From the first column; in NFC, without spaces around. The last one has text, those before may be empty. A merged cell
    /// has its text where it begins.
    pub cells: Vec<String>,
}

/// Why a file is not read. The words are for the log; what people are told is made from the data.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SheetError {
    #[error("no row with text")]
    Empty,
    #[error("the file has more than {bytes_max} bytes")]
    FileTooLarge { bytes_max: usize },
    #[error("not a kind of file that is read: {0:?}")]
    Unsupported(Kind),
    #[error("opens with a password only")]
    PasswordProtected,
    #[error("carries macros")]
    Macros,
    #[error("inflates to more than {bytes_max} bytes")]
    InflatesTooMuch { bytes_max: u64 },
    #[error("has more than {parts_max} parts")]
    TooManyParts { parts_max: usize },
    #[error("its XML has a document type or entities of its own")]
    Entities,
    #[error("more than {rows_max} rows have text")]
    TooManyRows { rows_max: usize },
    #[error("row {row} has text beyond column {columns_max}")]
    TooManyColumns { row: u32, columns_max: usize },
    #[error("a cell in row {row}, column {column} has more than {characters_max} characters")]
    CellTooLong { row: u32, column: u32, characters_max: usize },
    #[error("more than {bytes_max} bytes of text")]
    TooMuchText { bytes_max: usize },
    #[error("neither UTF-8 nor UTF-16 nor Windows-1258")]
    UnknownEncoding,
    #[error("broken, or not made by a spreadsheet program")]
    Damaged,
}

/// Reads a file. What it is its content says; `name` only keeps out what merely happens to be text, and macros by their name.
pub fn read(name: &str, bytes: &[u8]) -> Result<Sheet, SheetError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(SheetError::FileTooLarge { bytes_max: FILE_BYTES_MAX });
    }
    match kind::of(name, bytes)? {
        kind::Readable::Zip => xlsx::read(bytes),
        kind::Readable::Text => text::read(bytes),
    }
}
