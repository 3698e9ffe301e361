//! Single cells of the table: what they may hold, and why not.

use crate::checklist::Cadence;
use crate::checklist::kinds;
use crate::checklist::place;
use crate::finding::Text;
use crate::registry::{Contact, SiteState};
use crate::scope::{Scope, ScopeRule};
use crate::text::{fold, squeeze};
use crate::url::CanonicalUrl;
use jiff::civil::Date;

/// What is wrong with a cell, and what to do.
pub(super) type Wrong = (Text, Text);

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;
/// Longest cell of any kind, in characters.
const LONGEST: usize = 8_000;
/// Most values in one cell.
const MOST_VALUES: usize = 200;

fn wrong<T>(zh: &str, en: &str, zh_hint: &str, en_hint: &str) -> Result<T, Wrong> {
    Err((Text::both(zh, en), Text::both(zh_hint, en_hint)))
}

/// What no cell may hold: control characters but for line breaks and tabs, and more text than any cell needs.
pub(super) fn harmless(text: &str) -> Result<(), Wrong> {
    if text.chars().any(|c| {
        c.is_control() && !matches!(c, '\n' | '\r' | '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    }) {
        return wrong("含有控制字符", "holds control characters", "重新输入这一格", "type the cell anew");
    }
    if text.chars().nth(LONGEST).is_some() {
        return wrong("太长", "is too long", "缩短，或分成几行", "shorten it, or use several rows");
    }
    Ok(())
}

/// One line that names something.
pub(super) fn name(text: &str) -> Result<String, Wrong> {
    let name = squeeze(text);
    if text.trim().contains(['\n', '\r']) {
        return wrong("一格里有几行", "holds several lines", "一行写一个", "one to a row");
    }
    if name.starts_with(['=', '+', '-', '@']) {
        return wrong(
            "像公式，写到别的表格里会被执行",
            "looks like a formula: other programs would execute it",
            "去掉开头的符号",
            "remove the sign at its beginning",
        );
    }
    if name.chars().nth(LONGEST_NAME).is_some() {
        return wrong("名称超过 100 字", "is longer than 100 characters", "写简短的名称", "write a shorter name");
    }
    Ok(name)
}

/// An id: letters, digits, `-`, `_`, `.`.
pub(super) fn id(text: &str) -> Result<String, Wrong> {
    let id = text.trim();
    let right = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.chars().all(right) && id.len() <= 64 && id.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Ok(id.to_owned());
    }
    wrong(
        "编码只能用字母、数字、- _ .，以字母或数字开头，最长 64 位",
        "an id has letters, digits, - _ . only, begins with a letter or digit, and is no longer than 64",
        "改写，或留空由系统生成",
        "change it, or leave it empty to have one made",
    )
}

/// 网站标识码: ten digits, or `bm` and eight for departments of the State Council.
pub(super) fn code(text: &str) -> Result<String, Wrong> {
    let code = fold(text);
    let digits = code.strip_prefix("bm").unwrap_or(&code);
    let long = if digits.len() == code.len() { 10 } else { 8 };
    if digits.len() == long && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(code);
    }
    wrong(
        "不是网站标识码：应为 10 位数字，或 bm 加 8 位数字",
        "is no site identification code: ten digits, or bm and eight digits",
        "照全国政府网站基本信息数据库抄录；开头的 0 丢了就把单元格设为文本",
        "copy it from the national database; where a leading 0 is lost, format the cell as text",
    )
}

