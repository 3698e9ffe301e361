//! Reads solicitations and results from title, text, files and links.

use super::{Channel, Solicitation, SolicitationResult, period};
use crate::facts::dates::publish_date;
use crate::facts::links::{Link, Region, Role};
use crate::facts::particulars::Sources;
use crate::text::{fold, narrow, shorten};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Longest quote.
const QUOTE: usize = 120;
/// Lines of a text that are looked at.
const MOST_LINES: usize = 3_000;
/// Characters of a text that can be a draft itself.
const DRAFT: u32 = 700;

static MAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]{1,64}\s?[@#]\s?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}").ok());
static PHONE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:0\d{2,3}\s*[-—–)）]?\s*\d{7,8}|1[3-9]\d{9}|\b\d{7,8}\b|\d{3,5}-\d{6,8}|12345)").ok());
static FAX: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"传\s*真[^\d]{0,12}[\d(（]").ok());
static BASIS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"根据|依据|依照|按照|上位法|为(?:了|进一步|全面|深入|切实|更好|做好|认真|有效|加强|规范|贯彻|落实|推进|推动|保障|促进|提高|提升|完善)").ok()
});
static NOBODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:未|没有|无|尚未|均未|暂未)(?:收到|征集到|接到|收集到|公众|社会公众|人|单位和个人|任何|提出|反馈|相关|修改|有|意见){1,4}[^。；\n]{0,24}?(?:意见|建议|反馈|来信|留言)|(?:收到|征集到|征得|反馈)[^。；\d]{0,16}(?:意见|建议)?\s*(?:0|零)\s*(?:条|件|份|个)|无(?:修改)?意见").ok()
});
static REJECTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:未|不予|不|未予|没有|未被)采纳(?:意见|建议|的|情况|数|共|了|有|:|：|\s){0,6}(?P<n>\d{1,5}|[一二三四五六七八九十]{1,3})?").ok()
});

fn hits<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<&'t str> {
    pattern.as_ref().and_then(|p| p.find(text)).map(|m| m.as_str())
}

fn lines<'a>(sources: &Sources<'a>) -> impl Iterator<Item = &'a str> + Clone {
    sources.document.main.iter().filter(|block| block.hidden.is_none()).map(|block| block.text.as_str()).take(MOST_LINES)
}

fn characters(sources: &Sources<'_>) -> u32 {
    let title = fold(&sources.document.best_title);
    let sum: usize = lines(sources).filter(|line| fold(line) != title).map(|line| line.chars().count()).sum();
    u32::try_from(sum).unwrap_or(u32::MAX)
}

/// The part of a line around a word.
fn quote(line: &str, word: &str) -> String {
    let at = line.find(word).unwrap_or(0);
    let from = line[..at].char_indices().rev().nth(20).map_or(0, |(i, _)| i);
    shorten(line[from..].trim(), QUOTE)
}

/// The first line that holds one of the words, compared folded.
fn line_with<'a>(lines: impl Iterator<Item = &'a str>, words: &[&str]) -> Option<String> {
    for line in lines {
        let folded = fold(line);
        if let Some(word) = words.iter().find(|word| folded.contains(**word)) {
            return Some(quote(line, word));
        }
    }
    None
}

fn file_with(sources: &Sources<'_>, words: &[&str]) -> Option<String> {
    let named = sources.attachments.iter().map(|file| (fold(&file.name), &file.name));
    let linked = sources
        .links
        .iter()
        .filter(|link| link.role == Role::Anchor && link.region == Region::Main)
        .map(|link| (fold(&link.text), &link.text));
    named.chain(linked).find(|(folded, _)| words.iter().any(|word| folded.contains(word))).map(|(_, name)| shorten(name, QUOTE))
}

