//! What a title names: quoted titles, and the core that is left when the words of its kind are taken away.

use crate::text::fold;
use regex::Regex;
use std::sync::LazyLock;

/// Fewest characters of a core that can tie two pages.
pub(in crate::facts) const LEAST: usize = 5;
/// Most characters of a quoted title.
const MOST: usize = 120;

/// Versions of a draft, and other words in brackets that one of two titles may leave out.
static STATUS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[(\[【〔][^()\[\]【】〔〕]{0,14}(?:稿|草案|试行|暂行|修订|修正|施行|版|次)[^()\[\]【】〔〕]{0,8}[)\]】〕]").ok()
});
/// 关于印发…的通知 and the like around a title, with the body before it.
static ISSUED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^.{0,40}?(?:关于)?(?:印发|公布|发布|下发|修订印发|修改|批转)(?P<inner>.{4,}?)(?:等\d*个?文件)?的?(?:通知|公告|通告|决定|令)$").ok()
});
/// What stands before the name of an interpreted document.
static INTERPRETS_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[(\[【][^)\]】]{1,12}[)\]】])?(?:(?:一图|一张图|一文|一分钟|一问一答|视频|漫画|动画|图文|图片|长图|政策|文字|专家|媒体|部门|负责人|文件|音频|h5)?(?:读懂|看懂|了解|读|图解|解读|图说|解析|明白)|政策图解|图说|动漫|问答)[:|丨│\-—_·,，!！]*").ok()
});
/// What stands behind it.
static INTERPRETS_BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:[-—_:|丨│]*)?(?:的|有关|相关)?(?:(?:政策|文件|图文|文字|图片|视频|动漫|专家|媒体|部门|负责人|主要负责人|内容|音频|条文|全面|详细)*(?:解读|图解|解析|问答|问答录|读本|说明|起草说明|编制说明|答记者问)|有关问题解答)(?:材料|稿|方案|之[一二三四五六七八九十\d]+|[(\[]?[一二三四五六七八九十\d]{1,2}[)\]]?|[(\[【][^)\]】]{1,10}[)\]】])*$").ok()
});
/// The words that ask for comments, or tell what became of them.
static ASKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:面向|向)?(?:全?社会|公众|社会公众|社会各界|各界)*(?:再次|二次|第[一二三]次)?(?:公开|广泛)*(?:征求|征集|征询|听取)(?:全?社会|公众|社会公众|社会各界|各界|各方)*(?:修改)?(?:的)?(?:意见|建议)(?:[和及与、]?建议)?(?:稿)?").ok()
});
static ASKS_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:面向|向)?(?:全?社会|公众|社会公众|社会各界|各界)*(?:再次|二次|第[一二三]次)?(?:公开|广泛)*(?:征求|征集|征询|听取)对?").ok()
});
static ASKS_BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:的|意见|建议|采纳|吸收|反馈|情况|结果|公告|通告|公示|通知|启事|函|说明|汇总|总结|报告|落实|处理|及|和|与|告知书|答复|[(\[][^)\]]{1,12}[)\]])+$").ok()
});

/// The titles in 《…》, outermost ones, folded, in order, at most `most`.
pub(in crate::facts) fn quoted(text: &str, most: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '《' => {
                if depth == 0 {
                    start = at + c.len_utf8();
                }
                depth += 1;
            }
            '》' if depth > 0 => {
                depth -= 1;
                let inner = &text[start..at];
                if depth == 0 && inner.chars().count() <= MOST {
                    let key = core(inner);
                    if key.chars().count() >= LEAST && !found.contains(&key) {
                        found.push(key);
                        if found.len() >= most {
                            break;
                        }
                    }
                }
            }
            // A mark that is never closed ends with its line.
            '\n' => depth = 0,
            _ => {}
        }
    }
    found
}

/// A title without quotation marks, blanks, status and punctuation at its ends.
pub(in crate::facts) fn core(title: &str) -> String {
    let folded: String = fold(title)
        .chars()
        .filter(|c| !matches!(c, '《' | '》' | '〈' | '〉' | '<' | '>' | '"' | '“' | '”' | '「' | '」'))
        .collect();
    let bare = STATUS.as_ref().map_or_else(|| folded.clone(), |status| status.replace_all(&folded, "").into_owned());
    bare.trim_matches(|c: char| c.is_ascii_punctuation() || "。，、：；—·丨│".contains(c)).to_owned()
}

fn keep(keys: &mut Vec<String>, key: String) {
    if key.chars().count() >= LEAST && !keys.contains(&key) {
        keys.push(key);
    }
}

/// The names under which others may speak of a document with this title: whole, without its body, without 关于印发…的通知, and the
/// titles that it quotes.
pub(in crate::facts) fn names(title: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let whole = core(title);
    for name in quoted(title, 4) {
        inner(&name, &mut keys);
    }
    inner(&whole, &mut keys);
    keys
}

fn inner(name: &str, keys: &mut Vec<String>) {
    keep(keys, name.to_owned());
    if let Some(at) = name.find("关于").filter(|at| *at > 0 && *at <= 90) {
        keep(keys, name[at..].to_owned());
    }
    if let Some(found) = ISSUED.as_ref().and_then(|issued| issued.captures(name)) {
        keep(keys, core(&found["inner"]));
    }
    if let Some(rest) = name.strip_prefix("关于") {
        keep(keys, rest.to_owned());
    }
}

