//! A release as rows: every figure, zeros included, with all that is needed to compute its percentage anew.

use domain::coverage::{Figure, PUBLIC_DENOMINATOR_MIN, Part, PublicCount, Release, release::METHOD};
use serde::Serialize;
use std::fmt::Write as _;

/// One figure.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Row {
    pub release: u32,
    pub month: String,
    pub table: String,
    pub track: String,
    pub step: String,
    pub witness: String,
    pub breakdown: String,
    pub part: String,
    pub part_name: String,
    pub status: &'static str,
    pub people: Option<u64>,
    pub denominator: Option<u64>,
    pub denominator_kind: &'static str,
    pub denominator_date: String,
    pub denominator_source: String,
    /// With one decimal.
    pub percent: Option<f64>,
    pub method: &'static str,
}

/// What each column means, in Vietnamese and English.
pub const DICTIONARY: [(&str, &str, &str); 17] = [
    ("release", "Số của bản phát hành.", "Number of the release."),
    ("month", "Đếm đến hết tháng này (YYYY-MM).", "People are counted up to the end of this month (YYYY-MM)."),
    (
        "table",
        "ladder: bậc thang của người từ 15 tuổi; ethnic: theo dân tộc, mọi tuổi; lesson: theo bài, mọi tuổi.",
        "ladder: steps reached by people of 15 and over (children only as the age 0-14); ethnic: by ethnic group, any age; lesson: by lesson, any age.",
    ),
    (
        "track",
        "Việc học; any: một việc bất kỳ, mỗi người đếm một lần.",
        "Track; any: at least one track, each person once.",
    ),
    (
        "step",
        "heard: đã học; practised(_with_help): đã tập (có người giúp); did_with_help, does_alone: đã làm thật; taught: đã dạy người khác; started, completed: của bài.",
        "heard: has finished a lesson; practised(_with_help); did_with_help, does_alone: for real; taught: taught somebody; started, completed: of lessons. Steps are never added together.",
    ),
    (
        "witness",
        "self: tự ghi; trainer: người dạy đã thấy; any: ai cũng được.",
        "self: self-enrolled, own word; trainer: seen by a trainer; any: either. Never added together.",
    ),
    (
        "breakdown",
        "Chia theo gì: province, zone, unit, sex, age, ethnic_group, lesson.",
        "What is broken down: province, zone, unit, sex, age, ethnic_group, lesson.",
    ),
    (
        "part",
        "Phần nào: mã xã (giữ số 0 ở đầu), nhóm tuổi…",
        "Which part: unit code (text, with leading zeros), age band …",
    ),
    ("part_name", "Tên xã, phường vào tháng đó.", "Name of the commune or ward in that month."),
    (
        "status",
        "zero: không có ai; under_ten: dưới 10, không nêu; withheld: không nêu để không lộ ai; noisy: đã làm nhiễu nhẹ.",
        "zero: nobody (exact); under_ten: came out under 10, not shown; withheld: not shown, so that nobody is given away; noisy: with cell-key noise of at most 5.",
    ),
    (
        "people",
        "Số người đã làm nhiễu; trống nếu không nêu.",
        "The published count of people; empty where it is not shown.",
    ),
    ("denominator", "Mẫu số của tỷ lệ.", "Denominator of the percentage."),
    (
        "denominator_kind",
        "adults: người từ 15 tuổi của nơi đó; same_figure_of_province: cùng số ấy của cả tỉnh; stated: người đã nêu dân tộc.",
        "adults: people of 15 and over of the place; same_figure_of_province: the same figure of the whole province; stated: those who stated an ethnic group.",
    ),
    ("denominator_date", "Ngày của mẫu số.", "Day of the denominator."),
    ("denominator_source", "Nguồn của mẫu số.", "Where the denominator stands."),
    (
        "percent",
        "people chia denominator nhân 100, làm tròn đến một số lẻ; trống nếu mẫu số dưới 30.",
        "people / denominator × 100, rounded half up to one decimal; empty where the denominator is under 30 or a number is not shown.",
    ),
    ("method", "Cách làm nhiễu.", "How figures are protected."),
];