/// A kind of body, by id or by name.
pub(super) fn kind(text: &str) -> Result<String, Wrong> {
    let folded = fold(text);
    let known = |kind: &&kinds::Kind| fold(&kind.id) == folded || fold(&kind.name.zh) == folded || fold(&kind.name.en) == folded;
    if let Some(kind) = kinds::all().iter().find(known) {
        return Ok(kind.id.clone());
    }
    // 公安局 is none of the names and means one of them.
    let stem = |name: &str| {
        let mut stem = fold(name);
        for end in ["主管部门", "部门", "机关", "局", "厅", "委员会", "委", "办公室", "办"] {
            if let Some(rest) = stem.strip_suffix(end)
                && rest.chars().count() >= 2
            {
                stem = rest.to_owned();
                break;
            }
        }
        stem
    };
    let wanted = stem(text);
    let by_stem = kinds::all().iter().find(|kind| stem(&kind.name.zh) == wanted);
    let likeness = |kind: &kinds::Kind| {
        let to = |name: &str| strsim::normalized_damerau_levenshtein(&folded, &fold(name));
        to(&kind.name.zh).max(to(&kind.name.en)).max(to(&kind.id))
    };
    let near = by_stem.or_else(|| kinds::all().iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))));
    let hint = match near.filter(|kind| by_stem.is_some() || likeness(kind) > 0.2) {
        Some(kind) => Text {
            zh: format!("是不是“{}”（{}）？", kind.name.zh, kind.id),
            en: format!("did you mean `{}` ({})?", kind.id, kind.name.zh),
        },
        None => Text::both("用 xuncha checklists 里的机构类型", "use a kind of body of xuncha checklists"),
    };
    Err((Text::both("没有这种机构类型", "is no kind of body"), hint))
}

/// Parts of a cell with several values.
fn parts(text: &str, marks: &[char]) -> Result<Vec<String>, Wrong> {
    let parts: Vec<String> = text.split(marks).map(squeeze).collect();
    if parts.len() > MOST_VALUES {
        return wrong("一格里的值太多", "holds too many values", "每格最多 200 个", "200 at most");
    }
    Ok(parts)
}

/// Addresses: by blank, semicolon, 、, comma or line break.
pub(super) fn addresses(text: &str) -> Result<Vec<CanonicalUrl>, Wrong> {
    let marks = [' ', '\u{3000}', '\t', '\n', '\r', ';', '；', '、', '，', ','];
    let mut urls: Vec<CanonicalUrl> = Vec::new();
    for part in parts(text, &marks)?.iter().filter(|part| !part.is_empty()) {
        let whole = if part.contains("://") { part.clone() } else { format!("http://{part}") };
        let parsed = CanonicalUrl::parse(&whole).ok().filter(|url| {
            let name = url.host();
            name.contains('.') || name == "localhost" || name.starts_with('[')
        });
        let Some(url) = parsed.filter(|url| !url.as_str().contains('@') || url.path().contains('@')) else {
            return Err((
                Text {
                    zh: format!("“{}”不是网址", crate::text::shorten(part, 60)),
                    en: format!("`{}` is no web address", crate::text::shorten(part, 60)),
                },
                Text::both("写完整网址，如 https://www.example.gov.cn/", "write it whole: https://www.example.gov.cn/"),
            ));
        };
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    Ok(urls)
}

/// A scope: rules by semicolon or line break, those that begin with `-` excluded.
pub(super) fn scope(text: &str) -> Result<Scope, Wrong> {
    let mut scope = Scope::default();
    for part in parts(text, &['\n', '\r', ';', '；'])?.iter().filter(|part| !part.is_empty()) {
        let (rule, excluded) = match part.strip_prefix(['-', '－', '–']) {
            Some(rest) => (rest.trim(), true),
            None => (part.as_str(), false),
        };
        let rule = ScopeRule::read(rule).map_err(|(zh, en)| {
            (
                Text {
                    zh: format!("范围“{}”{zh}", crate::text::shorten(part, 60)),
                    en: format!("in the scope `{}`: {en}", crate::text::shorten(part, 60)),
                },
                Text::both(
                    "如 www.example.gov.cn/gaj/；*/list?dept=12；*/ 发布机构=县公安局；- www.example.gov.cn/gaj/old",
                    "such as www.example.gov.cn/gaj/; */list?dept=12; */ 发布机构=name; - www.example.gov.cn/gaj/old",
                ),
            )
        })?;
        let rules = if excluded { &mut scope.exclude } else { &mut scope.include };
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    Ok(scope)
}

/// Contacts: names, telephones and mail addresses in the same order.
pub(super) fn contacts(names: &str, phones: &str, mails: &str) -> Result<Vec<Contact>, (Part, Wrong)> {
    let marks = [';', '；', '、', '\n', '\r'];
    let all = |part: Part, text: &str| -> Result<Vec<String>, (Part, Wrong)> {
        let mut parts = parts(text, &marks).map_err(|wrong| (part, wrong))?;
        while parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
        Ok(parts)
    };
    let (names, phones, mails) = (all(Part::Name, names)?, all(Part::Phone, phones)?, all(Part::Mail, mails)?);
    let count = names.len().max(phones.len()).max(mails.len());
    let at = |parts: &[String], index: usize| parts.get(index).filter(|part| !part.is_empty()).cloned();
    let mut contacts = Vec::with_capacity(count);
    for index in 0..count {
        let person = at(&names, index).map(|text| name(&text)).transpose().map_err(|wrong| (Part::Name, wrong))?;
        let phone = at(&phones, index);
        if let Some(phone) = &phone {
            check_phone(phone).map_err(|wrong| (Part::Phone, wrong))?;
        }
        let mail = at(&mails, index);
        if let Some(mail) = &mail {
            check_mail(mail).map_err(|wrong| (Part::Mail, wrong))?;
        }
        if person.is_some() || phone.is_some() || mail.is_some() {
            contacts.push(Contact { name: person.unwrap_or_default(), phone, mail });
        }
    }
    Ok(contacts)
}

/// Which of a contact's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Name,
    Phone,
    Mail,
}

fn check_phone(text: &str) -> Result<(), Wrong> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.replace("ext", "").replace(['转', '分', '机'], "");
    let right = rest
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')' | '（' | '）' | '.' | '/' | '—' | '－'));
    if right && (5..=40).contains(&digits) && text.len() <= 80 {
        return Ok(());
    }
    wrong(
        "不是电话号码",
        "is no telephone number",
        "如 0571-85012345 或 13800000000；多个用分号隔开",
        "such as 0571-85012345; several are divided by semicolons",
    )
}

