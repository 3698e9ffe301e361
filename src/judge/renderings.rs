//! Pages as a browser showed them: the screenshot is evidence of what was found on the page, and what was not shown is told.

use crate::facts::rendering::ByScript;
use crate::facts::{Page, Rendering};
use crate::finding::{Finding, Text};
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of them.
#[derive(Debug, Default)]
pub(super) struct Renderings {
    by_page: BTreeMap<CanonicalUrl, Rendering>,
    /// Pages that were judged as shown.
    shown: BTreeSet<CanonicalUrl>,
    /// Pages that scripts fill, judged as sent.
    left: BTreeSet<CanonicalUrl>,
}

impl Renderings {
    pub(super) fn of(renderings: Vec<Rendering>) -> Self {
        Renderings { by_page: renderings.into_iter().map(|one| (one.url.clone(), one)).collect(), ..Renderings::default() }
    }

    /// Takes a page that is judged.
    pub(super) fn add(&mut self, page: &Page) {
        if page.rendered {
            self.shown.insert(page.url.clone());
        } else if matches!(page.by_script, Some(ByScript::Shell | ByScript::Column)) {
            self.left.insert(page.url.clone());
        }
    }

    /// Adds to findings on pages that were shown what proves it. A line of the page as shown is none of its source.
    pub(super) fn prove(&self, findings: &mut [Finding]) {
        for finding in findings {
            for place in &mut finding.locations {
                if self.shown.contains(&place.url) {
                    place.line = None;
                }
            }
            let pages = std::iter::once(&finding.url).chain(finding.locations.iter().map(|place| &place.url));
            let Some(rendering) = pages.filter(|url| self.shown.contains(*url)).find_map(|url| self.by_page.get(url)) else {
                continue;
            };
            finding.evidence.insert("rendered".to_owned(), rendering.browser.clone());
            if let Some(picture) = &rendering.picture {
                finding.evidence.insert("screenshot".to_owned(), format!("sha256:{}", picture.sha256));
            }
        }
    }

    /// What a reader should know: how many pages were judged as shown, and which were not, by cause.
    pub(super) fn notes(&self) -> Vec<Text> {
        let mut notes = Vec::new();
        if !self.shown.is_empty() {
            let count = self.shown.len();
            let browsers: BTreeSet<&str> =
                self.shown.iter().filter_map(|url| self.by_page.get(url)).map(|one| one.browser.as_str()).collect();
            let browsers: Vec<&str> = browsers.into_iter().collect();
            notes.push(Text {
                zh: format!("{count} 个页面按浏览器（{}）打开后的内容判断；截图存于采集文件", browsers.join("、")),
                en: format!(
                    "{count} pages were judged as a browser showed them ({}); their screenshots are in the capture",
                    browsers.join(", ")
                ),
            });
        }
        let mut causes: BTreeMap<&str, u64> = BTreeMap::new();
        for url in &self.left {
            let failed = self.by_page.get(url).map(|one| one.failed.as_deref().unwrap_or("showed-less"));
            *causes.entry(failed.unwrap_or("not-tried")).or_default() += 1;
        }
        // Pages that scripts do not fill, as far as was seen, and that did not come through: a challenge, mostly.
        for one in self.by_page.values().filter(|one| !self.left.contains(&one.url)) {
            if let Some(cause) = &one.failed {
                *causes.entry(cause).or_default() += 1;
            }
        }
        if !causes.is_empty() {
            let count: u64 = causes.values().sum();
            let told = |language: fn(&str) -> String, between: &str| {
                let told: Vec<String> = causes.iter().map(|(cause, count)| format!("{} {count}", language(cause))).collect();
                told.join(between)
            };
            notes.push(Text {
                zh: format!("{count} 个由脚本填充或被验证拦截的页面未能在浏览器中打开（{}），其内容不作判断", told(zh, "，")),
                en: format!(
                    "{count} pages that scripts fill or challenges guard were not shown to a browser ({}): what they hold stays undecided",
                    told(en, ", ")
                ),
            });
        }
        notes
    }
}

/// Why a page was not shown, in Chinese.
fn zh(cause: &str) -> String {
    let word = match cause {
        "not-tried" => "未使用浏览器",
        "timeout" => "超时",
        "hung" => "页面无响应",
        "crashed" => "浏览器崩溃",
        "memory" => "内存超限",
        "too-large" => "页面过大",
        "challenge" => "仍是验证页",
        "moved" => "跳转到其他页面",
        "no-page" => "不是网页",
        "showed-less" => "显示不全",
        "robots" => "robots.txt 不允许",
        cause => cause,
    };
    word.to_owned()
}

/// Likewise in English.
fn en(cause: &str) -> String {
    let word = match cause {
        "not-tried" => "no browser was used",
        "timeout" => "timed out",
        "hung" => "the page hung",
        "crashed" => "the browser crashed",
        "memory" => "too much memory",
        "too-large" => "page too large",
        "challenge" => "still a challenge",
        "moved" => "led elsewhere",
        "no-page" => "no page",
        "showed-less" => "showed less than was sent",
        "robots" => "excluded by robots.txt",
        cause => cause,
    };
    word.to_owned()
}
