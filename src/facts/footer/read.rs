//! Finds the footer elements: codes by their form near their label, the rest by links and words.

use super::Footer;
use crate::facts::layout::Layout;
use crate::facts::links::{Link, Region, Role};
use crate::facts::tree::{Id, ROOT};
use crate::text::pattern::bounded;
use crate::text::{is_blank, narrow, shorten};
use regex::Regex;
use std::sync::LazyLock;

static SITE_CODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| bounded(r"(?i)(?:标识码|標識碼|标识编码)[^0-9a-z]{0,6}(bm\d{8}|\d{10})(?:\D|$)"));
static ICP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    bounded(
        r"(?i)[京津冀晋晉蒙辽遼吉黑沪滬苏蘇浙皖闽閩赣贛鲁魯豫鄂湘粤粵桂琼瓊渝川蜀黔贵貴滇云雲藏陕陝陇隴甘青宁寧新]ICP[备備证證](?:案号?)?[:：]?\d{6,10}号?號?(?:-\d{1,3})?",
    )
});
static POLICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    bounded(r"([\p{Han}]?)公(?:网安|網安|安网|安網)(?:备|備)(?:案)?(?:号|號|编号)?[:：]?\(?(\d{11,14}(?:-\d{1,5})?)")
});
static POLICE_LABEL: LazyLock<Option<Regex>> =
    LazyLock::new(|| bounded(r"(公安(?:机关)?(?:网站|网络|联网)?备案(?:编号|号|号码)?)[:：]?(\d{11,14}(?:-\d{1,5})?)"));
static RECORD_CODE: LazyLock<Option<Regex>> = LazyLock::new(|| bounded(r"(?i)(?:recordcode|code)=(\d{11,14})"));
static LINK_CODE: LazyLock<Option<Regex>> = LazyLock::new(|| bounded(r"(?i)site_?(?:id_?)?code=(bm\d{8}|\d{10})"));
static SPONSOR: LazyLock<Option<Regex>> =
    LazyLock::new(|| bounded(r"(?:主办单位|主辦單位|主办方|主办|主管单位|版权所有|版權所有)[:：\s©]*([\p{Han}（）()]{4,40})"));
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| bounded(r"(?:电话|電話|热线|传真|地址|邮箱|邮编|E-?mail)[:：\s]"));

/// Before or behind which the numbers stand.
const POLICE_WORDS: [&str; 5] = ["公网安", "公網安", "公安网", "公安網", "备案"];
const ICP_WORDS: [&str; 4] = ["备", "備", "证", "證"];

fn captures<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<regex::Captures<'t>> {
    pattern.as_ref()?.captures(text)
}

/// Lines as they are searched: footer first, else the last lines of the page.
struct Lines {
    /// Each line, half-width, without blanks.
    single: Vec<String>,
    /// All of them in one: numbers are split over lines and tags.
    joined: String,
}

impl Lines {
    fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Lines {
        let single: Vec<String> = lines.map(|l| narrow(l).chars().filter(|c| !is_blank(*c)).collect()).collect();
        Lines { joined: single.concat(), single }
    }

