//! The sum, the lines it is held against, and the verdict with its reason in words.

use super::counts::Level;
use super::deduct::Price;
use super::marks::Marks;
use super::{Verdict, points_text};
use crate::checklist::{Checklist, Inapplicable};
use crate::finding::{Outcome, Severity, Text};

/// One item, as far as sum and verdict need it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Severity in the checklist.
    pub severity: Severity,
    /// Does it concern this unit on this day (manual and other-cadence ones included)?
    pub concerns: bool,
    /// Is it judged in this run?
    pub live: bool,
    /// Left to people.
    pub manual: bool,
    /// Distance to its veto.
    pub level: Level,
    /// Outcome.
    pub outcome: Outcome,
    /// Is a certain failure among those that count?
    pub certain: bool,
    /// coverage in millionths, of a live item with subjects.
    pub coverage: Option<u64>,
    /// Points that may be used.
    pub price: Option<Price>,
    /// What it is worth by the checklist, usable or not.
    pub weight: Option<Marks>,
    /// Points taken, before redistribution.
    pub deducted: Marks,
    /// Adds points when passed.
    pub bonus: bool,
    /// Title for the reason.
    pub title: Text,
}

impl Part {
    fn in_play(&self) -> bool {
        self.live
            && !self.bonus
            && self.price.is_some()
            && (matches!(self.outcome, Outcome::Passed | Outcome::Failed) || self.deducted > Marks::ZERO)
    }
}

/// The sum of a scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Full mark.
    pub full: Marks,
    /// Of these, points of items that were decided; the rest is scaled away or redistributed.
    pub reachable: Marks,
    /// Points taken (after redistribution).
    pub deducted: Marks,
    /// Score before bonus: what the pass line and the bonus gate are held against.
    pub base: Marks,
    /// Points added.
    pub bonus: Marks,
}

/// The new weight and loss of each item when the points of others are spread evenly over those in play.
pub fn redistribute(checklist: &Checklist, parts: &mut [Part]) {
    if checklist.inapplicable != Inapplicable::Redistribute {
        return;
    }
    let left = left_out(parts);
    let weighty = |part: &Part| part.in_play() && part.weight.is_some_and(|w| w > Marks::ZERO);
    let count = parts.iter().filter(|p| weighty(p)).count() as u64;
    let extra = left.spread(count);
    if extra == Marks::ZERO {
        return;
    }
    for part in parts.iter_mut().filter(|p| weighty(p)) {
        if let Some(weight) = part.weight {
            part.deducted = part.deducted.share((weight + extra).raw(), weight.raw());
            part.weight = Some(weight + extra);
        }
    }
}

fn left_out(parts: &[Part]) -> Marks {
    parts.iter().filter(|p| !p.bonus && !p.in_play()).filter_map(|p| p.weight).sum()
}

/// Adds up; none when the checklist has no full mark or nothing with points was decided. Call after [`redistribute`].
pub fn sum(checklist: &Checklist, parts: &[Part]) -> Option<Sum> {
    let full = Marks::of(checklist.full_mark.filter(|m| *m > 0.0)?);
    if !parts.iter().any(Part::in_play) {
        return None;
    }
    let spread = checklist.inapplicable == Inapplicable::Redistribute
        && parts.iter().any(|p| p.in_play() && p.weight.is_some_and(|w| w > Marks::ZERO));
    let reachable = if spread { full } else { (full - left_out(parts)).floor() };
    if reachable == Marks::ZERO {
        return None;
    }
    let deducted: Marks = parts.iter().filter(|p| p.in_play()).map(|p| p.deducted).sum();
    let base = full.cut((reachable - deducted).floor(), reachable);
    let gate = checklist.bonus_gate.is_none_or(|gate| base > Marks::of(gate));
    let given = parts.iter().filter(|p| p.bonus && p.live && p.outcome == Outcome::Passed).filter_map(|p| p.price);
    let given: Marks = given.map(|price| price.each).sum();
    let bonus = if gate { checklist.bonus_cap.map_or(given, |cap| given.min(Marks::of(cap))) } else { Marks::ZERO };
    Some(Sum { full, reachable, deducted, base, bonus })
}

