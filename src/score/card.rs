//! One scorecard: every item of a checklist for one unit.

use super::counts::{self, Counts, Level};
use super::deduct::{self, Claim};
use super::marks::{Marks, millionths};
use super::standing::{self, Standing};
use super::verdict::{self, Part};
use super::{ItemScore, Scorecard, Undecided, Verdict};
use crate::checklist::{Checklist, Item, Threshold};
use crate::finding::{Finding, Outcome, Severity, Text};
use crate::judge::{Judged, Tally};
use crate::plan::{Plan, Unit};
use crate::scope::Scope;
use jiff::civil::Date;
use std::collections::HashMap;

/// What every scorecard is made from.
pub(super) struct Book<'a> {
    plan: &'a Plan,
    judged: &'a Judged,
    as_of: Option<Date>,
    /// Units, and the operator where it is none of them.
    units: Vec<Unit>,
    /// Findings with their place among their items, by (checklist id, item id, unit), in canonical order.
    claims: HashMap<(String, String, String), Vec<(usize, usize)>>,
    nothing: Tally,
}

impl<'a> Book<'a> {
    pub(super) fn of(plan: &'a Plan, judged: &'a Judged, findings: &[Finding], as_of: Option<Date>) -> Self {
        let mut units = plan.units.clone();
        if !units.iter().any(|u| u.id == plan.operator) && !plan.operator.is_empty() {
            units.push(Unit { id: plan.operator.clone(), name: plan.operator.clone(), kind: None, scope: Scope::default() });
        }
        let mut order: Vec<usize> = (0..findings.len()).collect();
        order.sort_by(|a, b| super::canonical(&findings[*a], &findings[*b]));
        let mut claims: HashMap<_, Vec<(usize, usize)>> = HashMap::new();
        for at in order {
            for (place, item) in findings[at].items.iter().enumerate() {
                let key = (item.checklist.clone(), item.item.clone(), findings[at].unit.clone());
                claims.entry(key).or_default().push((at, place));
            }
        }
        Book { plan, judged, as_of, units, claims, nothing: Tally::default() }
    }

    pub(super) fn units(&self) -> &[Unit] {
        &self.units
    }

    fn claims(&self, checklist: &Checklist, item: &Item, unit: &Unit) -> &[(usize, usize)] {
        self.claims.get(&(checklist.id.clone(), item.id.clone(), unit.id.clone())).map_or(&[], Vec::as_slice)
    }

    fn tally(&self, bound: usize, unit: &Unit) -> &Tally {
        self.judged.tallies.get(&(bound, unit.id.clone())).unwrap_or(&self.nothing)
    }

