//! One row of the table: a figure of ours beside the same figure of something else, measured in the same run.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct Row {
    pub what: String,
    /// What is measured beside it.
    pub beside: String,
    pub unit: String,
    pub ours: f64,
    pub theirs: f64,
    pub limit: Limit,
}

/// What `--check` insists on.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub enum Limit {
    /// The clock or the other work of the machine has a say in it, or there is no promise.
    None,
    /// The ratio.
    Ratio(f64),
    /// Our own figure.
    Ours(f64),
}

impl Row {
    pub fn ratio(&self) -> f64 {
        self.ours / self.theirs
    }

    pub fn holds(&self) -> bool {
        match self.limit {
            Limit::None => true,
            Limit::Ratio(most) => self.ratio() <= most,
            Limit::Ours(most) => self.ours <= most,
        }
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Ratio(most) => write!(f, "{most}"),
            Self::Ours(most) => write!(f, "ours {most}"),
        }
    }
}

/// All rows as a table of Markdown, its columns aligned.
pub fn table(rows: &[Row]) -> String {
    let titles = ["What", "Beside", "Unit", "Ours", "Theirs", "Ratio", "At most"].map(str::to_owned);
    let mut lines = vec![titles];
    lines.extend(rows.iter().map(|row| {
        let excess = if row.holds() { "" } else { " (exceeded)" };
        [
            row.what.clone(),
            row.beside.clone(),
            row.unit.clone(),
            figure(row.ours),
            figure(row.theirs),
            format!("{:.3}", row.ratio()),
            format!("{}{excess}", row.limit),
        ]
    }));
    let widths: [usize; 7] = std::array::from_fn(|column| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0)
    });
    let rule: [String; 7] = std::array::from_fn(|column| {
        let dashes = "-".repeat(widths[column].max(4) - 1);
        if column < 3 { format!("{dashes}-") } else { format!("{dashes}:") }
    });
    lines.insert(1, rule);
    let mut text = String::new();
    for line in lines {
        for (column, cell) in line.iter().enumerate() {
            let width = widths[column].max(4);
            text += &if column < 3 { format!("| {cell:width$} ") } else { format!("| {cell:>width$} ") };
        }
        text += "|\n";
    }
    text
}

/// Four digits or all before the point, with separators.
fn figure(value: f64) -> String {
    if value.fract() != 0.0 && value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
