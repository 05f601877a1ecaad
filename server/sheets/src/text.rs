//! Rows of plain text, with commas, semicolons or tabs between the cells, in the encodings that Vietnamese programs write.

use crate::{Sheet, SheetError, gather::Gather};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1258};

/// Lines that are looked at for what stands between the cells: titles stand above the list, and headings among them.
const SNIFFED_LINES: usize = 50;

/// Between cells, the likeliest first where two explain a file equally well: a comma is found in addresses too, and a program
/// set to Vietnamese writes semicolons, as the comma is in its numbers.
const DELIMITERS: [u8; 3] = [b'\t', b';', b','];

pub(crate) fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let text = decode(bytes)?;
    let (said, text) = said_delimiter(&text);
    let delimiter = said.unwrap_or_else(|| sniff(text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(text.as_bytes());
    let mut gather = Gather::default();
    let mut record = csv::StringRecord::new();
    // A line break inside a cell is no new row; a blank line is one, though the reader steps over it.
    let mut inside: u64 = 0;
    while reader.read_record(&mut record).map_err(|_| SheetError::Damaged)? {
        inside += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let lines = reader.position().line() - 1;
        let number = u32::try_from(lines.saturating_sub(inside)).map_err(|_| SheetError::Damaged)?;
        for (column, cell) in record.iter().enumerate() {
            gather.put(number, false, column, cell)?;
        }
    }
    gather.sheet().ok_or(SheetError::Empty)
}

/// As UTF-8 with one kind of line end, also after the last line.
fn decode(bytes: &[u8]) -> Result<String, SheetError> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding = match marked {
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => encoding,
        _ if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        Some(_) => return Err(SheetError::UnknownEncoding),
        None => WINDOWS_1258,
    };
    let (text, _, broken) = encoding.decode(bytes);
    // Bytes that mean nothing in Windows-1258 come out as these controls; so does text in the old fonts, now and then.
    let odd = |letter: char| matches!(letter, '\0' | '\u{80}'..='\u{9f}');
    if broken || text.contains(odd) {
        return Err(SheetError::UnknownEncoding);
    }
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.truncate(text.trim_end_matches('\u{1a}').len());
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// Excel's first line `sep=;`, which it reads and does not show.
fn said_delimiter(text: &str) -> (Option<u8>, &str) {
    let said = text.split_once('\n').and_then(|(first, rest)| {
        let delimiter = first.trim_end_matches(' ').strip_prefix("sep=")?.as_bytes();
        match delimiter {
            [one] if DELIMITERS.contains(one) => Some((*one, rest)),
            _ => None,
        }
    });
    said.map_or((None, text), |(delimiter, rest)| (Some(delimiter), rest))
}

/// What stands between the cells: the character that is found in the same number on the most lines, weighted with that number.
fn sniff(text: &str) -> u8 {
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let mut lines_with = std::collections::BTreeMap::<usize, usize>::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()).take(SNIFFED_LINES) {
            *lines_with.entry(outside_quotes(line, delimiter)).or_default() += 1;
        }
        let score = lines_with.iter().map(|(count, lines)| count * lines).max().unwrap_or_default();
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        count += usize::from(byte == delimiter && !quoted);
    }
    count
}
