//! What a file is, told by its content: people rename files, and so do phones.

use crate::SheetError;

/// What a file is that is not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Excel until 2003, or another document in the same container.
    Xls,
    /// Excel's binary workbook.
    Xlsb,
    /// A sheet of LibreOffice.
    Ods,
    /// A text document, of Word or LibreOffice.
    Document,
    Pdf,
    /// A picture, of a paper list for instance.
    Picture,
    /// A web page or other XML, as some systems hand out under the name `.xls`.
    Markup,
    /// A zip with other things in it.
    Archive,
    Other,
}

/// What a file may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Readable {
    /// A zip; whether it is a workbook its parts tell.
    Zip,
    Text,
}

/// Names that files with plain text come under: also the workbook's own, as some programs write text under it.
const TEXT_NAMES: [&str; 5] = ["csv", "txt", "tsv", "xls", "xlsx"];
/// Names of workbooks, templates and add-ins with macros.
const MACRO_NAMES: [&str; 4] = ["xlsm", "xltm", "xlam", "xlsb"];

/// The beginnings by which the kinds are known.
const BEGINNINGS: [(&[u8], Kind); 13] = [
    (b"%PDF", Kind::Pdf),
    (b"\x89PNG", Kind::Picture),
    (b"\xff\xd8\xff", Kind::Picture),
    (b"GIF8", Kind::Picture),
    (b"BM", Kind::Picture),
    (b"II*\0", Kind::Picture),
    (b"MM\0*", Kind::Picture),
    (b"{\\rtf", Kind::Document),
    (b"Rar!", Kind::Archive),
    (b"7z\xbc\xaf", Kind::Archive),
    (b"\x1f\x8b", Kind::Archive),
    (b"MZ", Kind::Other),
    (b"\x7fELF", Kind::Other),
];

/// The container of Excel until 2003, and of everything encrypted since ([MS-CFB] 2.2).
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

pub(crate) fn of(name: &str, bytes: &[u8]) -> Result<Readable, SheetError> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.trim().to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or_default();
    let begins = |with: &[u8]| bytes.starts_with(with);
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        let with_macros = MACRO_NAMES.contains(&extension) && extension != "xlsb";
        return if with_macros { Err(SheetError::Macros) } else { Ok(Readable::Zip) };
    }
    if begins(COMPOUND) {
        // The stream that holds an encrypted workbook ([MS-OFFCRYPTO] 2.3.4.4); names of streams are UTF-16.
        let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(stream.len()).any(|window| window == stream);
        return Err(if encrypted { SheetError::PasswordProtected } else { SheetError::Unsupported(Kind::Xls) });
    }
    // "BM", "MZ" and "II" begin words as well: such a file is a picture or a program only if it is not text.
    let text = looks_like_text(bytes);
    let known = BEGINNINGS.iter().find(|(with, _)| begins(with)).filter(|(with, _)| with.len() > 2 || !text);
    // HEIC and AVIF say what they are after four bytes of length, WebP after eight.
    let camera = bytes.get(4..8) == Some(b"ftyp") || (begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"));
    if let Some((_, kind)) = known {
        Err(SheetError::Unsupported(*kind))
    } else if camera {
        Err(SheetError::Unsupported(Kind::Picture))
    } else if !text {
        Err(SheetError::Unsupported(Kind::Other))
    } else if looks_like_markup(bytes) {
        Err(SheetError::Unsupported(Kind::Markup))
    } else if !extension.is_empty() && !TEXT_NAMES.contains(&extension) {
        Err(SheetError::Unsupported(Kind::Other))
    } else {
        Ok(Readable::Text)
    }
}

/// UTF-16 says so at its beginning; any other text has no control characters but tabs and line ends.
fn looks_like_text(bytes: &[u8]) -> bool {
    let utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    // A form feed stands between pages, and old programs end a file with Ctrl-Z.
    let allowed = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a | 0x20..);
    utf_16 || bytes.iter().all(allowed)
}

/// Begins with a tag, a comment or a declaration. Zeros are skipped for the sake of UTF-16.
fn looks_like_markup(bytes: &[u8]) -> bool {
    let blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xff | 0xfe);
    let mut ink = bytes.iter().skip_while(|byte| blank(byte)).filter(|byte| **byte != 0);
    ink.next() == Some(&b'<')
        && ink.next().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'))
}
