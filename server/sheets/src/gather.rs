//! Where every cell that is read goes: cleans its text, and holds the limits on what a sheet may have.

use crate::{CELL_CHARACTERS_MAX, COLUMNS_MAX, ROWS_MAX, Row, Sheet, SheetError, TEXT_BYTES_MAX};
use unicode_normalization::UnicodeNormalization;

/// How much of a cell a reader need keep for [`Gather::put`] to see that it is too long: four bytes for each character, and
/// letters may come in three pieces.
pub(crate) const CELL_BYTES_MAX: usize = CELL_CHARACTERS_MAX * 4 * 3;

#[derive(Default)]
pub(crate) struct Gather {
    rows: Vec<Row>,
    text_bytes: usize,
}

impl Gather {
    /// Takes a cell. Rows come from the top, cells of a row in any order. `column` is counted from 0.
    pub(crate) fn put(&mut self, number: u32, hidden: bool, column: usize, text: &str) -> Result<(), SheetError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let too_long = SheetError::CellTooLong {
            row: number,
            column: u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1),
            characters_max: CELL_CHARACTERS_MAX,
        };
        if text.len() > CELL_BYTES_MAX {
            return Err(too_long);
        }
        let text: String = text.nfc().collect();
        if text.chars().count() > CELL_CHARACTERS_MAX {
            return Err(too_long);
        }
        if column >= COLUMNS_MAX {
            return Err(SheetError::TooManyColumns { row: number, columns_max: COLUMNS_MAX });
        }
        self.text_bytes += text.len();
        if self.text_bytes > TEXT_BYTES_MAX {
            return Err(SheetError::TooMuchText { bytes_max: TEXT_BYTES_MAX });
        }
        let row = match self.rows.last() {
            Some(last) if last.number == number => self.rows.last_mut(),
            _ if self.rows.len() == ROWS_MAX => return Err(SheetError::TooManyRows { rows_max: ROWS_MAX }),
            _ => {
                self.rows.push(Row { number, hidden, cells: Vec::new() });
                self.rows.last_mut()
            }
        };
        if let Some(row) = row {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            row.cells[column] = text;
        }
        Ok(())
    }

    /// `None` when there was no text at all.
    pub(crate) fn sheet(self) -> Option<Sheet> {
        (!self.rows.is_empty()).then_some(Sheet { rows: self.rows })
    }
}