/// The verdict and why.
///
/// Precedence: a veto by certain failures is proved whatever else was seen; then coverage decides whether anything may be said; a score
/// below the line (or, without points, a certain error) is proved and comes before what a person has to confirm; "passed" is left only
/// when every veto item that concerns the unit is decided, also those that this run or no machine decides.
pub fn decide(checklist: &Checklist, parts: &[Part], coverage: u64, floor: u64, sum: Option<&Sum>) -> (Verdict, Text) {
    let live: Vec<&Part> = parts.iter().filter(|p| p.live).collect();
    let veto = |level: Level| -> Vec<&Part> { live.iter().copied().filter(|p| p.level == level).collect() };
    let vetoed = veto(Level::Veto);
    if !vetoed.is_empty() {
        return (Verdict::Vetoed, naming("触发单项否决：", "Vetoed by: ", &vetoed));
    }
    if coverage == 0 {
        let reason =
            Text { zh: "没有一项能够判定，不作结论。".into(), en: "No item could be decided: no verdict.".into() };
        return (Verdict::Insufficient, reason);
    }
    if coverage < floor {
        let (seen, wanted) = (percent_text(coverage), percent_text(floor));
        let reason = Text {
            zh: format!("覆盖率 {seen}，低于 {wanted} 的底线，不作结论。"),
            en: format!("Coverage {seen} is below the floor of {wanted}: no verdict."),
        };
        return (Verdict::Insufficient, reason);
    }
    if let Some((sum, line)) = sum.zip(checklist.pass_line) {
        if sum.base < Marks::of(line) {
            let (score, line) = (points_text(sum.base.points()), points_text(line));
            let reason = Text {
                zh: format!("得分 {score}，低于合格线 {line}。"),
                en: format!("The score {score} is below the pass line {line}."),
            };
            return (Verdict::Failed, reason);
        }
    } else {
        let failed: Vec<&Part> = live
            .iter()
            .copied()
            .filter(|p| p.severity == Severity::Error && !p.bonus && p.outcome == Outcome::Failed && p.certain)
            .collect();
        if !failed.is_empty() {
            return (Verdict::Failed, naming("不符合要求：", "Not met: ", &failed));
        }
    }
    let pending = veto(Level::Pending);
    if !pending.is_empty() {
        return (
            Verdict::PendingReview,
            naming("疑似触发单项否决，待人工复核：", "A veto is suspected; a person has to review: ", &pending),
        );
    }
    let open: Vec<&Part> =
        parts.iter().filter(|p| p.concerns && p.severity == Severity::Veto && !(p.live && is_clean(p.outcome))).collect();
    if !open.is_empty() {
        let mut reason =
            naming("未发现否决问题，但有否决项尚未判定：", "No veto was found, but these veto items are not decided: ", &open);
        if open.iter().all(|p| p.manual) {
            reason.zh.push_str("（须人工核查）");
            reason.en.push_str(" (left to people)");
        }
        return (Verdict::NoVetoFound, reason);
    }
    let mut reason = match sum.zip(checklist.pass_line) {
        Some((sum, line)) => {
            let (score, line) = (points_text((sum.base + sum.bonus).points()), points_text(line));
            Text {
                zh: format!("得分 {score}，达到合格线 {line}。"),
                en: format!("The score {score} reaches the pass line {line}."),
            }
        }
        None => Text { zh: "已判定的各项均符合要求。".into(), en: "Every decided item is met.".into() },
    };
    let people = parts.iter().filter(|p| p.manual).count();
    if people > 0 {
        reason.zh.push_str(&format!("另有 {people} 项须人工核查。"));
        reason.en.push_str(&format!(" {people} more are left to people."));
    }
    (Verdict::Passed, reason)
}

fn is_clean(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Passed | Outcome::Inapplicable)
}

fn naming(zh: &str, en: &str, parts: &[&Part]) -> Text {
    let names = |pick: fn(&Text) -> &String, by: &str| {
        let first: Vec<&str> = parts.iter().take(3).map(|p| pick(&p.title).as_str()).collect();
        first.join(by)
    };
    let more = parts.len().saturating_sub(3);
    let (mut zh, mut en) = (format!("{zh}{}", names(|t| &t.zh, "；")), format!("{en}{}", names(|t| &t.en, "; ")));
    if more > 0 {
        zh.push_str(&format!("；等 {} 项", parts.len()));
        en.push_str(&format!("; and {more} more"));
    }
    Text { zh, en }
}

/// Millionths as a percentage, cut to one decimal.
fn percent_text(millionths: u64) -> String {
    format!("{}.{}%", millionths / 10_000, millionths % 10_000 / 1_000)
}
