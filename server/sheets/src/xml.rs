//! XML as a spreadsheet needs it: elements, attributes, text. No document type, no entities but the five and the numbered.

use crate::{INFLATED_BYTES_MAX, SheetError, XML_DEPTH_MAX, archive::OutOfBudget};
use quick_xml::{
    Reader,
    escape::{resolve_predefined_entity, unescape},
    events::{BytesEnd, BytesStart, Event},
};
use std::{
    borrow::Cow,
    io::{BufReader, Read},
};

pub(crate) struct Xml<R: Read> {
    reader: Reader<BufReader<R>>,
    buffer: Vec<u8>,
    depth: usize,
}

/// An element that is empty opens and closes.
pub(crate) enum Node<'n> {
    Open(BytesStart<'n>),
    Close(BytesEnd<'n>),
    Text(Cow<'n, str>),
    /// A comment, a declaration.
    Nothing,
    End,
}

impl<R: Read> Xml<R> {
    pub(crate) fn new(part: R) -> Self {
        let mut reader = Reader::from_reader(BufReader::new(part));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Node<'_>, SheetError> {
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer).map_err(|error| fault(&error))? {
            Event::Start(_) if self.depth == XML_DEPTH_MAX => Err(SheetError::Damaged),
            Event::Start(element) => {
                self.depth += 1;
                Ok(Node::Open(element))
            }
            Event::End(element) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Node::Close(element))
            }
            Event::Text(text) => Ok(Node::Text(text.into_inner())),
            Event::CData(text) => Ok(Node::Text(text.into_inner())),
            Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                Ok(Some(letter)) => Ok(Node::Text(Cow::Owned(letter.to_string()))),
                Ok(None) => {
                    let letters = resolve_predefined_entity(&entity).ok_or(SheetError::Entities)?;
                    Ok(Node::Text(Cow::Borrowed(letters)))
                }
                Err(_) => Err(SheetError::Damaged),
            },
            Event::DocType(_) => Err(SheetError::Entities),
            Event::Eof if self.depth > 0 => Err(SheetError::Damaged),
            Event::Eof => Ok(Node::End),
            _ => Ok(Node::Nothing),
        }
    }
}

fn fault(error: &quick_xml::Error) -> SheetError {
    match error {
        quick_xml::Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<OutOfBudget>()) => {
            SheetError::InflatesTooMuch { bytes_max: INFLATED_BYTES_MAX }
        }
        _ => SheetError::Damaged,
    }
}

/// An attribute by its name without prefix: "id" finds `r:id`.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, SheetError> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| SheetError::Damaged)?;
        if attribute.key.local_name().as_ref() == name {
            let value = unescape(&attribute.value).map_err(|_| SheetError::Entities)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Whether an attribute is set, as XML Schema writes it.
pub(crate) fn flag(element: &BytesStart<'_>, name: &str) -> Result<bool, SheetError> {
    Ok(attribute(element, name)?.is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on")))
}