    fn subjects(&self, finding: &Finding) -> &[String] {
        let key = (finding.fingerprint.clone(), finding.unit.clone());
        self.judged.subject_keys.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// What was worked out about one item, before the sum.
struct Worked {
    standing: Standing,
    counts: Option<Counts>,
    /// Findings with their place among their items, and what each took.
    taken: Vec<((usize, usize), Marks)>,
    all: usize,
}

/// Makes the scorecard; none when no item concerns the unit.
pub(super) fn card(book: &Book<'_>, list: usize, unit: &Unit, findings: &mut [Finding]) -> Option<Scorecard> {
    let checklist = book.plan.checklists.get(list)?;
    let standings: Vec<Standing> =
        (0..checklist.items.len()).map(|index| standing::of(book.plan, (list, index), unit, book.as_of)).collect();
    if standings.iter().all(|s| *s == Standing::Elsewhere) {
        return None;
    }
    let floor = millionths(checklist.coverage_floor);
    let mut worked: Vec<Worked> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    for (index, item) in checklist.items.iter().enumerate() {
        let (done, part) = work(book, checklist, index, &standings, unit, floor, findings);
        worked.push(done);
        parts.push(Part { bonus: checklist.bonus.contains(&item.id), ..part });
    }
    verdict::redistribute(checklist, &mut parts);
    let sum = verdict::sum(checklist, &parts);
    let coverage = mean(&parts);
    let (verdict, reason) = verdict::decide(checklist, &parts, coverage, floor, sum.as_ref());
    let mut items = Vec::new();
    for ((item, mut done), part) in checklist.items.iter().zip(worked).zip(&parts) {
        let mut amounts: Vec<Marks> = done.taken.iter().map(|(_, amount)| *amount).collect();
        deduct::rescale(&mut amounts, part.deducted);
        done.taken.iter_mut().zip(amounts).for_each(|(slot, amount)| slot.1 = amount);
        write_back(book, checklist, item, unit, &done, part, findings);
        items.push(item_score(book, item, unit, &done, part, sum.is_some_and(|s| s.bonus > Marks::ZERO)));
    }
    let counted = |test: &dyn Fn(&Part) -> bool| parts.iter().filter(|p| p.live && test(p)).count() as u64;
    let told = !matches!(verdict, Verdict::Vetoed | Verdict::Insufficient);
    let decided = |p: &Part| matches!(p.outcome, Outcome::Passed | Outcome::Failed);
    Some(Scorecard {
        checklist: checklist.id.clone(),
        title: checklist.title.clone(),
        unit: unit.id.clone(),
        verdict,
        score: sum.filter(|_| told).map(|s| (s.base + s.bonus).points()),
        out_of: sum.map(|s| s.full.points()),
        reachable: sum.map(|s| s.reachable.points()),
        deducted: parts.iter().map(|p| p.deducted).sum::<Marks>().points(),
        bonus: sum.filter(|_| told).map_or(0.0, |s| s.bonus.points()),
        pass_line: checklist.pass_line.filter(|_| sum.is_some()),
        reason,
        coverage: coverage as f64 / 1.0e6,
        coverage_floor: floor as f64 / 1.0e6,
        applicable: counted(&|p| p.outcome != Outcome::Inapplicable),
        decided: counted(&decided),
        undecided: counted(&|p| matches!(p.outcome, Outcome::CannotTell | Outcome::Untested)),
        waived: items.iter().map(|i| i.waived).sum(),
        manual: parts.iter().filter(|p| p.manual).count() as u64,
        items,
    })
}

fn work<'a>(
    book: &'a Book<'_>,
    checklist: &'a Checklist,
    index: usize,
    standings: &[Standing],
    unit: &Unit,
    floor: u64,
    findings: &[Finding],
) -> (Worked, Part) {
    let item = &checklist.items[index];
    let standing = standings[index];
    let places = book.claims(checklist, item, unit);
    let mut done = Worked { standing, counts: None, taken: Vec::new(), all: places.len() };
    let mut part = Part {
        severity: item.severity,
        concerns: !matches!(standing, Standing::Elsewhere | Standing::NotInForce | Standing::NotYetDue),
        live: false,
        manual: standing == Standing::Manual,
        level: Level::Plain,
        outcome: if standing.note().is_some_and(|n| matches!(n, "manual" | "other-cadence")) {
            Outcome::Untested
        } else {
            Outcome::Inapplicable
        },
        certain: false,
        coverage: None,
        price: None,
        weight: deduct::price(item, true).and_then(|p| p.weight),
        deducted: Marks::ZERO,
        bonus: false,
        title: item.title.clone(),
    };
    let Standing::Live(bound) = standing else { return (done, part) };
    let tally = book.tally(bound, unit);
    let live_tally = |other: usize| match standings.get(other) {
        Some(Standing::Live(bound)) => Some(book.tally(*bound, unit)),
        _ => None,
    };
    let excluded = counts::excluded(&checklist.items, index, &live_tally);
    let counted = counts::counted(tally, &excluded);
    let counts = counts::weigh(item, tally, counted.len(), floor);
    part.live = true;
    part.level = counts.level;
    part.outcome = counts.outcome;
    part.certain = counts.failed > 0;
    part.coverage = counts.coverage;
    part.price = deduct::price(item, checklist.authority.is_some());
    if let Some(price) = part.price.filter(|_| !checklist.bonus.contains(&item.id)) {
        let takers: Vec<(usize, usize)> = places.iter().copied().filter(|(at, _)| deduct::takes(&findings[*at])).collect();
        let claims: Vec<Claim<'_>> = takers.iter().map(|(at, _)| Claim { subjects: book.subjects(&findings[*at]) }).collect();
        let amounts = deduct::taken(item, price, &claims, &counted);
        part.deducted = amounts.iter().copied().sum();
        done.taken = takers.into_iter().zip(amounts).collect();
    }
    done.counts = Some(counts);
    (done, part)
}

/// Writes severity and points under this item into its findings.
fn write_back(
    book: &Book<'_>,
    checklist: &Checklist,
    item: &Item,
    unit: &Unit,
    done: &Worked,
    part: &Part,
    findings: &mut [Finding],
) {
    let severity = match (done.standing, part.level) {
        (Standing::NotYetDue | Standing::NotInForce, _) | (_, Level::Below) => Severity::Notice,
        (_, Level::Warn) => Severity::Warning,
        _ => item.severity,
    };
    let scored = part.live && part.price.is_some();
    for (at, place) in book.claims(checklist, item, unit) {
        if let Some(entry) = findings.get_mut(*at).and_then(|f| f.items.get_mut(*place)) {
            entry.severity = severity;
            entry.points = scored.then_some(0.0);
        }
    }
    for ((at, place), amount) in done.taken.iter().filter(|_| scored) {
        if let Some(entry) = findings.get_mut(*at).and_then(|f| f.items.get_mut(*place)) {
            entry.points = Some(amount.points());
        }
    }
}

fn item_score(book: &Book<'_>, item: &Item, unit: &Unit, done: &Worked, part: &Part, bonus_given: bool) -> ItemScore {
    let tally = match done.standing {
        Standing::Live(bound) => book.tally(bound, unit),
        _ => &book.nothing,
    };
    let unscored = item.points.or(item.cap).is_some() && part.live && part.price.is_none();
    let note = done.standing.note().or_else(|| {
        let counts = done.counts.as_ref()?;
        Some(match counts.level {
            Level::Veto => "veto",
            Level::Pending => "pending-review",
            Level::Warn => "warn",
            Level::Below => "below-threshold",
            Level::Clear if counts.open => "open",
            _ if counts.outcome == Outcome::Failed && counts.failed == 0 => "suspected",
            _ if counts.excluded > 0 && counts.failed == 0 => "excluded",
            _ if part.bonus && bonus_given && part.outcome == Outcome::Passed => "bonus",
            _ if unscored => "unverified",
            _ => return None,
        })
    });
    let undecided = tally.undecided.iter().map(|(reason, (count, example))| Undecided {
        reason: both(reason),
        count: *count,
        example: example.clone(),
    });
    let mut undecided: Vec<Undecided> = undecided.collect();
    undecided.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reason.zh.cmp(&b.reason.zh)));
    ItemScore {
        id: item.id.clone(),
        title: item.title.clone(),
        rule: item.rule_ids().map(str::to_owned).collect(),
        severity: item.severity,
        outcome: part.outcome,
        points: part.price.map(|p| part.weight.unwrap_or(p.each).points()),
        deducted: part.deducted.points(),
        findings: done.all as u64,
        basis: item.source.clone(),
        confidence: item.confidence,
        passed: tally.passed,
        failed: tally.failed,
        suspected: tally.suspected,
        waived: tally.waived,
        cannot_tell: tally.cannot_tell,
        untested: tally.untested,
        inapplicable: tally.inapplicable,
        coverage: part.coverage.map(|c| c as f64 / 1.0e6),
        remark: remark(item, done, note, unscored),
        note: note.map(str::to_owned),
        undecided,
        manual: item.manual.clone(),
    }
}