fn check_mail(text: &str) -> Result<(), Wrong> {
    let right = text.split_once('@').is_some_and(|(local, domain)| {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        !local.is_empty()
            && local.chars().all(word)
            && domain.contains('.')
            && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
            && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
    });
    if right && text.len() <= 254 && !text.starts_with(['+', '-']) {
        return Ok(());
    }
    wrong(
        "不是邮箱地址",
        "is no mail address",
        "如 name@example.gov.cn；多个用分号隔开",
        "such as name@example.gov.cn; several are divided by semicolons",
    )
}

/// Words of the cadences; `不巡查` for none of them.
pub(super) fn cadences(text: &str) -> Result<Vec<Cadence>, Wrong> {
    let mut cadences = Vec::new();
    let mut none = false;
    for part in parts(text, &[';', '；', '、', ',', '，', ' ', '\n', '\r', '/'])?.iter().filter(|part| !part.is_empty()) {
        let cadence = match fold(part).as_str() {
            "每日" | "日" | "每天" | "日常" | "daily" => Cadence::Daily,
            "每季度" | "季度" | "每季" | "季" | "quarterly" => Cadence::Quarterly,
            "每半年" | "半年" | "半年度" | "semiannual" => Cadence::Semiannual,
            "全部" | "all" => {
                cadences.extend(ALL_CADENCES);
                continue;
            }
            "不巡查" | "无" | "none" => {
                none = true;
                continue;
            }
            other => {
                let words = ["每日", "每季度", "每半年", "daily", "quarterly", "semiannual"];
                let hint = place::nearest(other, words).unwrap_or("每日、每季度、每半年");
                return Err((
                    Text::both("没有这样的频次", "is no cadence"),
                    Text {
                        zh: format!("可写：每日、每季度、每半年；最近的是“{hint}”"),
                        en: format!("known: daily, quarterly, semiannual; the nearest is `{hint}`"),
                    },
                ));
            }
        };
        cadences.push(cadence);
    }
    cadences.sort_unstable();
    cadences.dedup();
    if none && !cadences.is_empty() {
        return wrong("既不巡查又有频次", "none, and some", "只写一种", "say one of the two");
    }
    Ok(cadences)
}

