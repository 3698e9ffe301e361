//! Which URLs belong to a unit or a site: include and exclude rules (design.md 2.6). Never the registrable domain.

use crate::text::squeeze;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One condition; every part that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeRule {
    /// Host with port if not the default one, under http and https alike; none: any host of the site.
    pub host: Option<String>,
    /// Path prefix; `/gaj` and `/gaj/` both mean the folder and its own index.
    pub path: Option<String>,
    /// Query parameter that must be present with `value`.
    pub query: Option<QueryRule>,
    /// 发布机构 value of the document (folded), for pages that no URL tells apart; only judged, never crawled by.
    pub publisher: Option<String>,
}

/// A query parameter with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryRule {
    /// Name.
    pub key: String,
    /// Value after percent-decoding.
    pub value: String,
}

/// Include rules less exclude rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// At least one must hold.
    #[serde(default)]
    pub include: Vec<ScopeRule>,
    /// None may hold.
    #[serde(default)]
    pub exclude: Vec<ScopeRule>,
}

/// Why a text is no scope rule: Chinese and English.
pub type NoRule = (&'static str, &'static str);

/// As a reader writes it: `host/path?key=value 发布机构=…`; `*` for any host of the site.
impl fmt::Display for ScopeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.host.as_deref().unwrap_or("*"))?;
        f.write_str(self.path.as_deref().unwrap_or("/"))?;
        if let Some(query) = &self.query {
            write!(f, "?{}={}", query.key, query.value)?;
        }
        match &self.publisher {
            Some(publisher) => write!(f, " 发布机构={publisher}"),
            None => Ok(()),
        }
    }
}

impl ScopeRule {
    /// Reads what [`ScopeRule`] prints; a scheme before the host is passed over.
    pub fn read(text: &str) -> Result<Self, NoRule> {
        let text = squeeze(text);
        let (place, publisher) = match text.split_once("发布机构") {
            Some((place, rest)) => match rest.trim_start().strip_prefix(['=', '＝', ':', '：']).map(str::trim) {
                Some(name) if !name.is_empty() => (place.trim(), Some(name.to_owned())),
                _ => return Err(("发布机构后应为“=名称”", "`发布机构` must be followed by `=name`")),
            },
            None => (text.as_str(), None),
        };
        let place = place.strip_prefix("https://").or_else(|| place.strip_prefix("http://")).unwrap_or(place);
        let (place, query) = match place.split_once('?') {
            Some((place, query)) => match query.split_once('=') {
                Some((key, value)) if !key.is_empty() && !value.contains('&') => {
                    (place, Some(QueryRule { key: key.to_owned(), value: value.to_owned() }))
                }
                _ => return Err(("问号后应为一个“参数=值”", "the question mark must be followed by one `key=value`")),
            },
            None => (place, None),
        };
        let (host, path) = place.split_at(place.find('/').unwrap_or(place.len()));
        if place.chars().any(|c| c.is_whitespace() || c == '#' || c == '\\') || path.contains('*') {
            return Err(("网址里不能有空格、# 或通配符", "no blanks, # or wildcards inside of the address"));
        }
        let host = match host {
            "" | "*" => None,
            host if CanonicalUrl::parse(&format!("http://{host}/")).is_ok_and(|url| url.authority() == host.to_lowercase()) => {
                Some(host.to_lowercase())
            }
            _ => return Err(("不是主机名", "is no host name")),
        };
        let path = (path.len() > 1).then(|| path.to_owned());
        let rule = ScopeRule { host, path, query, publisher };
        if rule == ScopeRule::default() {
            return Err(("没有任何条件", "says nothing"));
        }
        Ok(rule)
    }

    /// Does the rule hold for a URL (and, where asked, for the publisher of its document)?
    pub fn holds(&self, url: &CanonicalUrl, publisher: Option<&str>) -> bool {
        if self.host.as_deref().is_some_and(|host| !host.eq_ignore_ascii_case(url.authority())) {
            return false;
        }
        if let Some(prefix) = &self.path {
            let folder = prefix.trim_end_matches('/');
            let path = url.path();
            if !(path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))) {
                return false;
            }
        }
        if let Some(query) = &self.query
            && url.query_value(&query.key).as_deref() != Some(query.value.as_str())
        {
            return false;
        }
        if let Some(wanted) = &self.publisher
            && publisher.map(crate::text::fold).as_deref() != Some(crate::text::fold(wanted).as_str())
        {
            return false;
        }
        true
    }

    /// How specific the rule is: a page belongs to the unit with the most specific rule that holds.
    pub fn weight(&self) -> (bool, bool, usize, bool) {
        (
            self.publisher.is_some(),
            self.query.is_some(),
            self.path.as_deref().map_or(0, |p| p.trim_end_matches('/').len()),
            self.host.is_some(),
        )
    }
}