/// The state of an item in words.
fn remark(item: &Item, done: &Worked, note: Option<&str>, unscored: bool) -> Option<Text> {
    let told = |zh: String, en: String| Some(Text { zh, en });
    let line = item.veto_when.unwrap_or(Threshold { count: Some(1), share: None });
    let (line_zh, line_en) = threshold_text(&line);
    let (failed, suspected, undecided, excluded) =
        done.counts.as_ref().map_or((0, 0, 0, 0), |c| (c.failed, c.suspected, c.undecided, c.excluded));
    match note? {
        "veto" => told(
            format!("不合格 {failed} 个，达到否决线（{line_zh}）"),
            format!("{failed} at fault: the veto line ({line_en}) is reached"),
        ),
        "pending-review" => told(
            format!("确定 {failed} 个、疑似 {suspected} 个，若经复核属实即达否决线（{line_zh}）"),
            format!("{failed} certain and {suspected} suspected: if confirmed, the veto line ({line_en}) is reached"),
        ),
        "warn" | "below-threshold" => told(
            format!("有问题 {} 个，未达否决线（{line_zh}）", failed + suspected),
            format!("{} at fault, short of the veto line ({line_en})", failed + suspected),
        ),
        "open" => told(
            format!("另有 {undecided} 个未能判定，不能排除达到否决线（{line_zh}）"),
            format!("{undecided} undecided: the veto line ({line_en}) cannot be ruled out"),
        ),
        "suspected" => told(
            format!("疑似 {suspected} 个，待人工确认，不扣分"),
            format!("{suspected} suspected; no points until a person confirms"),
        ),
        "excluded" => told(
            format!("{excluded} 个已在其他项目中计过，不重复计"),
            format!("{excluded} already counted under other items, not counted again"),
        ),
        "not-yet-due" => {
            told(format!("尚未到期（{}）", day(item.due.as_ref())), format!("not yet due ({})", day(item.due.as_ref())))
        }
        "not-in-force" => told("此日不适用".into(), "not in force on this day".into()),
        "other-cadence" => told("不在本次检查频次之内".into(), "belongs to another cadence, not asked in this run".into()),
        "unverified" if unscored => {
            told("分值出处未核实，只计数不扣分".into(), "its points are not verified: counted, not scored".into())
        }
        _ => None,
    }
}

