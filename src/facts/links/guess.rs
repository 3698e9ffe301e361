//! URLs written in scripts, only where their form leaves no doubt: a location that a click sets, the value of an option, and the
//! paging calls of common content systems.

use crate::facts::tree::Element;
use regex::Regex;
use std::sync::LazyLock;

/// `location.href='x'`, `window.open("x")` and the like with one literal argument.
static LOCATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?:location(?:\.href)?\s*=\s*|location\.(?:assign|replace)\(\s*|window\.open\(\s*)(?:'([^'"<>\s+]+)'|"([^'"<>\s+]+)")\s*(?:[;,)]|$)"#,
    )
    .ok()
});

/// `createPageHTML(7, 0, "index", "html")` and its relatives: pages, current, name, extension.
static PAGING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"createPage(?:HTML|Html)?\(\s*(?:['"][^'"]*['"]\s*,\s*)?(\d{1,4})\s*,\s*(\d{1,4})\s*,\s*['"]([\w.-]{1,60})['"]\s*,\s*['"](s?html?)['"]"#).ok()
});

/// Pages guessed from one paging call: more are found by following the last of them.
const MAX_PAGES: u32 = 200;

/// References in the event attributes or the value of an element.
pub(super) fn of_element(element: &Element) -> Vec<String> {
    let mut found = Vec::new();
    if element.name() == "option" {
        let value = element.attr("value").unwrap_or_default().trim();
        if value.starts_with("http://") || value.starts_with("https://") {
            found.push(value.to_owned());
        }
    }
    let scripts = [element.attr("onclick"), element.attr("href").filter(|h| h.trim_start().starts_with("javascript:"))];
    for script in scripts.into_iter().flatten().filter(|s| s.len() < 2_000) {
        if let Some(captures) = LOCATION.as_ref().and_then(|p| p.captures(script))
            && let Some(url) = captures.get(1).or_else(|| captures.get(2))
            && !matches!(url.as_str(), "#" | "/" | "about:blank")
            && !url.as_str().starts_with("javascript:")
        {
            found.push(url.as_str().to_owned());
        }
    }
    found
}

/// Number of pages, number of this page (from 0), name and extension of a paging call.
pub(in crate::facts) fn paging_call(script: &str) -> Option<(u32, u32, String, String)> {
    if !script.contains("createPage") {
        return None;
    }
    let captures = PAGING.as_ref()?.captures(script)?;
    Some((captures[1].parse().ok()?, captures[2].parse().ok()?, captures[3].to_owned(), captures[4].to_owned()))
}

/// References to the pages of a list that a paging call writes.
pub(super) fn paging_script(script: &str, own_path: &str) -> Vec<String> {
    let Some((count, current, name, extension)) = paging_call(script) else { return Vec::new() };
    let own = own_path.rsplit('/').next().unwrap_or_default();
    (0..count.min(MAX_PAGES))
        .filter(|n| *n != current)
        .map(|n| if n == 0 { format!("{name}.{extension}") } else { format!("{name}_{n}.{extension}") })
        .filter(|page| page != own)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tree::{ROOT, Tree};

    #[test]
    fn only_literal_targets() {
        let tree = Tree::parse(
            r#"<p onclick="location.href='a.html'"><p onclick="window.open('http://x.cn/b')"><p onclick="location.href='c'+id">
            <option value="http://d.cn/"><option value="7">"#,
        );
        let found: Vec<String> = tree.descendants(ROOT).filter_map(|id| tree.element(id)).flat_map(of_element).collect();
        assert_eq!(found, ["a.html", "http://x.cn/b", "http://d.cn/"]);
    }

    #[test]
    fn paging_calls() {
        assert_eq!(paging_script(r#"createPageHTML(3, 0, "index", "html");"#, "/tzgg/"), ["index_1.html", "index_2.html"]);
        assert_eq!(paging_script(r#"createPageHTML(n, 0, "index", "html");"#, "/tzgg/"), Vec::<String>::new());
    }
}
