//! Lines that differ.

use super::report::Finding;

/// Products of lines beyond which the lines are compared one by one.
const LARGEST: usize = 1 << 20;

/// The lines of a text, without blanks at their ends and empty ones at the end.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

/// What differs between two texts, line by line; `what` is their name.
pub(super) fn compare(what: &str, expected: &str, found: &str) -> Vec<Finding> {
    let (expected, found) = (lines(expected), lines(found));
    let steps = if (expected.len() + 1) * (found.len() + 1) <= LARGEST {
        steps(&expected, &found)
    } else {
        one_by_one(&expected, &found)
    };
    let mut findings = Vec::new();
    let mut at = 0;
    while at < steps.len() {
        // a stretch of lines that differ: the first missing line stands against the first that is too many, and so on
        let end = (at..steps.len()).find(|n| matches!(steps[*n], Step::Same)).unwrap_or(steps.len());
        let missing: Vec<usize> = steps[at..end].iter().filter_map(Step::missing).collect();
        let added: Vec<usize> = steps[at..end].iter().filter_map(Step::added).collect();
        for n in 0..missing.len().max(added.len()) {
            let (line, other) = (missing.get(n), added.get(n));
            let place = other.or(line).copied().unwrap_or_default() + 1;
            findings.push(Finding {
                what: format!("{what}, line {place}"),
                expected: line.map_or_else(|| "no such line".to_owned(), |n| shown(expected[*n])),
                found: other.map_or_else(|| "no such line".to_owned(), |n| shown(found[*n])),
            });
        }
        at = end + 1;
    }
    findings
}

fn shown(line: &str) -> String {
    if line.is_empty() { "an empty line".to_owned() } else { line.to_owned() }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Same,
    /// An expected line that is not there.
    Missing(usize),
    /// A line too many.
    Added(usize),
}

impl Step {
    fn missing(&self) -> Option<usize> {
        if let Step::Missing(n) = self { Some(*n) } else { None }
    }

    fn added(&self) -> Option<usize> {
        if let Step::Added(n) = self { Some(*n) } else { None }
    }
}

/// The fewest steps from one list to the other.
fn steps(expected: &[&str], found: &[&str]) -> Vec<Step> {
    let width = found.len() + 1;
    // length of the longest list that is part of both, from here on
    let mut common = vec![0usize; (expected.len() + 1) * width];
    for i in (0..expected.len()).rev() {
        for j in (0..found.len()).rev() {
            common[i * width + j] = if expected[i] == found[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::new();
    while i < expected.len() || j < found.len() {
        if i < expected.len() && j < found.len() && expected[i] == found[j] {
            steps.push(Step::Same);
            (i, j) = (i + 1, j + 1);
        } else if j == found.len()
            || i < expected.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]
        {
            steps.push(Step::Missing(i));
            i += 1;
        } else {
            steps.push(Step::Added(j));
            j += 1;
        }
    }
    steps
}

fn one_by_one(expected: &[&str], found: &[&str]) -> Vec<Step> {
    let mut steps = Vec::new();
    for n in 0..expected.len().max(found.len()) {
        if expected.get(n) == found.get(n) {
            steps.push(Step::Same);
            continue;
        }
        steps.extend((n < expected.len()).then_some(Step::Missing(n)));
        steps.extend((n < found.len()).then_some(Step::Added(n)));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(expected: &str, found: &str) -> Vec<String> {
        compare("paper", expected, found)
            .iter()
            .map(|one| format!("{}: {} / {}", one.what, one.expected, one.found))
            .collect()
    }

    #[test]
    fn only_lines_that_differ_are_told() {
        assert_eq!(told("A\nB  \n\n", "A\nB"), Vec::<String>::new());
        assert_eq!(told("A\nB\nC", "A\nX\nC"), ["paper, line 2: B / X"]);
        assert_eq!(told("A\nB\nC", "A\nC"), ["paper, line 2: B / no such line"]);
        assert_eq!(told("A\nC", "A\n\nC"), ["paper, line 2: no such line / an empty line"]);
        assert_eq!(told("A\nB", ""), ["paper, line 1: A / no such line", "paper, line 2: B / no such line"]);
    }

    #[test]
    fn long_texts_are_compared_too() {
        let (long, other) = ("A\n".repeat(2000), format!("{}B\n", "A\n".repeat(1999)));
        assert_eq!(told(&long, &other), ["paper, line 2000: A / B"]);
    }
}