/// Reads a solicitation.
pub(in crate::facts) fn solicitation(sources: &Sources<'_>) -> Solicitation {
    let published = publish_date(sources.dates);
    let characters = characters(sources);
    const DRAFTS: [&str; 10] = ["征求意见稿", "草案", "送审稿", "(稿)", "征询稿", "讨论稿", "草稿", "修订稿", "修改稿", "征集稿"];
    let quoted_file = || {
        let names = crate::facts::pairs::wording::quoted(&sources.document.best_title, 4);
        let fits = |name: &&crate::facts::attachments::Attachment| {
            let file = crate::facts::pairs::wording::core(&name.name);
            names.iter().any(|title| file.contains(title.as_str()))
        };
        sources.attachments.iter().find(fits).map(|file| shorten(&file.name, QUOTE))
    };
    let in_text = || {
        let articles =
            lines(sources).filter(|line| line.trim_start().starts_with('第') && line.chars().take(8).any(|c| c == '条')).count();
        let parts = lines(sources)
            .filter(|line| ["一、", "二、", "三、", "四、"].iter().any(|n| line.trim_start().starts_with(n)))
            .count();
        let is_draft = articles >= 2 || (characters >= DRAFT && parts >= 2) || characters >= DRAFT * 2;
        let beginning = || lines(sources).find(|line| line.trim_start().starts_with('第')).or_else(|| lines(sources).next());
        is_draft.then(|| shorten(beginning().unwrap_or_default(), QUOTE))
    };
    const EXPLAINS: [&str; 14] = [
        "草案解读",
        "草案说明",
        "起草说明",
        "编制说明",
        "修订说明",
        "制定说明",
        "说明材料",
        "修改说明",
        "起草情况",
        "有关说明",
        "起草背景",
        "起草的说明",
        "编制背景",
        "的说明",
    ];
    const SHORTER: [&str; 9] = ["缩短", "时间紧", "情况紧急", "紧急情况", "特殊情况", "特殊原因", "急需", "时限要求", "确需"];
    let files = u32::try_from(sources.attachments.len()).unwrap_or(u32::MAX);
    Solicitation {
        period: period::read(lines(sources).chain(headings(sources)), published),
        published,
        reason: reason(sources, &SHORTER),
        channels: channels(sources),
        draft: file_with(sources, &DRAFTS).or_else(quoted_file).or_else(in_text),
        basis: lines(sources).find_map(|line| hits(&BASIS, line).map(|word| quote(line, word))),
        explanation: file_with(sources, &EXPLAINS)
            .or_else(|| file_with(sources, &["说明"]))
            .or_else(|| line_with(lines(sources), &EXPLAINS)),
        files,
        plain_files: sources.attachments.iter().any(|file| is_plain(&file.name)),
        result: own_result(sources),
        characters,
    }
}

/// Labelled values above a text may stand outside of it.
fn headings<'a>(sources: &Sources<'a>) -> impl Iterator<Item = &'a str> {
    sources
        .document
        .around
        .iter()
        .filter(|b| b.hidden.is_none())
        .map(|b| b.text.as_str())
        .filter(|text| (text.contains("截止") || text.contains("时间") || text.contains("征集")) && text.chars().count() <= 120)
}

/// 附件1, a number, a bare file name: nothing that tells what the file holds.
fn is_plain(name: &str) -> bool {
    let folded = fold(name);
    let stem = folded.rsplit_once('.').map_or(folded.as_str(), |(stem, _)| stem);
    let rest: String = stem.replace("附件", "").replace("下载", "").chars().filter(|c| crate::text::is_han(*c)).collect();
    rest.chars().count() < 4 || ["说明", "稿", "草案", "表", "函", "问卷"].iter().all(|word| !rest.contains(word))
}

/// Why the time is short: a word of haste in a sentence that speaks of time.
fn reason(sources: &Sources<'_>, words: &[&str]) -> Option<String> {
    for line in lines(sources) {
        for sentence in line.split(['。', '；', ';']) {
            let folded = fold(sentence);
            let of_time = ["时间", "期限", "工作日", "天", "征求意见期", "日"].iter().any(|w| folded.contains(w))
                && folded.contains("意见");
            if let Some(word) = words.iter().find(|w| folded.contains(**w)).filter(|_| of_time || folded.contains("征求意见期"))
            {
                return Some(quote(sentence, word));
            }
        }
    }
    None
}

fn channels(sources: &Sources<'_>) -> BTreeMap<Channel, String> {
    let mut found = BTreeMap::new();
    let mut previous = String::new();
    for line in lines(sources) {
        let text = narrow(line);
        let text: String = text.chars().take(2_000).collect();
        let folded = fold(&text);
        // A label may stand in the cell before its value.
        let label = if previous.chars().count() <= 20 { format!("{previous}{folded}") } else { folded.clone() };
        let mut put = |channel: Channel, quote: String| {
            found.entry(channel).or_insert(quote);
        };
        if let Some(mail) = hits(&MAIL, &text).filter(|m| m.contains('@') || label.contains('邮')) {
            put(Channel::Mail, quote(&text, mail));
        }
        if hits(&FAX, &text).is_some() {
            put(Channel::Fax, quote(&text, "传"));
        }
        let calls = ["电话", "联系方式", "手机", "热线", "致电"].iter().any(|w| label.contains(w)) || label.contains("联系人");
        if calls && let Some(number) = hits(&PHONE, &text) {
            put(Channel::Phone, quote(&text, number));
        }
        let posted = [
            "信函",
            "来信",
            "邮寄",
            "寄至",
            "寄送",
            "寄到",
            "通讯地址",
            "通信地址",
            "邮政编码",
            "邮编",
            "书面形式",
            "书信",
            "联系地址",
            "信件",
        ];
        if let Some(word) = posted.iter().find(|w| folded.contains(**w)) {
            put(Channel::Letter, quote(&text, word));
        }
        let web = [
            "在线提交",
            "在线填写",
            "网上提交",
            "网上征集",
            "网站留言",
            "在线留言",
            "登录",
            "登陆",
            "网络平台",
            "点击链接",
            "问卷",
            "扫描二维码",
            "扫码",
            "门户网站",
            "政府网站",
            "网站首页",
            "在线反馈",
            "在线提出",
            "意见征集系统",
            "网上提出",
            "征集栏目",
            "我要参与",
            "我要留言",
            "我要提意见",
            "我要建言",
            "发表意见",
        ];
        if let Some(word) = web.iter().find(|w| folded.contains(**w)) {
            put(Channel::Web, quote(&text, word));
        }
        if let Some(word) = ["局长信箱", "市长信箱", "县长信箱", "区长信箱", "厅长信箱", "领导信箱", "意见箱", "公众信箱"]
            .iter()
            .find(|w| folded.contains(**w))
        {
            put(Channel::Box, quote(&text, word));
        }
        if let Some(word) = ["座谈会", "听证会", "论证会", "现场反馈", "当面"].iter().find(|w| folded.contains(**w))
        {
            put(Channel::Meeting, quote(&text, word));
        }
        previous = folded;
    }
    if sources.writes {
        found.entry(Channel::Web).or_insert_with(|| "<textarea>".to_owned());
    }
    if !found.contains_key(&Channel::Web)
        && let Some(link) = sources.links.iter().find(|link| invites(link))
    {
        found.insert(Channel::Web, shorten(&link.text, QUOTE));
    }
    found
}

