//! The words of the interface, in Vietnamese and English, through Fluent.
//!
//! `locales/<lang>/<feature>.ftl` hold them; ids start with the feature. A test compares ids and arguments of the languages
//! and finds every id that the code asks for.

use chrono::{Datelike, NaiveDate};
use domain::time::Month;
use fluent::{FluentArgs, FluentValue};
use i18n_embed::{I18nAssets, LanguageLoader, fluent::FluentLanguageLoader};
use rust_embed::RustEmbed;
use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};
use unic_langid::{LanguageIdentifier, langid};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../locales"]
struct Locales;

/// Gives every file of a language where i18n-embed asks for one: our files are cut by feature.
struct AllFeatures;

impl I18nAssets for AllFeatures {
    fn get_files(&self, file_path: &str) -> Vec<Cow<'_, [u8]>> {
        let language = file_path.split('/').next().unwrap_or_default();
        let of_language = |name: &str| name.split('/').next() == Some(language) && name.ends_with(".ftl");
        Locales::iter()
            .filter(|name| of_language(name))
            .filter_map(|name| Locales::get(&name))
            .map(|f| f.data)
            .collect()
    }

    fn filenames_iter(&self) -> Box<dyn Iterator<Item = String> + '_> {
        Box::new(Locales::iter().map(Cow::into_owned))
    }
}

/// A language of the interface. Lessons are Vietnamese in every one of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Locale {
    #[default]
    Vi,
    En,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// As in `lang="…"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Vi => Self::En,
            Self::En => Self::Vi,
        }
    }
}

/// Made once: bundles are shared by every request.
static LOADERS: LazyLock<[Arc<FluentLanguageLoader>; 2]> = LazyLock::new(|| {
    Locale::ALL.map(|locale| {
        let language: LanguageIdentifier = match locale {
            Locale::Vi => langid!("vi"),
            Locale::En => langid!("en"),
        };
        let loader = FluentLanguageLoader::new("hocso", language.clone());
        // The files are embedded and a test reads them: a fault here cannot reach a person.
        if let Err(fault) = loader.load_languages(&AllFeatures, &[language]) {
            tracing::error!(%fault, "a catalogue of words cannot be read");
        }
        loader.set_use_isolating(false);
        Arc::new(loader)
    })
});

/// The words of one language.
#[derive(Clone)]
pub struct Words {
    pub locale: Locale,
    loader: Arc<FluentLanguageLoader>,
}

impl From<Locale> for Words {
    fn from(locale: Locale) -> Self {
        Self { locale, loader: LOADERS[locale as usize].clone() }
    }
}

/// `t!(words, "coverage-title")`, `t!(words, "coverage-finding", people = words.number(12))`.
#[macro_export]
macro_rules! t {
    ($words:expr, $id:literal) => {
        $words.get($id)
    };
    ($words:expr, $id:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $words.get_with($id, [$((stringify!($name), ::fluent::FluentValue::from($value))),+])
    };
}

impl Words {
    pub fn get(&self, id: &str) -> String {
        self.loader.get(id)
    }

    pub fn get_with<'a>(&self, id: &str, values: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(name, value);
        }
        self.loader.get_args_fluent(id, Some(&args))
    }

    /// `1.234.567` in Vietnamese, `1,234,567` in English.
    pub fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let by = if self.locale == Locale::Vi { '.' } else { ',' };
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(by);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// Tenths of a percent: `68,3 %` in Vietnamese, `68.3%` in English.
    pub fn percent(&self, permille: u64) -> String {
        let whole = self.number(permille / 10);
        match self.locale {
            Locale::Vi => format!("{whole},{} %", permille % 10),
            Locale::En => format!("{whole}.{}%", permille % 10),
        }
    }

    /// `05/07/2026` in Vietnamese, `5 July 2026` in English.
    pub fn date(&self, date: NaiveDate) -> String {
        match self.locale {
            Locale::Vi => date.format("%d/%m/%Y").to_string(),
            Locale::En => format!("{} {} {}", date.day(), MONTHS[date.month0() as usize % 12], date.year()),
        }
    }

    /// `tháng 11/2026` in Vietnamese, `November 2026` in English.
    pub fn month(&self, month: Month) -> String {
        match self.locale {
            Locale::Vi => format!("tháng {}/{}", month.month(), month.year()),
            Locale::En => format!("{} {}", MONTHS[(month.month() as usize).saturating_sub(1) % 12], month.year()),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_each_languages_way() {
        let (vi, en) = (Words::from(Locale::Vi), Words::from(Locale::En));
        assert_eq!(vi.number(1_234_567), "1.234.567");
        assert_eq!(en.number(1_234_567), "1,234,567");
        assert_eq!((vi.number(0), vi.number(999), vi.number(1_000)), ("0".into(), "999".into(), "1.000".into()));
        assert_eq!(vi.percent(683), "68,3 %");
        assert_eq!(en.percent(1_000), "100.0%");
        let day = NaiveDate::from_ymd_opt(2026, 7, 5).unwrap_or_default();
        assert_eq!(vi.date(day), "05/07/2026");
        assert_eq!(en.date(day), "5 July 2026");
        let month = Month::new(2026, 11).unwrap_or_else(|| Month::of(0));
        assert_eq!(vi.month(month), "tháng 11/2026");
        assert_eq!(en.month(month), "November 2026");
    }
}
