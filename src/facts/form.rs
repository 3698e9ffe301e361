//! Forms of a page: what a visitor can ask, send or search for.

pub(super) mod read;

use super::links::Region;
use crate::text::fold;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// One control of a form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Control {
    /// `name` attribute.
    pub name: String,
    /// `text`, `search`, `hidden`, `select`, `textarea`, `submit` …
    pub kind: String,
    /// Its label: `<label>`, `aria-label`, `title`, `placeholder`, or the text before it.
    pub label: String,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Where it sends; the page itself without `action`.
    pub action: Option<CanonicalUrl>,
    /// `get` or `post`; `script` where no form element holds the controls.
    pub method: String,
    /// Its controls in order, at most 60.
    pub controls: Vec<Control>,
    /// Text inside and the nearest heading above, squeezed, at most 400 characters.
    pub text: String,
    /// Where on the page.
    pub region: Region,
    /// Hidden, and by what.
    pub hidden: Option<String>,
    /// CSS path.
    pub selector: String,
    /// Line in the source, from 1, where known.
    pub line: Option<u32>,
}

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Searching the site.
    Search,
    /// Asking a question, writing a letter.
    Message,
    /// Requesting disclosure.
    Request,
    /// Logging in.
    Login,
    /// Looking up how far something sent earlier has come, by its number.
    Lookup,
    /// Anything else.
    Other,
}

impl Form {
    /// What it is for, by its controls and the words around them.
    pub fn purpose(&self) -> Purpose {
        let has = |kind: &str| self.controls.iter().any(|c| c.kind == kind);
        let said = fold(&self.text);
        let mut words: String = self.controls.iter().map(|c| fold(&format!("{} {} ", c.name, c.label))).collect();
        words.push_str(&self.action.as_ref().map(|a| a.path().to_ascii_lowercase()).unwrap_or_default());
        let says = |any: &[&str]| any.iter().any(|w| said.contains(w) || words.contains(w));
        if has("password") {
            return Purpose::Login;
        }
        if has("textarea") || self.controls.iter().filter(|c| is_line(&c.kind)).count() >= 3 {
            if says(&["依申请", "政府信息公开申请", "信息公开申请", "所需信息", "所需政府信息", "申请内容", "申请表", "ysqgk"])
            {
                return Purpose::Request;
            }
            if has("textarea")
                && says(&[
                    "留言", "信件", "咨询", "来信", "写信", "投诉", "建议", "信箱", "内容", "提问", "诉求", "反馈", "comment",
                    "message", "feedback",
                ])
            {
                return Purpose::Message;
            }
            return Purpose::Other;
        }
        const SEARCH: [&str; 9] = ["搜索", "检索", "关键字", "关键词", "search", "keyword", "sousuo", "jiansuo", "搜一搜"];
        let short = self.controls.iter().any(|c| matches!(c.name.to_ascii_lowercase().as_str(), "q" | "wd" | "kw" | "query"));
        let asks = self.controls.iter().any(|c| is_line(&c.kind));
        if asks
            && (has("search")
                || short
                || SEARCH.iter().any(|w| words.contains(w))
                || ["搜索", "检索"].iter().any(|w| said.contains(w)))
        {
            return Purpose::Search;
        }
        if asks && says(&["查询", "进度", "流水号", "受理号", "编号"]) {
            return Purpose::Lookup;
        }
        Purpose::Other
    }
}

/// A control that takes one line of text.
fn is_line(kind: &str) -> bool {
    matches!(kind, "text" | "search" | "email" | "tel" | "number" | "url")
}
