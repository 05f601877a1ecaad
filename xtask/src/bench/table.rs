//! The table at the end: what, measured, budget, verdict.

use std::{fs, thread};

use crate::shell::{Result, grouped};

#[derive(Clone, Copy)]
pub(super) enum Budget {
    AtMost(f64),
    AtLeast(f64),
}

impl Budget {
    fn holds(self, measured: f64) -> bool {
        match self {
            Self::AtMost(limit) => measured <= limit,
            Self::AtLeast(limit) => measured >= limit,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Unit {
    Bytes,
    Count,
    Kibibytes,
    Milliseconds,
    PerSecond,
    Seconds,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Bytes => format!("{} bytes", grouped(value.round() as u64)),
            Self::Count => grouped(value.round() as u64),
            Self::Kibibytes => format!("{:.1} MiB", value / 1024.0),
            Self::Milliseconds => format!("{value:.1} ms"),
            Self::PerSecond => format!("{} /s", grouped(value.round() as u64)),
            Self::Seconds => format!("{value:.1} s"),
        }
    }
}

struct Row {
    what: String,
    unit: Unit,
    budget: Option<Budget>,
    measured: Result<f64>,
}

impl Row {
    /// What could not be measured is missed, with or without a budget.
    fn is_missed(&self) -> bool {
        match (&self.measured, self.budget) {
            (Err(_), _) => true,
            (Ok(measured), Some(budget)) => !budget.holds(*measured),
            (Ok(_), None) => false,
        }
    }

    fn cells(&self) -> [String; 4] {
        let measured = self.measured.as_ref().map_or_else(|_| "–".into(), |measured| self.unit.show(*measured));
        let budget = match self.budget {
            Some(Budget::AtMost(limit)) => format!("≤ {}", self.unit.show(limit)),
            Some(Budget::AtLeast(limit)) => format!("≥ {}", self.unit.show(limit)),
            None => "–".into(),
        };
        let verdict = match (self.is_missed(), self.budget) {
            (true, _) => "MISSED",
            (false, Some(_)) => "ok",
            (false, None) => "–",
        };
        [self.what.clone(), measured, budget, verdict.into()]
    }
}

#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

impl Table {
    pub(super) fn put(&mut self, what: &str, unit: Unit, budget: Option<Budget>, measured: Result<f64>) {
        self.rows.push(Row { what: what.to_owned(), unit, budget, measured });
    }

    pub(super) fn missed(&self) -> usize {
        self.rows.iter().filter(|row| row.is_missed()).count()
    }

    pub(super) fn print(&self) {
        let head = ["what", "measured", "budget", ""].map(str::to_owned);
        let rows: Vec<_> = std::iter::once(head).chain(self.rows.iter().map(Row::cells)).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let [first, second, third] = [width(0), width(1), width(2)];
        println!("\n{}", machine());
        for [what, measured, budget, verdict] in rows {
            println!("{what:<first$}  {measured:>second$}  {budget:>third$}  {verdict}");
        }
        for row in &self.rows {
            if let Err(error) = &row.measured {
                println!("{}: {error}", row.what);
            }
        }
    }
}

/// Numbers mean something only beside the machine that they were measured on.
fn machine() -> String {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let memory = field("/proc/meminfo", "MemTotal").and_then(|value| value.split(' ').next()?.parse::<f64>().ok());
    let memory = memory.map_or_else(|| "unknown memory".into(), |kib| format!("{:.1} GiB", kib / 1024.0 / 1024.0));
    format!("machine: {processor}, {cores} cores, {memory}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_holds_up_to_its_limit() {
        let mut table = Table::default();
        table.put("small enough", Unit::Bytes, Some(Budget::AtMost(14_000.0)), Ok(14_000.0));
        table.put("fast enough", Unit::PerSecond, Some(Budget::AtLeast(3_000.0)), Ok(3_000.0));
        table.put("only told", Unit::Seconds, None, Ok(9.0));
        assert_eq!(table.missed(), 0);
        table.put("too large", Unit::Bytes, Some(Budget::AtMost(14_000.0)), Ok(14_001.0));
        table.put("too slow", Unit::PerSecond, Some(Budget::AtLeast(3_000.0)), Ok(2_999.0));
        table.put("broken", Unit::Seconds, None, Err("no answer".into()));
        assert_eq!(table.missed(), 3);
        assert_eq!(table.rows[3].cells(), ["too large", "14 001 bytes", "≤ 14 000 bytes", "MISSED"]);
        assert_eq!(table.rows[5].cells(), ["broken", "–", "–", "MISSED"]);
    }
}