    /// What is read stands with one of the words, in a line as in all of them.
    fn find<T>(&self, words: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<T> {
        if !words.iter().any(|word| self.joined.contains(word)) {
            return None;
        }
        self.single.iter().rev().find_map(|l| read(l)).or_else(|| read(&self.joined))
    }
}

/// Reads the footer of a page.
pub(in crate::facts) fn read(layout: &Layout<'_>, links: &[Link]) -> Footer {
    let own: Vec<&str> = layout
        .lines
        .iter()
        .filter(|l| l.hidden.is_none() && layout.region(l.node) == Region::Footer)
        .map(|l| l.text.as_str())
        .collect();
    let footer = Lines::of(own.iter().copied());
    let visible: Vec<&str> =
        layout.lines.iter().filter(|l| l.hidden.is_none() && l.text.len() < 2_000).map(|l| l.text.as_str()).collect();
    let tail = Lines::of(visible[visible.len().saturating_sub(80)..].iter().copied());
    let both =
        |words: &[&str], read: &dyn Fn(&str) -> Option<String>| footer.find(words, read).or_else(|| tail.find(words, read));

    // What links say, in one: a word that is not in it is in none of them.
    let said: String = links.iter().flat_map(|l| [l.text.as_str(), "\n", l.title.as_deref().unwrap_or_default(), "\n"]).collect();
    let police = footer.find(&POLICE_WORDS, police).or_else(|| tail.find(&POLICE_WORDS, police));
    let link_code =
        links.iter().filter(|l| l.raw.contains("beian")).find_map(|l| captures(&RECORD_CODE, &l.raw).map(|c| c[1].to_owned()));
    let report = error_report(layout, links);
    Footer {
        text: shorten(&own.join("\n"), 4_000),
        scripted: is_scripted(layout, links, own.is_empty()),
        party_government_mark: party_mark(layout, links),
        site_id_code: both(&["标识码", "標識碼", "标识编码"], &|t| {
            captures(&SITE_CODE, t).map(|c| c[1].to_ascii_lowercase())
        }),
        icp: footer.find(&ICP_WORDS, own_icp).or_else(|| both(&ICP_WORDS, &|t| captures(&ICP, t).map(|c| c[0].to_owned()))),
        police: police.as_ref().map(|p| p.1.clone()).or_else(|| link_code.clone()),
        police_text: police.map(|p| p.0),
        police_link_code: link_code,
        sponsor: sponsor(&own).or_else(|| sponsor(&visible[visible.len().saturating_sub(40)..])),
        contact: contact(&own, links),
        error_report: report.as_ref().map(|r| r.0.clone()),
        error_report_code: report.and_then(|r| r.1),
        accessibility: by_words(
            layout,
            links,
            &said,
            &["无障碍", "適老", "适老", "长者", "老年人模式", "关怀版", "关怀模式", "無障礙", "老年版"],
        ),
        site_map: links
            .iter()
            .take(if said.contains("地图") || said.contains("地圖") { links.len() } else { 0 })
            .filter(|l| l.role == Role::Anchor)
            .find(|l| {
                ["网站地图", "站点地图", "網站地圖", "导航地图"]
                    .iter()
                    .any(|w| l.text.contains(w) || l.title.as_deref().is_some_and(|t| t.contains(w)))
            })
            .map(|l| shorten(&l.raw, 300)),
    }
}

/// The first ICP number that is not named with the firm that built the site; where there is no other, that one is the site's own, too.
fn own_icp(text: &str) -> Option<String> {
    const FIRM: [&str; 4] = ["技术支持", "技術支持", "承建", "运维"];
    let found = captures(&ICP, text)?;
    let before = &text[..found.get(0)?.start()];
    (!FIRM.iter().any(|word| before.contains(word))).then(|| found[0].to_owned())
}

/// The number as written and its digits.
fn police(text: &str) -> Option<(String, String)> {
    let captures = captures(&POLICE, text).or_else(|| captures(&POLICE_LABEL, text))?;
    let digits: String = captures[2].chars().filter(char::is_ascii_digit).collect();
    Some((captures[0].to_owned(), digits))
}

fn sponsor(lines: &[&str]) -> Option<String> {
    lines.iter().find_map(|l| captures(&SPONSOR, l).map(|c| c[1].to_owned()))
}

fn contact(lines: &[&str], links: &[Link]) -> Option<String> {
    let line = lines.iter().find(|l| PHONE.as_ref().is_some_and(|p| p.is_match(l)));
    line.map(|l| shorten(l, 200)).or_else(|| {
        links
            .iter()
            .find(|l| {
                l.role == Role::Anchor
                    && (l.text.contains("联系我们") || l.text.contains("聯繫我們") || l.text.contains("联系方式") || reaches(l))
            })
            .map(|l| l.text.clone())
    })
}

/// A link at the bottom that opens a mail, a call or a chat with whoever runs the site.
fn reaches(link: &Link) -> bool {
    let raw = link.raw.trim().to_ascii_lowercase();
    link.region == Region::Footer && (raw.starts_with("mailto:") || raw.starts_with("tel:") || raw.contains("://wpa.qq.com/"))
}

fn party_mark(layout: &Layout<'_>, links: &[Link]) -> Option<String> {
    let link = links
        .iter()
        .find(|l| l.raw.contains("bszs.conac.cn") || l.raw.contains("dcs.conac.cn") || l.text.contains("党政机关网站标识"));
    if let Some(link) = link {
        return Some(shorten(&link.raw, 300));
    }
    let tree = layout.tree;
    let script = tree.named("script").find(|id| tree.raw_text(*id).contains("conac.cn"));
    script.map(|_| "script: conac.cn".to_owned()).or_else(|| {
        let mark = tree.descendants(ROOT).find(|id| matches!(tree.attr(*id, "id"), Some("_ideConac" | "conac" | "imgConac")));
        mark.map(|_| "element: conac".to_owned())
    })
}

/// Text or link of 我为政府网站找错, and the site code that it carries.
fn error_report(layout: &Layout<'_>, links: &[Link]) -> Option<(String, Option<String>)> {
    const HOSTS: [&str; 5] = ["zfwzzc.www.gov.cn", "zfwzgl.www.gov.cn", "pucha.kaipuyun.cn", "jiucuo", "121.43.68.40"];
    let says = |text: &str| text.contains("找错") || text.contains("纠错") || text.contains("找錯");
    let link = links
        .iter()
        .filter(|l| matches!(l.role, Role::Anchor | Role::Guess | Role::Script | Role::Image))
        .find(|l| HOSTS.iter().any(|h| l.raw.contains(h)) || says(&l.text) || l.title.as_deref().is_some_and(says));
    let tree = layout.tree;
    let code_of = |raw: &str| captures(&LINK_CODE, raw).map(|c| c[1].to_ascii_lowercase());
    let element_code = || {
        tree.bearing("sitecode").find_map(|id| {
            let code = tree.attr(id, "sitecode").or_else(|| tree.attr(id, "site_code"))?;
            code_of(&format!("sitecode={code}"))
        })
    };
    if let Some(link) = link {
        let code = code_of(&link.raw)
            .or_else(|| links.iter().filter(|l| says(&l.text) || l.raw.contains("exposure")).find_map(|l| code_of(&l.raw)));
        return Some((shorten(&link.raw, 300), code.or_else(element_code)));
    }
    let line = layout.lines.iter().rev().take(200).find(|l| says(&l.text) && l.text.chars().count() < 60);
    let script = || tree.named("script").find(|id| tree.raw_text(*id).contains("jiucuo"));
    line.map(|l| l.text.clone()).or_else(|| script().map(|_| "script: jiucuo".to_owned())).map(|t| (t, element_code()))
}

fn by_words(layout: &Layout<'_>, links: &[Link], said: &str, words: &[&str]) -> Option<String> {
    let has = |text: &str| words.iter().any(|w| text.contains(w));
    let link =
        links.iter().take(if has(said) { links.len() } else { 0 }).find(|l| has(&l.text) || l.title.as_deref().is_some_and(has));
    link.map(|l| if l.text.is_empty() { l.title.clone().unwrap_or_default() } else { l.text.clone() }).or_else(|| {
        layout.lines.iter().find(|l| l.hidden.is_none() && l.text.chars().count() <= 20 && has(&l.text)).map(|l| l.text.clone())
    })
}

/// Is a part of the footer written where we cannot see it?
fn is_scripted(layout: &Layout<'_>, links: &[Link], empty: bool) -> bool {
    const WORDS: [&str; 5] = ["foot", "bottom", "copyright", "dibu", "banquan"];
    let names_footer = |text: &str| {
        let lower = text.to_ascii_lowercase();
        WORDS.iter().any(|w| lower.contains(w))
    };
    let tree = layout.tree;
    let writes = |id: Id| {
        let script = tree.raw_text(id);
        // The mark of the registration office is always written by script and tells nothing of the rest.
        script.contains("document.write") && !script.contains("conac") && !script.contains("getFullYear")
    };
    let inside = tree.descendants(layout.body).any(|id| {
        layout.region(id) == Region::Footer
            && match tree.name(id) {
                "iframe" => true,
                "script" => writes(id),
                _ => tree.attr(id, "data-include").is_some() || tree.attr(id, "w3-include-html").is_some(),
            }
    });
    let loaded = links.iter().any(|l| {
        let file = l.raw.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        matches!(l.role, Role::Frame | Role::Script) && names_footer(file)
    });
    let included = || {
        let loads = |id: Id| {
            let script = tree.raw_text(id);
            script.contains(".load(") && names_footer(&script)
        };
        let includes =
            |id: Id| ["include", "data-include", "w3-include-html"].iter().any(|a| tree.attr(id, a).is_some_and(names_footer));
        tree.named("script").any(loads) || tree.bearing("include").any(|id| tree.name(id) != "script" && includes(id))
    };
    inside || loaded || included() || (empty && links.iter().any(|l| matches!(l.role, Role::Frame | Role::Script)))
}