/// All of them: what an empty cell means.
pub(super) const ALL_CADENCES: [Cadence; 3] = [Cadence::Daily, Cadence::Quarterly, Cadence::Semiannual];

/// Words of cadences as they are written.
pub(super) fn cadence_words(cadences: &[Cadence]) -> String {
    if cadences.is_empty() {
        return "不巡查".to_owned();
    }
    let word = |cadence: &Cadence| match cadence {
        Cadence::Daily => "每日",
        Cadence::Quarterly => "每季度",
        Cadence::Semiannual => "每半年",
    };
    cadences.iter().map(word).collect::<Vec<_>>().join("、")
}

/// Words of the states, as they are written first.
pub(super) const STATES: [(SiteState, &[&str]); 4] = [
    (SiteState::Running, &["正常", "正常运行", "运行", "在线", "running"]),
    (SiteState::Redesign, &["改版", "升级改版", "正在改版", "redesign"]),
    (SiteState::Suspended, &["临时关停", "临时下线", "关停", "暂停", "suspended"]),
    (SiteState::Closed, &["下线", "永久下线", "永久关停", "已下线", "closed"]),
];

/// A state of a site.
pub(super) fn state(text: &str) -> Result<SiteState, Wrong> {
    let folded = fold(text);
    match STATES.iter().find(|(_, words)| words.contains(&folded.as_str())) {
        Some((state, _)) => Ok(*state),
        None => wrong(
            "没有这样的状态",
            "is no state of a site",
            "可写：正常、改版、临时关停、下线",
            "known: running, redesign, suspended, closed",
        ),
    }
}

/// A day: 2026-01-05, 2026/1/5, 2026.1.5, 2026年1月5日, 20260105.
pub(super) fn day(text: &str) -> Result<Date, Wrong> {
    let folded = fold(text);
    let numbers: Vec<&str> = folded.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let marked = folded.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | '号'));
    let [year, month, day] = match numbers[..] {
        [year, month, day] if marked => [year, month, day],
        [whole] if marked && whole.len() == 8 => [&whole[..4], &whole[4..6], &whole[6..]],
        _ => ["", "", ""],
    };
    let date = match (year.parse(), month.parse(), day.parse()) {
        (Ok(year @ 1990..=2200), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    match date {
        Some(date) => Ok(date),
        None => wrong("不是日期", "is no day", "如 2026-03-01", "such as 2026-03-01"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_offices_write_them() {
        assert_eq!(code("BM12000001"), Ok("bm12000001".to_owned()));
        assert!(code("330100001").is_err() && code("33010000012").is_err() && code("bm330100001").is_err());
        assert_eq!(addresses("www.x.gov.cn；https://x.gov.cn/、\nhttp://www.x.gov.cn").map(|urls| urls.len()), Ok(2));
        for wrong in ["x", "http://", "ftp://x.gov.cn", "见附件", "https://user:pw@x.gov.cn/"] {
            assert!(addresses(wrong).is_err(), "{wrong}");
        }
        assert_eq!(day("2026年1月5日"), day("20260105"));
        assert!(day("2026-02-30").is_err() && day("明天").is_err() && day("2026-01-05 至今").is_err());
        assert_eq!(kind("公安机关"), kind("Public Security Bureau"));
        assert!(kind("公安局").is_err_and(|(_, hint)| hint.en.contains("public-security-bureau")));
        assert_eq!(cadences("每日、半年"), Ok(vec![Cadence::Daily, Cadence::Semiannual]));
        assert!(cadences("每周").is_err() && cadences("不巡查、每日").is_err());
        assert!(name("=cmd|' /C calc'!A0").is_err() && name("县\n局").is_err() && harmless("a\u{7}").is_err());
        let people = contacts("张三；李四", "0571-85012345", "；li.si@x.gov.cn").expect("right");
        assert_eq!(people[1], Contact { name: "李四".into(), phone: None, mail: Some("li.si@x.gov.cn".into()) });
        assert!(contacts("", "无", "").is_err_and(|(part, _)| part == Part::Phone));
        assert!(contacts("", "", "a@b@c.cn").is_err_and(|(part, _)| part == Part::Mail));
    }
}
