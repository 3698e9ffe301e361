//! The terminal form of a report: verdicts, scorecards, what to mend first, where the files are.
//!
//! Colour only where the reader has a terminal and did not set `NO_COLOR`; nothing from a page can steer the terminal ([`plain`]).

pub(super) mod tables;

use super::summary::{Counts, percent, score_text};
use super::{Report, plain, words};
use crate::finding::{Certainty, Finding, Language, Severity};
use crate::score::Verdict;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

/// How to print.
#[derive(Debug, Clone)]
pub struct Style {
    /// Language.
    pub language: Language,
    /// May escape sequences for colour be used?
    pub colour: bool,
    /// Columns of the terminal; at least 40 are used.
    pub width: u16,
    /// Findings told one by one.
    pub top: usize,
}

impl Style {
    /// Fits standard output: colour on a terminal without `NO_COLOR`, its width, else 100 columns.
    pub fn of_stdout(language: Language) -> Self {
        let terminal = io::stdout().is_terminal();
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = terminal.then(|| comfy_table::Table::new().width()).flatten().unwrap_or(100);
        Style { language, colour: terminal && !no_colour, width: width.max(40), top: 10 }
    }

    /// Without colour, for a file or a test.
    pub fn plain(language: Language, width: u16) -> Self {
        Style { language, colour: false, width: width.max(40), top: 10 }
    }

    pub(super) fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// Paints text when colour is on. `code` is an SGR parameter of ours.
    pub(super) fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// SGR parameters of a verdict.
fn verdict_paint(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "1;32",
        Verdict::Failed | Verdict::Vetoed => "1;31",
        Verdict::PendingReview => "1;33",
        Verdict::NoVetoFound => "1;36",
        Verdict::Insufficient => "1;35",
    }
}

/// Prints a report. `files` are the paths of what was written for it.
pub fn write(report: &Report, style: &Style, files: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
    head(report, style, out)?;
    scorecards(report, style, out)?;
    findings(report, style, out)?;
    undecided(report, style, out)?;
    if !files.is_empty() {
        writeln!(out, "\n{}", style.paint("1", style.say("报告文件", "Files")))?;
        for file in files {
            writeln!(out, "  {}", plain::line(&file.display().to_string()))?;
        }
    }
    Ok(())
}