impl Scope {
    /// The scope of a bare URL: its origin with its www/non-www and http/https twins, and nothing else.
    pub fn of_seed(seed: &CanonicalUrl) -> Self {
        let host = seed.authority().to_owned();
        let twin = match host.strip_prefix("www.") {
            Some(bare) => bare.to_owned(),
            None => format!("www.{host}"),
        };
        let is_name = host.bytes().any(|b| b.is_ascii_alphabetic()) && host.contains('.') && !host.contains(':');
        let mut include = vec![ScopeRule { host: Some(host), ..ScopeRule::default() }];
        if is_name {
            include.push(ScopeRule { host: Some(twin), ..ScopeRule::default() });
        }
        Scope { include, exclude: Vec::new() }
    }

    /// Is the URL inside?
    pub fn contains(&self, url: &CanonicalUrl, publisher: Option<&str>) -> bool {
        self.matched(url, publisher).is_some()
    }

    /// Weight of the most specific include rule that holds, if the URL is inside.
    pub fn matched(&self, url: &CanonicalUrl, publisher: Option<&str>) -> Option<(bool, bool, usize, bool)> {
        if self.exclude.iter().any(|rule| rule.holds(url, publisher)) {
            return None;
        }
        self.include.iter().filter(|rule| rule.holds(url, publisher)).map(ScopeRule::weight).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text).expect("parses")
    }

    #[test]
    fn a_seed_means_its_twins_and_never_the_city() {
        let scope = Scope::of_seed(&url("http://www.gaj.example.gov.cn/index.html"));
        assert!(scope.contains(&url("https://gaj.example.gov.cn/a"), None));
        assert!(!scope.contains(&url("http://example.gov.cn/"), None));
        assert!(!scope.contains(&url("http://xxgk.gaj.example.gov.cn/"), None));
        assert!(!scope.contains(&url("http://www.gaj.example.gov.cn:8080/"), None));
    }

    #[test]
    fn a_rule_is_read_as_it_is_printed() {
        for text in ["x.cn/", "x.cn/gaj", "*/gaj/", "x.cn:8080/list?dept=12 发布机构=县公安局", "*/ 发布机构=某 局"]
        {
            assert_eq!(ScopeRule::read(text).map(|rule| rule.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(ScopeRule::read("https://X.cn/a").map(|rule| rule.to_string()), Ok("x.cn/a".to_owned()));
        for text in ["", "*", "/", "x.cn/a b", "x.cn/*", "x.cn/?a", "x.cn/ 发布机构", "x y/", "x.cn/?a=1&b=2"] {
            assert!(ScopeRule::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn paths_queries_and_publishers_tell_units_apart() {
        let rule = |path: &str| ScopeRule { path: Some(path.into()), ..ScopeRule::default() };
        let unit = Scope { include: vec![rule("/gaj/")], exclude: vec![rule("/gaj/old")] };
        assert!(unit.contains(&url("http://x.cn/gaj/a.html"), None));
        assert!(!unit.contains(&url("http://x.cn/gajx/a.html"), None));
        assert!(!unit.contains(&url("http://x.cn/gaj/old/a.html"), None));
        let query = ScopeRule { query: Some(QueryRule { key: "dept".into(), value: "12".into() }), ..ScopeRule::default() };
        assert!(query.holds(&url("http://x.cn/list?p=1&dept=12"), None));
        assert!(!query.holds(&url("http://x.cn/list?dept=123"), None));
        let publisher = ScopeRule { publisher: Some("县公安局".into()), ..ScopeRule::default() };
        assert!(publisher.holds(&url("http://x.cn/a"), Some("縣公安局")));
        assert!(!publisher.holds(&url("http://x.cn/a"), None));
    }
}
