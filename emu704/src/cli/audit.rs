//! Which open questions a run has depended on, as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::machine::Machine;

/// For a person.
pub(crate) fn text(machine: &Machine) -> String {
    let findings = machine.audit();
    let mut out = match findings.len() {
        0 => return "audit: the run met no open question".to_owned(),
        1 => "audit: the run met one open question".to_owned(),
        n => format!("audit: the run met {n} open questions"),
    };
    out.push_str("; docs/open-questions.md has what was chosen");
    for finding in findings {
        let question = finding.question;
        let times = if finding.count == 1 { "once".to_owned() } else { format!("{} times", finding.count) };
        let _ = write!(
            out,
            "\n{} ({}): {}; {times}, first at {:05o} in cycle {}",
            question.id,
            question.effect.name(),
            question.what,
            finding.at,
            finding.cycle
        );
    }
    out
}

/// For a script.
pub(crate) fn json(machine: &Machine) -> Value {
    let finding = |finding: crate::audit::Finding| {
        json!({
            "id": finding.question.id,
            "effect": finding.question.effect.name(),
            "what": finding.question.what,
            "count": finding.count,
            "at": format!("{:05o}", finding.at),
            "cycle": finding.cycle,
        })
    };
    machine.audit().into_iter().map(finding).collect()
}