fn day(date: Option<&toml::value::Datetime>) -> String {
    date.and_then(|d| d.date).map(|d| d.to_string()).unwrap_or_default()
}

fn threshold_text(threshold: &Threshold) -> (String, String) {
    let count = threshold.count.map(|c| (format!("{c} 个及以上"), format!("{c} or more")));
    let share = threshold.share.map(|s| {
        let percent = super::points_text(s * 100.0);
        let percent = percent.trim_end_matches('0').trim_end_matches('.').to_owned();
        (format!("占比 {percent}% 及以上"), format!("{percent}% or more"))
    });
    match (count, share) {
        (Some(a), Some(b)) => (format!("{}或{}", a.0, b.0), format!("{}, or {}", a.1, b.1)),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => ("1 个及以上".into(), "1 or more".into()),
    }
}

/// A reason rendered by the judge: Chinese, a newline, English; or one text for both.
fn both(reason: &str) -> Text {
    match reason.split_once('\n') {
        Some((zh, en)) => Text { zh: zh.to_owned(), en: en.to_owned() },
        None => Text { zh: reason.to_owned(), en: reason.to_owned() },
    }
}

/// Mean coverage of the live items that have subjects, in millionths, cut.
fn mean(parts: &[Part]) -> u64 {
    let known: Vec<u64> = parts.iter().filter_map(|p| p.coverage).collect();
    let sum: u64 = known.iter().sum();
    sum.checked_div(known.len() as u64).unwrap_or(0)
}
