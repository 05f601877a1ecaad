//! The zip around a workbook, opened with a budget: what may be inflated is counted as it comes out, whatever the headers say.

use crate::{INFLATED_BYTES_MAX, Kind, PART_BYTES_MAX, PARTS_MAX, SheetError};
use std::{
    collections::HashMap,
    fmt,
    io::{self, Cursor, Read},
};
use zip::{ZipArchive, read::ZipFile};

/// A path in a workbook, as long as Windows lets it be. Every relation of a part repeats its folder.
const PATH_BYTES_MAX: usize = 255;

pub(crate) struct Archive<'f> {
    zip: ZipArchive<Cursor<&'f [u8]>>,
    /// Places in the zip by name in lower case, as Windows writes and looks up names.
    places: HashMap<String, usize>,
    /// Bytes that may still be inflated.
    left: u64,
}

impl<'f> Archive<'f> {
    /// Opens a zip that holds a workbook without macros; refuses any other.
    pub(crate) fn open(bytes: &'f [u8]) -> Result<Self, SheetError> {
        // Counted before the directory is read into memory: every entry of it begins so, and chance brings these four bytes
        // into 5 MB once in a thousand files.
        let entries = bytes.windows(4).filter(|window| window == b"PK\x01\x02").count();
        if entries > PARTS_MAX {
            return Err(SheetError::TooManyParts { parts_max: PARTS_MAX });
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
        let mut places = HashMap::with_capacity(zip.len());
        let mut declared: u64 = 0;
        let mut encrypted = false;
        for place in 0..zip.len() {
            let part = zip.by_index_raw(place).map_err(|_| SheetError::Damaged)?;
            declared = declared.saturating_add(part.size());
            encrypted |= part.encrypted();
            let name = part.name().map_err(|_| SheetError::Damaged)?.replace('\\', "/").to_ascii_lowercase();
            if name.len() > PATH_BYTES_MAX {
                return Err(SheetError::Damaged);
            }
            places.insert(name.trim_start_matches('/').to_owned(), place);
        }
        if encrypted {
            return Err(SheetError::PasswordProtected);
        }
        check_kind(&places)?;
        if declared > INFLATED_BYTES_MAX {
            return Err(SheetError::InflatesTooMuch { bytes_max: INFLATED_BYTES_MAX });
        }
        Ok(Self { zip, places, left: INFLATED_BYTES_MAX })
    }

    /// A part by its path from the root; `None` when there is none.
    pub(crate) fn part(&mut self, path: &str) -> Result<Option<Part<'_, 'f>>, SheetError> {
        let Some(place) = self.places.get(&path.to_ascii_lowercase()) else {
            return Ok(None);
        };
        let file = self.zip.by_index(*place).map_err(|_| SheetError::Damaged)?;
        Ok(Some(Part { file, left: &mut self.left, left_here: PART_BYTES_MAX }))
    }
}

/// Whether the parts are those of a workbook that is read.
fn check_kind(places: &HashMap<String, usize>) -> Result<(), SheetError> {
    let any = |test: &dyn Fn(&str) -> bool| places.keys().any(|name| test(name));
    if any(&|name| name.ends_with("vbaproject.bin") || name.contains("xl/macrosheets/")) {
        Err(SheetError::Macros)
    } else if places.contains_key("[content_types].xml") && any(&|name| name.ends_with("workbook.xml")) {
        Ok(())
    } else if any(&|name| name.ends_with("workbook.bin")) {
        Err(SheetError::Unsupported(Kind::Xlsb))
    } else if any(&|name| name.starts_with("word/")) {
        Err(SheetError::Unsupported(Kind::Document))
    } else if places.contains_key("mimetype") && places.contains_key("content.xml") {
        Err(SheetError::Unsupported(Kind::Ods))
    } else {
        Err(SheetError::Unsupported(Kind::Archive))
    }
}

/// A part of the zip that is being inflated. `zip` itself stops at the first byte beyond the size that a header claims; what
/// honestly claims too much is stopped here.
pub(crate) struct Part<'a, 'f> {
    file: ZipFile<'a, Cursor<&'f [u8]>>,
    left: &'a mut u64,
    left_here: u64,
}

impl Read for Part<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        let bytes = read as u64;
        if bytes > *self.left || bytes > self.left_here {
            return Err(io::Error::other(OutOfBudget));
        }
        *self.left -= bytes;
        self.left_here -= bytes;
        Ok(read)
    }
}

/// More came out of a zip than may.
#[derive(Debug)]
pub(crate) struct OutOfBudget;

impl fmt::Display for OutOfBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("inflates to too much")
    }
}

impl std::error::Error for OutOfBudget {}
