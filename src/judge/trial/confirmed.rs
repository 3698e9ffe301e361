//! What a person said of suspected findings, through the whole judge.

use super::*;
use crate::finding::Finding;
use crate::judge::confirmation::{Confirmation, Confirmations, Verdict};

fn said(finding: &Finding, verdict: Verdict) -> Confirmation {
    Confirmation {
        fingerprint: finding.fingerprint.clone(),
        verdict,
        unit: None,
        by: "办公室".into(),
        on: jiff::civil::date(2026, 3, 1),
        reason: "已打开页面核对".into(),
        line: 1,
    }
}

fn given(all: Vec<Confirmation>) -> Given {
    Given { confirmations: Confirmations { all }, ..Given::default() }
}

#[test]
fn confirmed_counts_as_certain_and_rejected_does_not_count() {
    let plan = plan(vec![(judgement("word", json!({ "suspected": true })), "veto")]);
    let memory = memory(vec![page("/a", "错"), page("/b", "错"), page("/c", "好")]);
    let first = judged(&plan, &memory);
    assert_eq!((tally(&first, 0, "x").suspected, tally(&first, 0, "x").failed), (2, 0));
    assert!(first.findings.iter().all(|f| f.certainty == Certainty::Suspected));

    let statements = vec![said(&first.findings[0], Verdict::Confirmed), said(&first.findings[1], Verdict::Rejected)];
    let second = judged_with(&plan, &memory, &given(statements));
    let counted = tally(&second, 0, "x");
    assert_eq!((counted.failed, counted.suspected, counted.passed, counted.waived), (1, 0, 2, 0), "{counted:?}");
    assert_eq!(counted.failed_subjects.len(), 1, "what a veto counts");
    assert_eq!(second.findings.len(), 2, "a rejected finding is still told");
    let of = |path: &str| second.findings.iter().find(|f| f.url.path() == path).expect("told");
    assert_eq!((of("/a").certainty, of("/a").state.as_deref()), (Certainty::Certain, None));
    assert!(of("/a").evidence["confirmed"].contains("办公室"));
    assert_eq!((of("/b").certainty, of("/b").state.as_deref()), (Certainty::Suspected, Some("rejected")));
    assert_eq!(second.notes.len(), 1, "{:?}", second.notes);
}

#[test]
fn what_is_certain_takes_no_rejection_and_what_is_unknown_is_told() {
    let plan = plan(vec![(judgement("word", json!({})), "error")]);
    let memory = memory(vec![page("/a", "错"), page("/c", "好")]);
    let first = judged(&plan, &memory);
    let mut other = said(&first.findings[0], Verdict::Confirmed);
    other.fingerprint = "0".repeat(32);
    let second = judged_with(&plan, &memory, &given(vec![said(&first.findings[0], Verdict::Rejected), other]));
    assert_eq!(tally(&second, 0, "x").failed, 1);
    assert_eq!(second.findings[0].state, None);
    assert_eq!(second.notes.len(), 2, "{:?}", second.notes);
}

#[test]
fn a_unit_may_be_named() {
    let plan = plan(vec![(judgement("word", json!({ "suspected": true })), "error")]);
    let memory = memory(vec![page("/a", "错"), page("/c", "好")]);
    let first = judged(&plan, &memory);
    let elsewhere = Confirmation { unit: Some("another".into()), ..said(&first.findings[0], Verdict::Confirmed) };
    let second = judged_with(&plan, &memory, &given(vec![elsewhere.clone()]));
    assert_eq!((tally(&second, 0, "x").suspected, second.notes.len()), (1, 1));
    let here = Confirmation { unit: Some(first.findings[0].unit.clone()), ..elsewhere };
    assert_eq!(tally(&judged_with(&plan, &memory, &given(vec![here])), 0, "x").failed, 1);
}
