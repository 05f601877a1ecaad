//! What is told of a case, line by line: the same on the phone and on the server.

use super::{
    drill::Seen,
    scams::{DrawnCase, Said},
};

/// A line of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line<'a> {
    /// Who it is, as the phone shows it.
    From(&'a str),
    /// What the other side says.
    They(&'a Said),
    /// The learner asked back.
    Asked,
    /// From here on nobody heard it: the case ended before.
    Unheard,
}

/// The lines of a case after some answers. When it is over, the rest of it is told as well, so that every sign can be shown.
pub fn lines<'a>(case: &'a DrawnCase, seen: &Seen) -> Vec<Line<'a>> {
    let mut lines = vec![Line::From(&case.from)];
    for (place, turn) in case.turns.iter().enumerate() {
        if place > seen.turn {
            if seen.outcome.is_none() {
                break;
            }
            if place == seen.turn + 1 {
                lines.push(Line::Unheard);
            }
        }
        lines.extend(turn.iter().map(Line::They));
        if seen.asked.get(place).copied().unwrap_or_default() {
            lines.push(Line::Asked);
            lines.extend(case.replies.get(place).map(Line::They));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::{Drill, scams::tests::book};
    use super::*;

    fn told(answers: &str) -> String {
        let drill = Drill::new(&book(), 5);
        let seen =
            answers.parse().ok().and_then(|answers| drill.see(&answers).ok()).unwrap_or_else(|| panic!("{answers}"));
        let letter = |line: &Line<'_>| match line {
            Line::From(_) => 'F',
            Line::They(_) => 't',
            Line::Asked => 'A',
            Line::Unheard => '|',
        };
        lines(&drill.cases[seen.case], &seen).iter().map(letter).collect()
    }

    #[test]
    fn a_case_is_told_turn_by_turn_and_whole_when_it_is_over() {
        let cases = [
            ("", "Ft"),
            ("a1", "FtAt"),
            ("g1", "Ftt"),
            ("a1g1a1", "FtAttAt"),
            ("h1", "Ft|t"),
            ("a1h1", "FtAt|t"),
            ("g1g1", "Ftt"),
            ("h1n1", "Ft"),
        ];
        for (answers, expected) in cases {
            assert_eq!(told(answers), expected, "{answers}");
        }
    }
}
