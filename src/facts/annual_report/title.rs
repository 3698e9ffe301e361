//! Is it an annual report on disclosure by its title, about which year, of which body?

use super::writing::plain;
use crate::text::{is_blank, narrow, shorten};
use regex::Regex;
use std::sync::LazyLock;

/// What a title says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) body: Option<String>,
    pub(super) year: Option<i16>,
}

/// Words of pages that speak about reports and are none.
const NOT: [&str; 27] = [
    "通知",
    "解读",
    "方案",
    "格式",
    "模板",
    "样式",
    "范本",
    "汇总",
    "一览",
    "报送",
    "征集",
    "目录",
    "通报",
    "复函",
    "函告",
    "培训",
    "会议",
    "评议",
    "评估",
    "意见的",
    "网站工作年度",
    "工作年度报表",
    "法治政府",
    "政务新媒体",
    "编制发布",
    "公布情况",
    "图解",
];

static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(20\d\d)(?:年|度)").ok());
static BODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:关于)?(.{0,40}?)(?:(20\d\d)年?(?:度)?(.{0,40}?))?(?:的)?(?:政府|政务)?(?:信息|政务)公开").ok()
});

/// Reads a title; none when it is no report's.
pub(super) fn read(title: &str) -> Option<Named> {
    let folded = plain(&shorten(title, 200));
    let about = folded.contains("信息公开") || folded.contains("政务公开");
    let report = folded.contains("年度报告") || folded.contains("年报") || folded.contains("年度工作报告");
    if !about || !report || NOT.iter().any(|word| folded.contains(word)) {
        return None;
    }
    Some(Named { body: body(title), year: year(&folded) })
}

/// The one year that a title names.
fn year(folded: &str) -> Option<i16> {
    let spelled: String = folded
        .chars()
        .map(|c| "〇一二三四五六七八九".chars().position(|d| d == c).map_or(c, |n| (b'0' + n as u8) as char))
        .collect();
    let find = |text: &str| -> Option<i16> {
        let mut years = YEAR.as_ref()?.captures_iter(text).filter_map(|c| c[1].parse::<i16>().ok());
        let first = years.next()?;
        years.all(|other| other == first).then_some(first)
    };
    find(folded).or_else(|| find(&spelled))
}

/// What stands before the year, or between it and 政府信息公开.
fn body(title: &str) -> Option<String> {
    let text: String = narrow(title).chars().filter(|c| !is_blank(*c)).collect();
    let captures = BODY.as_ref()?.captures(&text)?;
    let clean = |text: &str| text.trim_matches(['《', '》', '“', '”', '"', ':', '-', '_', '|', '年', '度']).to_owned();
    let of = |n: usize| captures.get(n).map(|m| clean(m.as_str())).filter(|t| t.chars().count() >= 3 && is_name(t));
    of(1).or_else(|| of(3))
}

/// Ends like the name of a public body.
pub(super) fn is_name(text: &str) -> bool {
    const ENDS: [&str; 28] = [
        "政府", "局", "委", "厅", "办", "部", "院", "署", "会", "处", "中心", "公室", "队", "所", "站", "社", "银行", "海关",
        "街道", "镇", "乡", "区", "县", "市", "省", "公司", "大学", "学校",
    ];
    let plain = plain(text);
    ENDS.iter().any(|end| plain.ends_with(end)) && !plain.contains(['。', '，', ',', '；'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(title: &str) -> Option<(Option<String>, Option<i16>)> {
        read(title).map(|n| (n.body, n.year))
    }

    #[test]
    fn titles_of_reports() {
        for (title, body, year) in [
            ("湖南省公安厅2019年政府信息公开工作年度报告", Some("湖南省公安厅"), Some(2019)),
            ("2024 年度某市司法局政府信息公开工作年度报告", Some("某市司法局"), Some(2024)),
            ("某县人民政府２０２３年政府信息公开工作年度报告", Some("某县人民政府"), Some(2023)),
            ("二〇二二年政府信息公开年报", None, Some(2022)),
            ("2019年政務公開(kāi)工作年度報(bào)告", None, Some(2019)),
            ("政府信息公开年报", None, None),
        ] {
            assert_eq!(is(title), Some((body.map(str::to_owned), year)), "{title}");
        }
    }

    #[test]
    fn titles_about_reports() {
        for title in [
            "关于做好2024年政府信息公开工作年度报告编制工作的通知",
            "2023年政府网站工作年度报表",
            "某市2023年法治政府建设年度报告",
            "2023年国民经济和社会发展统计公报",
            "某公司2023年年度报告",
            "政府信息公开工作年度报告格式",
            "图解：2023年政府信息公开工作年度报告",
            "2023年政府信息公开工作要点",
        ] {
            assert_eq!(is(title), None, "{title}");
        }
    }
}