/// The rows of a release, in a fixed order.
pub fn rows(release: &Release) -> Vec<Row> {
    let head = &release.head;
    let newest = head.places.iter().max_by_key(|place| place.adults_on);
    let (source, date) =
        newest.map(|place| (place.adults_source.clone(), place.adults_on.to_string())).unwrap_or_default();
    let month_end = head.month.last_day().to_string();
    let this = format!("release {}", head.number);
    let all = release.all_figures().into_iter();
    all.map(|figure| {
        let shown = release.shown(&figure);
        let [table, track, step, witness, breakdown, part] = figure.names();
        let place = head.places.iter().find(|place| breakdown == "unit" && place.code.as_str() == part);
        let figure_of_all = |figure: Figure| release.shown(&figure).value();
        let (denominator, denominator_kind) = match &figure {
            Figure::Ladder { part, .. } if head.adults(part).is_some() => (head.adults(part), "adults"),
            Figure::Ladder { part: Part::Age(age), .. } if !age.is_adult() => (None, ""),
            Figure::Ladder { track, step, witness, .. } => {
                let whole =
                    Figure::Ladder { track: track.clone(), step: *step, witness: *witness, part: Part::Province };
                (figure_of_all(whole), "same_figure_of_province")
            }
            Figure::Ethnic { group: None, .. } | Figure::Lesson { .. } => (None, ""),
            Figure::Ethnic { track, step, group: Some(_) } => {
                (figure_of_all(Figure::Ethnic { track: track.clone(), step: *step, group: None }), "stated")
            }
        };
        let percent = denominator.filter(|denominator| *denominator >= PUBLIC_DENOMINATOR_MIN);
        let percent =
            percent.and_then(|denominator| shown.permille_of(denominator)).map(|permille| permille as f64 / 10.0);
        let (denominator_date, denominator_source) = match (denominator_kind, place) {
            ("adults", Some(place)) => (place.adults_on.to_string(), place.adults_source.clone()),
            ("adults", None) => (date.clone(), source.clone()),
            ("", _) => (String::new(), String::new()),
            _ => (month_end.clone(), this.clone()),
        };
        Row {
            release: head.number,
            month: head.month.to_string(),
            table,
            track,
            step,
            witness,
            breakdown,
            part,
            part_name: place.map(|place| place.name.clone()).unwrap_or_default(),
            status: shown.status(),
            people: shown.value(),
            denominator: denominator.filter(|_| shown != PublicCount::Withheld),
            denominator_kind: if shown == PublicCount::Withheld { "" } else { denominator_kind },
            denominator_date,
            denominator_source,
            percent,
            method: METHOD,
        }
    })
    .collect()
}

/// What makes spreadsheets read UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A field as CSV writes it (RFC 4180): quoted where it must be, and never the beginning of a formula.
fn field(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    match guarded.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", guarded.replace('"', "\"\"")),
        false => guarded,
    }
}

/// Rows as CSV: UTF-8 with a byte order mark, a header, CRLF.
pub fn csv(rows: &[Row]) -> String {
    let names: Vec<&str> = DICTIONARY.iter().map(|(name, ..)| *name).collect();
    let mut text = format!("{BYTE_ORDER_MARK}{}\r\n", names.join(","));
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    for row in rows {
        let percent = row.percent.map(|percent| format!("{percent:.1}")).unwrap_or_default();
        let _ = write!(text, "{},{},", row.release, row.month);
        for name in [&row.table, &row.track, &row.step, &row.witness, &row.breakdown, &row.part, &row.part_name] {
            let _ = write!(text, "{},", field(name));
        }
        let _ = write!(
            text,
            "{},{},{},{},{},{},{percent},{}\r\n",
            row.status,
            number(row.people),
            number(row.denominator),
            row.denominator_kind,
            row.denominator_date,
            field(&row.denominator_source),
            row.method
        );
    }
    text
}

/// The dictionary as CSV.
pub fn dictionary() -> String {
    let mut text = format!("{BYTE_ORDER_MARK}column,nghia,meaning\r\n");
    for (name, vi, en) in DICTIONARY {
        let _ = write!(text, "{name},{},{}\r\n", field(vi), field(en));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_becomes_a_formula_or_breaks_a_row() {
        let cases = [
            ("Xã Mường É", "Xã Mường É"),
            ("=1+1", "'=1+1"),
            ("@a", "'@a"),
            ("a,b", "\"a,b\""),
            ("nói \"thế\"", "\"nói \"\"thế\"\"\""),
            ("-1", "'-1"),
        ];
        for (text, written) in cases {
            assert_eq!(field(text), written);
        }
    }
}