/// What an interpretation with this title interprets: what it quotes, else what is left without the words of interpretation.
pub(in crate::facts) fn interpreted(title: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for name in quoted(title, 4) {
        inner(&name, &mut keys);
    }
    if keys.is_empty() {
        let whole = core(title);
        let rest = strip(&INTERPRETS_BEFORE, &strip(&INTERPRETS_BEHIND, &whole));
        // A title that only says that it interprets names nothing; 关于X的解读 names X.
        if rest != whole || whole.starts_with("关于") {
            inner(&rest, &mut keys);
        }
    }
    keys
}

/// What a solicitation, or its result, is about: the same for both.
pub(in crate::facts) fn solicited(title: &str) -> Vec<String> {
    let mut keys = quoted(title, 4);
    if keys.is_empty() {
        let whole = core(title);
        let at = whole.find("关于").filter(|at| *at <= 90).unwrap_or(0);
        let rest = whole[at..].trim_start_matches("关于");
        let rest = ASKS.as_ref().map_or_else(|| rest.to_owned(), |asks| asks.replace_all(rest, "").into_owned());
        let rest = strip(&ASKS_BEHIND, &strip(&ASKS_BEFORE, &rest));
        let rest = rest.trim_start_matches(['对', '就']).trim_end_matches(['的', '(', ')']);
        if rest != whole {
            keep(&mut keys, rest.to_owned());
        }
    }
    for key in keys.clone() {
        inner(&key, &mut keys);
    }
    keys
}

fn strip(pattern: &LazyLock<Option<Regex>>, text: &str) -> String {
    pattern.as_ref().map_or_else(|| text.to_owned(), |p| p.replace(text, "").into_owned())
}

/// How alike two names are, from 0 to 1: shared pairs of characters (Dice).
pub(in crate::facts) fn likeness(one: &str, other: &str) -> f32 {
    let grams = |text: &str| {
        let chars: Vec<char> = text.chars().take(MOST).collect();
        let mut grams: Vec<(char, char)> = chars.windows(2).map(|w| (w[0], w[1])).collect();
        grams.sort_unstable();
        grams
    };
    let (a, b) = (grams(one), grams(other));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    2.0 * shared as f32 / (a.len() + b.len()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpretation_names_its_document() {
        let document = names("测试市公安局关于印发《测试市养犬管理实施细则（试行）》的通知");
        for title in [
            "《测试市养犬管理实施细则（试行）》政策解读",
            "关于《测试市养犬管理实施细则》的解读",
            "测试市养犬管理实施细则政策解读",
            "一图读懂《测试市养犬管理实施细则》",
            "一图读懂｜测试市养犬管理实施细则",
            "测试市养犬管理实施细则解读之一",
            "图解：测试市养犬管理实施细则",
            "《测试市公安局关于印发<测试市养犬管理实施细则（试行）>的通知》解读",
            "【图文解读】《測試市養犬管理實施細則》",
        ] {
            assert!(
                interpreted(title).iter().any(|key| document.contains(key)),
                "{title}: {:?} {document:?}",
                interpreted(title)
            );
        }
        let document = names("关于进一步加强电动自行车管理的通告");
        for title in ["关于进一步加强电动自行车管理的通告的政策解读", "《关于进一步加强电动自行车管理的通告》政策解读"]
        {
            assert!(interpreted(title).iter().any(|key| document.contains(key)), "{title}");
        }
        assert!(interpreted("政策解读").is_empty());
        assert!(interpreted("一图读懂").is_empty());
    }

    #[test]
    fn a_result_names_its_solicitation() {
        for (solicitation, result) in [
            (
                "关于《测试市养犬管理实施细则（征求意见稿）》公开征求意见的公告",
                "关于《测试市养犬管理实施细则》征求意见采纳情况的公告",
            ),
            (
                "关于公开征求《测试市养犬管理实施细则（征求意见稿）》意见的通知",
                "《测试市养犬管理实施细则（征求意见稿）》意见征集结果反馈",
            ),
            ("关于公开征求测试市停车收费标准意见的公告", "关于测试市停车收费标准征求意见采纳情况的反馈"),
            ("测试市司法局关于公开征求测试市停车收费标准意见建议的公告", "测试市停车收费标准公开征求意见情况汇总"),
        ] {
            let (one, other) = (solicited(solicitation), solicited(result));
            assert!(one.iter().any(|key| other.contains(key)), "{solicitation}: {one:?} {other:?}");
        }
        assert!(solicited("关于公开征求意见的公告").is_empty(), "{:?}", solicited("关于公开征求意见的公告"));
    }

    #[test]
    fn hostile_titles_end() {
        assert!(quoted(&"《".repeat(9_000), 4).is_empty());
        assert!(quoted("《没有结束\n的书名》", 4).is_empty());
        assert!(likeness("测试市养犬管理", "测试市养犬管理") > 0.99 && likeness("一", "二") == 0.0);
    }
}
