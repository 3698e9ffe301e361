//! `xuncha checklists`: list and show.

use crate::checklist::calendar::Calendar;
use crate::checklist::columns::ColumnBook;
use crate::checklist::{Checklist, Item, library, obligations};
use crate::error::{Error, Result};
use crate::finding::Language;
use std::fmt::Write;

/// What `checklists` is asked.
#[derive(Debug, Clone, PartialEq, Eq, clap::Subcommand)]
pub enum Asked {
    /// 列出内置清单 / list the built-in checklists
    List,
    /// 生成条款覆盖表 COVERAGE.md / which items look after which obligation of the documents, as Markdown
    Coverage,
    /// 显示一份清单及每条的出处 / show a checklist with the source of every item
    Show {
        /// 清单名或 .toml 文件 / checklist id or file
        checklist: String,
        /// 打印原始 TOML（内置清单），便于复制修改 / print the TOML of a built-in one, to copy and change
        #[arg(long)]
        toml: bool,
    },
}

/// Writes the answer to `out`.
pub fn print(asked: &Asked, language: Language, out: &mut dyn std::io::Write) -> Result<()> {
    let text = match asked {
        Asked::List => list(language)?,
        Asked::Coverage => {
            let obligations = obligations::load().map_err(|e| Error::Internal(format!("obligations.toml: {e}")))?;
            obligations::coverage(&obligations, &obligations::Items::load()?)
        }
        Asked::Show { checklist, toml: true } => match library::BUILT_IN.iter().find(|(id, _)| id == checklist) {
            Some((_, text)) => (*text).to_owned(),
            None => std::fs::read_to_string(checklist).map_err(|e| Error::io(checklist, e))?,
        },
        Asked::Show { checklist, toml: false } => show(&library::resolve(checklist, &ColumnBook::load())?.checklist, language),
    };
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // `| head` closes the pipe; that is no fault.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|e| Error::io("stdout", e)),
    }
}

fn list(language: Language) -> Result<String> {
    let book = ColumnBook::load();
    let mut text = String::new();
    for id in library::ids() {
        let list = library::resolve(id, &book)?.checklist;
        let manual = list.items.iter().filter(|item| item.manual.is_some()).count();
        let counts = match language {
            Language::Zh => format!("{} 条，其中人工 {manual} 条", list.items.len()),
            Language::En => format!("{} items, {manual} of them for people", list.items.len()),
        };
        let _ = writeln!(text, "{id:<26} {:<8} {} ({counts})", list.version, list.title.get(language));
    }
    if let Some(end) = Calendar::built_in().ends_soon(crate::clock::date_of(crate::clock::now())) {
        let _ = writeln!(text, "\n{}", crate::judge::calendar_ends(end).get(language));
    }
    Ok(text)
}

fn show(list: &Checklist, language: Language) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{} {} — {}", list.id, list.version, list.title.get(language));
    let _ = writeln!(text, "{}\nsha256 {}", list.source, list.sha256);
    if !list.applies_to.is_empty() {
        let _ = writeln!(text, "{}: {}", word(language, "适用", "applies to"), list.applies_to.join(", "));
    }
    for item in &list.items {
        show_item(&mut text, item, language);
    }
    text
}

fn show_item(text: &mut String, item: &Item, language: Language) {
    let rules: Vec<&str> = item.rule_ids().collect();
    let by = if rules.is_empty() { word(language, "人工", "for people").to_owned() } else { rules.join(" + ") };
    let _ = writeln!(text, "\n[{}] {} · {} · {by}", item.id, item.title.get(language), item.severity.word());
    if !item.params.is_empty() {
        let _ = writeln!(
            text,
            "    {}: {}",
            word(language, "参数", "parameters"),
            item.params.to_string().trim_end().replace('\n', "; ")
        );
    }
    if let Some(points) = item.points {
        let _ = writeln!(text, "    {}: {points}", word(language, "分值", "points"));
    }
    if let Some(count) = item.veto_when.and_then(|t| t.count) {
        let _ = writeln!(text, "    {} ≥ {count}", word(language, "否决", "veto at"));
    }
    if let Some(manual) = &item.manual {
        let _ = writeln!(text, "    {}: {}", manual.who.get(language), manual.look_at.get(language));
        let _ = writeln!(text, "    {}: {}", word(language, "为何人工", "why a person"), manual.why.get(language));
    }
    let _ = writeln!(text, "    {}: {}", word(language, "依据", "source"), item.source);
}

fn word(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(asked: &Asked) -> String {
        let mut out = Vec::new();
        print(asked, Language::En, &mut out).expect("prints");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn lists_and_shows() {
        let listed = printed(&Asked::List);
        assert_eq!(listed.lines().take_while(|l| !l.is_empty()).count(), library::BUILT_IN.len());
        let shown = printed(&Asked::Show { checklist: "national-inspection-2019".into(), toml: false });
        assert!(shown.contains("[V4-3]") && shown.contains("veto at ≥ 5") && shown.contains("国办秘函〔2019〕19号"));
        let raw = printed(&Asked::Show { checklist: "national-inspection-2019".into(), toml: true });
        assert!(raw.contains("[[item]]"));
    }
}