/// A link or button that leads to a form.
fn invites(link: &Link) -> bool {
    let folded = fold(&link.text);
    link.role == Role::Anchor
        && link.region != Region::Header
        && ["我要参与", "我要留言", "我要提意见", "我要建言", "提交意见", "发表意见", "参与征集", "我要写信", "在线参与"]
            .iter()
            .any(|w| folded.contains(w))
}

/// A heading of the page that tells the result, with what follows it.
fn own_result(sources: &Sources<'_>) -> Option<String> {
    let mut all = lines(sources);
    while let Some(line) = all.next() {
        let folded = fold(line);
        let heads = folded.chars().count() <= 24
            && ["结果反馈", "征集结果", "采纳情况", "意见反馈情况", "反馈情况", "意见采纳", "征集反馈"]
                .iter()
                .any(|w| folded.contains(w));
        if heads
            && let Some(next) = all.clone().next().filter(|n| n.chars().count() >= 10)
            && !["暂无", "征集中", "请于", "电子邮", "截止"].iter().any(|w| next.contains(w))
        {
            return Some(shorten(next, QUOTE));
        }
        // A sentence in the past tense: 征求意见期间，未收到…
        if folded.contains("征求意见期间")
            || folded.contains("意见征集期间")
            || folded.contains("征集期间")
            || folded.contains("公示期间")
        {
            let told = ["未收到", "没有收到", "共收到", "收到意见", "均已采纳", "共征集"].iter().any(|w| folded.contains(w));
            if told {
                return Some(shorten(line, QUOTE));
            }
        }
    }
    None
}

/// Reads a result.
pub(in crate::facts) fn result(sources: &Sources<'_>) -> SolicitationResult {
    let mut result = SolicitationResult {
        files: u32::try_from(sources.attachments.len()).unwrap_or(u32::MAX),
        characters: characters(sources),
        ..SolicitationResult::default()
    };
    // …意见采纳情况的公告 promises to tell what was adopted; the text has to do so.
    let title = fold(&sources.document.best_title);
    for line in lines(sources).filter(|line| fold(line) != title) {
        let text = narrow(line);
        let text = text.as_ref();
        if result.nobody.is_none()
            && let Some(hit) = hits(&NOBODY, text)
        {
            result.nobody = Some(quote(text, hit));
        }
        for found in REJECTED.iter().flat_map(|p| p.captures_iter(text)) {
            let none = found.name("n").is_some_and(|n| n.as_str() == "0");
            if !none && result.rejected.is_none() {
                result.rejected = found.get(0).map(|hit| quote(text, hit.as_str()));
            }
        }
        if result.adoption.is_none()
            && let Some(word) = ["采纳", "吸收", "吸纳", "予以修改"].iter().find(|w| text.contains(**w))
        {
            result.adoption = Some(quote(text, word));
        }
        if result.reasons.is_none()
            && let Some(word) = [
                "理由",
                "原因",
                "因为",
                "由于",
                "考虑到",
                "鉴于",
                "已有规定",
                "不属于",
                "已包含",
                "未采纳说明",
                "说明:",
                "主要是",
                "无法",
                "不符合",
                "已在",
            ]
            .iter()
            .find(|w| text.contains(**w))
        {
            result.reasons = Some(quote(text, word));
        }
    }
    result
}
