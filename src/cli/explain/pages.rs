//! `xuncha explain --all --out DIR`: one Markdown page per rule, in Chinese and English, and an index.

use super::{example, parameters, subject};
use crate::checklist::columns::ColumnBook;
use crate::checklist::{Checklist, Confidence, library};
use crate::error::{Error, Result};
use crate::facts::platform::Platform;
use crate::finding::{Language, Outcome};
use crate::rules::fixture::{self, Case};
use crate::rules::{self, Entry};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Lines of an example that a page shows.
const MOST_LINES: usize = 60;

/// Writes every page; pages of rules that are gone are removed. Returns how many were written.
pub fn write(folder: &Path) -> Result<usize> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    let pages = all()?;
    for entry in std::fs::read_dir(folder).map_err(|e| Error::io(folder, e))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name.ends_with(".md") && std::fs::read_to_string(entry.path()).is_ok_and(|text| text.starts_with(MARK));
        if ours && !pages.contains_key(&name) {
            std::fs::remove_file(entry.path()).map_err(|e| Error::io(entry.path(), e))?;
        }
    }
    for (name, text) in &pages {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|e| Error::io(&path, e))?;
    }
    Ok(pages.len())
}

/// How a page begins.
const MARK: &str = "<!-- Generated: xuncha explain --all";

/// Every page by file name.
pub fn all() -> Result<BTreeMap<String, String>> {
    let book = ColumnBook::load();
    let lists =
        library::ids().map(|id| library::resolve(id, &book).map(|list| list.checklist)).collect::<Result<Vec<Checklist>>>()?;
    let mut pages = BTreeMap::new();
    pages.insert("README.md".to_owned(), index());
    for entry in rules::all() {
        pages.insert(format!("{}.md", entry.id), page(entry, &lists)?);
    }
    Ok(pages)
}

fn index() -> String {
    let mut text = format!(
        "{MARK} --out docs/rules -->\n# 规则 · Rules\n\n共 {} 条，按类别排列。{} rules by category.\n",
        rules::all().len(),
        rules::all().len()
    );
    let mut by_category: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in rules::all() {
        by_category.entry(entry.category).or_default().push(entry);
    }
    for (category, entries) in by_category {
        let _ = write!(text, "\n## {category}\n\n| 规则 rule | 检查什么 | what | 对象 about |\n| --- | --- | --- | --- |\n");
        for entry in entries {
            let title = &fixture::texts(entry).title;
            let about = subject(entry);
            let _ = writeln!(
                text,
                "| [{0}]({0}.md) | {1} | {2} | {3} {4} |",
                entry.id,
                cell(&title.zh),
                cell(&title.en),
                about.zh,
                about.en
            );
        }
    }
    text
}

fn page(entry: &Entry, lists: &[Checklist]) -> Result<String> {
    let texts = fixture::texts(entry);
    let cases = fixture::cases(entry.fixture).map_err(|e| Error::Internal(format!("{}: {e}", entry.id)))?;
    let mut text = format!("{MARK} --out docs/rules -->\n# {}\n\n**{} · {}**\n\n", entry.id, texts.title.zh, texts.title.en);
    let gatherings: Vec<&str> = entry.gatherings.iter().map(|gathering| gathering.word()).collect();
    let about = subject(entry);
    let _ = writeln!(
        text,
        "类别 category `{}` · 对象 about: {} {} · 依据采集 needs: {}\n",
        entry.category,
        about.zh,
        about.en,
        gatherings.join(", ")
    );
    let _ = writeln!(text, "{}\n", entry.doc.trim());
    both(&mut text, "为什么 Why", &texts.why.zh, &texts.why.en);
    text.push_str(&clauses(entry, lists));
    text.push_str("## 会说什么 What it says\n\n| | 中文 | English |\n| --- | --- | --- |\n");
    for (key, message) in &texts.messages {
        let _ = writeln!(text, "| `{key}` | {} | {} |", cell(&message.zh), cell(&message.en));
    }
    text.push('\n');
    text.push_str("## 参数 Parameters\n\n");
    let names = (entry.defaults)();
    if names.as_object().is_none_or(serde_json::Map::is_empty) {
        text.push_str("无 none\n\n");
    } else {
        text.push_str("```text\n");
        text.push_str(&parameters(entry, Language::Zh));
        text.push_str("\n```\n\n```text\n");
        text.push_str(&parameters(entry, Language::En));
        text.push_str("\n```\n\n");
    }
    both(&mut text, "怎么改 How to mend", &texts.fix.zh, &texts.fix.en);
    for platform in Platform::ALL {
        if let Some(variant) = texts.fix_by_platform.get(platform.word()) {
            let _ = writeln!(text, "`{}`: {}\n\n{}\n", platform.word(), variant.zh, variant.en);
        }
    }
    for (outcome, name) in [(Outcome::Passed, "好的例子 A good example"), (Outcome::Failed, "坏的例子 A bad example")] {
        if let Some(case) = cases.iter().find(|case| case.outcome == outcome) {
            let _ = write!(text, "## {name}\n\n{}", fenced(case));
        }
    }
    Ok(format!("{}\n", text.trim_end()))
}

fn both(text: &mut String, heading: &str, zh: &str, en: &str) {
    let _ = writeln!(text, "## {heading}\n\n{zh}\n\n{en}\n");
}

/// Every item of the built-in checklists that asks the rule, with its source and how sure that is.
fn clauses(entry: &Entry, lists: &[Checklist]) -> String {
    let mut rows = String::new();
    for list in lists {
        for item in list.items.iter().filter(|item| item.rule_ids().any(|id| id == entry.id)) {
            let sure = match item.confidence {
                Confidence::Verified => "verified",
                Confidence::SingleSource => "single-source",
                Confidence::Unverified => "unverified",
            };
            let severity = item.severity.word();
            let _ = writeln!(
                rows,
                "| `{}` {} | {} | {severity} | {} | {sure} |",
                list.id,
                item.id,
                cell(&item.title.zh),
                cell(&item.source)
            );
        }
    }
    if rows.is_empty() {
        return "## 条款 Clauses\n\n内置清单没有使用，供单位自己的清单使用。No built-in checklist asks it; an office's own may.\n\n".to_owned();
    }
    format!(
        "## 条款 Clauses\n\n| 条目 item | 要求 | 严重程度 severity | 出处 source | 可信度 confidence |\n| --- | --- | --- | --- | --- |\n{rows}\n"
    )
}

/// A case in a fence that its own text cannot close.
fn fenced(case: &Case) -> String {
    let whole = example(case);
    let mut lines: Vec<&str> = whole.lines().take(MOST_LINES).collect();
    if whole.lines().count() > MOST_LINES {
        lines.push("…");
    }
    format!("````text\n{}\n````\n\n", lines.join("\n"))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
