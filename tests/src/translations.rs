//! translations
