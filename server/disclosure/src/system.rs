//! What an attacker knows about unknown counts: bounds of each, and how they add up; and what follows.

use microlp::{ComparisonOp, OptimizationDirection, Problem};

/// "No bound": more people than there are, and far from overflowing when many are added.
pub(crate) const NO_BOUND: i64 = 1 << 40;

/// Bounds settle in a few rounds, because sums are only two levels deep; the rest is a safeguard against a slow creep.
const ROUNDS_MAX: usize = 40;

/// How a count compares with the sum of others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Compare {
    Equals,
    AtLeast,
    AtMost,
}

/// One count against the sum of others, by their numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Relation {
    pub(crate) whole: usize,
    pub(crate) compare: Compare,
    pub(crate) parts: Vec<usize>,
}

/// Bounds of unknown counts, both included.
pub(crate) type Bounds = Vec<(i64, i64)>;

/// Tightens bounds until nothing changes. A relation that contradicts the others is not believed: somebody who moved away or
/// was erased makes a later count smaller.
pub(crate) fn tighten(bounds: &mut Bounds, relations: &[Relation]) {
    for _ in 0..ROUNDS_MAX {
        let mut changed = false;
        for relation in relations {
            changed |= tighten_one(bounds, relation);
        }
        if !changed {
            return;
        }
    }
}

fn tighten_one(bounds: &mut Bounds, Relation { whole, compare, parts }: &Relation) -> bool {
    let least: i64 = parts.iter().map(|part| bounds[*part].0).sum();
    let most: i64 = parts.iter().map(|part| bounds[*part].1).sum();
    let most = most.min(NO_BOUND);
    let mut changed = false;
    let (from, to) = bounds[*whole];
    if *compare != Compare::AtMost {
        // The parts are at most the whole.
        changed |= narrow(bounds, *whole, least, NO_BOUND);
        for part in parts {
            let others = least - bounds[*part].0;
            changed |= narrow(bounds, *part, 0, to - others);
        }
    }
    if *compare != Compare::AtLeast {
        // The parts are at least the whole.
        changed |= narrow(bounds, *whole, 0, most);
        if most < NO_BOUND {
            for part in parts {
                let others = most - bounds[*part].1;
                changed |= narrow(bounds, *part, from - others, NO_BOUND);
            }
        } else if let [part] = parts[..] {
            changed |= narrow(bounds, part, from, NO_BOUND);
        }
    }
    changed
}

/// Takes in what a bound says, unless nothing would be left.
fn narrow(bounds: &mut Bounds, of: usize, from: i64, to: i64) -> bool {
    let (was_from, was_to) = bounds[of];
    let now = (was_from.max(from), was_to.min(to));
    if now.0 > now.1 || now == (was_from, was_to) {
        return false;
    }
    bounds[of] = now;
    true
}

/// The least and the greatest value that a count can have by linear programming, over the counts named in `relations`. Never
/// wider than the bounds that are given; where the solver gives up these stand.
pub(crate) fn programme(bounds: &Bounds, relations: &[&Relation], of: usize) -> (i64, i64) {
    let mut names: Vec<usize> =
        relations.iter().flat_map(|relation| relation.parts.iter().copied().chain([relation.whole])).collect();
    names.sort_unstable();
    names.dedup();
    if names.binary_search(&of).is_err() {
        return bounds[of];
    }
    let solve = |direction: OptimizationDirection| -> Option<f64> {
        let mut problem = Problem::new(direction);
        let variables: Vec<_> = names
            .iter()
            .map(|name| {
                let (from, to) = bounds[*name];
                let to = if to >= NO_BOUND { f64::INFINITY } else { to as f64 };
                problem.add_var(if *name == of { 1.0 } else { 0.0 }, (from as f64, to))
            })
            .collect();
        let variable = |name: &usize| names.binary_search(name).ok().map(|at| variables[at]);
        for relation in relations {
            let parts = relation.parts.iter().filter_map(variable).map(|part| (part, 1.0));
            let terms: Vec<_> = parts.chain(variable(&relation.whole).map(|whole| (whole, -1.0))).collect();
            let compare = match relation.compare {
                Compare::Equals => ComparisonOp::Eq,
                Compare::AtLeast => ComparisonOp::Le,
                Compare::AtMost => ComparisonOp::Ge,
            };
            problem.add_constraint(&terms[..], compare, 0.0);
        }
        Some(problem.solve().ok()?.into_solution().ok()?.objective())
    };
    // Counts are whole; what the solver's arithmetic adds or takes must not cost one.
    const SLACK: f64 = 1e-6;
    let (from, to) = bounds[of];
    let least = solve(OptimizationDirection::Minimize).map_or(from, |least| (least - SLACK).ceil() as i64);
    let most = match to {
        NO_BOUND.. => to,
        _ => solve(OptimizationDirection::Maximize).map_or(to, |most| (most + SLACK).floor() as i64),
    };
    (least.max(from), most.min(to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn equals(whole: usize, parts: &[usize]) -> Relation {
        Relation { whole, compare: Compare::Equals, parts: parts.to_vec() }
    }

    #[test]
    fn a_hidden_part_is_the_rest() {
        let mut bounds = vec![(20, 20), (12, 12), (1, 9)];
        let relations = [equals(0, &[1, 2])];
        tighten(&mut bounds, &relations);
        assert_eq!(bounds[2], (8, 8));
    }

    #[test]
    fn a_contradiction_is_not_believed() {
        let mut bounds = vec![(5, 5), (9, 9)];
        tighten(&mut bounds, &[Relation { whole: 0, compare: Compare::AtLeast, parts: vec![1] }]);
        assert_eq!(bounds, [(5, 5), (9, 9)]);
    }

    #[test]
    fn programmes_see_what_bounds_alone_do_not() {
        // x + y = 10, x + z = 10, y + z = 10: only 5, 5, 5.
        let mut bounds = vec![(0, 10), (0, 10), (0, 10), (10, 10), (10, 10), (10, 10)];
        let relations = [equals(3, &[0, 1]), equals(4, &[0, 2]), equals(5, &[1, 2])];
        tighten(&mut bounds, &relations);
        assert_eq!(bounds[0], (0, 10));
        let all: Vec<&Relation> = relations.iter().collect();
        assert_eq!(programme(&bounds, &all, 0), (5, 5));
    }

    #[test]
    fn a_count_that_no_relation_names_keeps_its_bounds() {
        let bounds = vec![(20, 20), (0, 20), (0, 20), (3, 17)];
        assert_eq!(programme(&bounds, &[&equals(0, &[1, 2])], 3), (3, 17));
    }

    proptest! {
        /// Whatever is true stays possible.
        #[test]
        fn the_truth_stays_possible(parts in proptest::collection::vec((0i64..30, 0i64..6, 0i64..6), 2..8), wide in (0i64..6, 0i64..6)) {
            let whole: i64 = parts.iter().map(|(truth, ..)| truth).sum();
            let mut bounds: Bounds = parts.iter().map(|(truth, less, more)| ((truth - less).max(0), truth + more)).collect();
            bounds.push(((whole - wide.0).max(0), whole + wide.1));
            let relations = [equals(parts.len(), &(0..parts.len()).collect::<Vec<_>>())];
            tighten(&mut bounds, &relations);
            for (number, (truth, ..)) in parts.iter().enumerate() {
                let (least, most) = bounds[number];
                prop_assert!(least <= *truth && *truth <= most);
                // One sum is a tree: there bounds alone reach as far as programmes.
                prop_assert_eq!(programme(&bounds, &[&relations[0]], number), (least, most));
            }
        }
    }
}