fn head(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let name = report.site.name.as_deref().filter(|n| !n.is_empty()).unwrap_or(&report.site.host);
    let day = style.say("截止", "as of");
    writeln!(out, "{}", style.paint("1", &format!("{} · {}", plain::line(name), plain::line(&report.site.host))))?;
    writeln!(out, "{day} {} · xuncha {}", report.run.as_of, report.run.version)?;
    let coverage = &report.coverage;
    let line = |label: &str, seen: u64, of: u64, lost: &std::collections::BTreeMap<String, u64>| {
        let mut line = format!("{label} {seen}/{of}");
        if !lost.is_empty() {
            let told: Vec<String> =
                lost.iter().map(|(word, n)| format!("{} {n}", words::reason(word).get(style.language))).collect();
            let told = told.join(style.say("，", ", "));
            line.push_str(&format!("{}{told}", style.say("；未取得：", "; not had: ")));
        }
        line
    };
    let known = |label: &str, truth: &crate::report::Truths| {
        let told = |of: &std::collections::BTreeMap<String, u64>| {
            let told: Vec<String> =
                of.iter().map(|(word, n)| format!("{} {n}", words::reason(word).get(style.language))).collect();
            told.join(style.say("，", ", "))
        };
        let dead: u64 = truth.dead.values().sum();
        let mut line = format!("{label}{} {}{} {dead}", style.say("有效", "work"), truth.works, style.say("，失效", ", dead"));
        let unverified: u64 = truth.unverified.values().sum();
        if unverified > 0 {
            let share = percent(truth.unverified_share);
            line.push_str(&format!("{} {unverified} ({share})", style.say("，未能核实", ", unverified")));
            line.push_str(&format!("{}{}", style.say("：", ": "), told(&truth.unverified)));
        }
        line
    };
    writeln!(
        out,
        "{}",
        plain::line(&line(style.say("站内取得", "own URLs fetched"), coverage.fetched, coverage.discovered, &coverage.unfetched))
    )?;
    if coverage.discovered > 0 {
        let label = style.say("站内网址：", "own URLs: ");
        writeln!(out, "{}", plain::line(&known(label, &coverage.truth)))?;
    }
    let external = &coverage.external;
    if external.discovered > 0 {
        let label = style.say("站外链接取得", "external links answered");
        writeln!(out, "{}", plain::line(&line(label, external.fetched, external.discovered, &external.unfetched)))?;
        let label = style.say("站外网址：", "external URLs: ");
        writeln!(out, "{}", plain::line(&known(label, &external.truth)))?;
    }
    if coverage.fetched == 0 {
        let said = style.say(
            "没有取得任何页面，不能作出任何结论。请核对地址和网络后重试。",
            "Nothing was obtained, so nothing can be concluded. Check the address and the network, then run again.",
        );
        writeln!(out, "{}", style.paint("1;31", said))?;
    } else if !report.run.complete {
        let said = style
            .say("本次抓取未完成：结论只依据已取得的部分。", "The crawl is not complete: conclusions rest on what was seen.");
        writeln!(out, "{}", style.paint("1;33", said))?;
    }
    for note in &report.run.notes {
        writeln!(out, "{}", style.paint("1;33", &plain::line(note.get(style.language))))?;
    }
    for error in &report.run.internal_errors {
        let label = style.say("程序内部错误（已跳过该规则）", "internal error (this rule was skipped)");
        writeln!(out, "{}", style.paint("1;31", &format!("{label}: {}", plain::line(error))))?;
    }
    Ok(())
}

fn scorecards(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if report.scorecards.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", style.paint("1", style.say("评分卡", "Scorecards")))?;
    writeln!(out, "{}", tables::scorecards(report, style))?;
    for card in &report.scorecards {
        let verdict = words::card_verdict(card);
        let label = style.paint(verdict_paint(card.verdict), verdict.get(style.language));
        let title = plain::line(card.title.get(style.language));
        let name = match report.site.units.len() {
            0 | 1 => title.into_owned(),
            _ => format!("{} · {title}", plain::line(report.unit_name(&card.unit))),
        };
        writeln!(out, "  {label}  {name}")?;
        writeln!(out, "      {}", plain::line(card.reason.get(style.language)))?;
        if let (Some(score), Some(reachable), Some(full)) = (card.score, card.reachable, card.out_of)
            && reachable < full
        {
            let (reachable, full) = (crate::score::points_text(reachable), crate::score::points_text(full));
            let score = crate::score::points_text(score);
            let said = match style.language {
                Language::Zh => format!("得分 {score} 按已判定的 {reachable} 分折算为 {full} 分制。"),
                Language::En => format!("The score {score} is scaled to {full} from {reachable} decided points."),
            };
            writeln!(out, "      {said}")?;
        }
    }
    Ok(())
}

fn findings(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(report.findings.iter());
    if report.findings.is_empty() {
        let said = if report.coverage.fetched == 0 {
            style.say("没有发现问题，因为什么也没有取得。", "No findings, because nothing was obtained.")
        } else {
            style.say("没有发现问题。", "No findings.")
        };
        return writeln!(out, "\n{said}");
    }
    let said = match style.language {
        Language::Zh => format!("发现 {} 个问题：{}", counts.total(), counts.text(style.language)),
        Language::En => format!("{} findings: {}", counts.total(), counts.text(style.language)),
    };
    writeln!(out, "\n{}", style.paint("1", &said))?;
    writeln!(out, "{}", tables::by_rule(report, style))?;
    let shown = report.findings.len().min(style.top);
    let label = match style.language {
        Language::Zh => format!("最要紧的 {shown} 个"),
        Language::En => format!("First {shown} to look at"),
    };
    writeln!(out, "\n{}", style.paint("1", &label))?;
    for finding in most_urgent(&report.findings).into_iter().take(shown) {
        one(report, finding, style, out)?;
    }
    let left = report.findings.len() - shown;
    if left > 0 {
        let said = match style.language {
            Language::Zh => format!("  其余 {left} 个见 report.html 或 report.json"),
            Language::En => format!("  {left} more in report.html or report.json"),
        };
        writeln!(out, "{said}")?;
    }
    Ok(())
}

/// Severity first, certain before suspected, then what shows most often.
fn most_urgent(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted
        .sort_by(|a, b| b.severity.cmp(&a.severity).then(a.certainty.cmp(&b.certainty)).then(b.occurrences.cmp(&a.occurrences)));
    sorted
}

fn one(report: &Report, finding: &Finding, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let severity = words::severity(finding.severity);
    let paint = match finding.severity {
        Severity::Veto => "1;31",
        Severity::Error => "31",
        Severity::Warning => "33",
        Severity::Notice => "36",
    };
    let mut mark = style.paint(paint, &format!("[{}]", severity.get(style.language)));
    if finding.certainty == Certainty::Suspected {
        mark.push_str(&style.paint("1;35", &format!("[{}]", words::certainty(finding.certainty).get(style.language))));
    }
    let message = plain::line(finding.message.get(style.language)).into_owned();
    let times = match (finding.occurrences, style.language) {
        (0 | 1, _) => String::new(),
        (n, Language::Zh) => format!("（{n} 处）"),
        (n, Language::En) => format!(" ({n} places)"),
    };
    let cause = words::cause(finding.root_cause);
    writeln!(out, "  {mark} {message}{times}")?;
    let place = finding.page_title.as_deref().filter(|t| !t.is_empty());
    let title = place.map(|t| format!("{} · ", crate::text::shorten(&plain::line(t), 40))).unwrap_or_default();
    writeln!(out, "      {} · {title}{}", cause.get(style.language), finding.url)?;
    if let Some(text) = finding.locations.iter().find_map(|l| l.text.as_deref()) {
        let label = style.say("搜索", "search for");
        writeln!(out, "      {label}: {}", crate::text::shorten(&plain::line(text), 60))?;
    }
    if report.site.units.len() > 1 {
        writeln!(out, "      {}", plain::line(report.unit_name(&finding.unit)))?;
    }
    Ok(())
}

/// Items that nobody could decide and duties left to people, in one sentence each.
fn undecided(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let manual: u64 = report.scorecards.iter().map(|c| c.manual).sum();
    let open: u64 = report.scorecards.iter().map(|c| c.undecided).sum();
    if open > 0 {
        let said = match style.language {
            Language::Zh => format!("{open} 项未能判定，原因见报告“看不到的部分”。"),
            Language::En => format!("{open} items could not be decided; the report says why."),
        };
        writeln!(out, "\n{said}")?;
    }
    if manual > 0 {
        let said = match style.language {
            Language::Zh => format!("{manual} 项须人工核查，清单见报告。"),
            Language::En => format!("{manual} items are left to people; the report lists them."),
        };
        writeln!(out, "{said}")?;
    }
    Ok(())
}

/// Denominators of a scorecard: `判定 12/14`.
fn denominators(card: &crate::score::Scorecard) -> [String; 4] {
    [
        format!("{}/{}", card.decided, card.applicable),
        card.undecided.to_string(),
        card.waived.to_string(),
        card.manual.to_string(),
    ]
}

/// Cells of a scorecard that are numbers.
fn figures(card: &crate::score::Scorecard) -> (String, String) {
    (score_text(card), percent(card.coverage))
}
