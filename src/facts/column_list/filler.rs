//! Words that stand where contents would be and tell nothing: paging strips, the notice that a column is not ready yet, and the line
//! below a title that says when and whence a text came.

use crate::text::{fold, is_han, squeeze};
use regex::Regex;
use std::sync::LazyLock;

static FURNITURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"首页|上一页|上页|下一页|下页|尾页|末页|每页|跳转到?|转到|当前|总计|总共|共?有?\d*条(?:记录|信息|数据)?|(?:共|第)\d*页|记录|页码|到|共|第|页|条")
        .ok()
});
static NOT_READY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:栏目|页面|网页|内容|网站|版块|板块|模块|信息|数据)[^。;]{0,4}(?:建设|更新|维护|完善|整理|制作|开发|升级|筹备)之?中|敬请(?:期待|关注)|underconstruction|comingsoon")
        .ok()
});
static BYLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:发布|发文|成文|更新|录入|添加)?(?:时间|日期)[:：] ?[\d\-/.年月日:： ]*|(?:信息|文章|稿件|内容)?来源[:：] ?[^ :：]*|(?:作者|编辑|责任编辑|发布者|发布人|供稿)[:：] ?[^ :：]*|(?:点击|浏览|阅读|访问)(?:次数|量|数)?[:：]? ?[\[(（]?\d*[\])）]?次?|(?:字号|字体)(?:大小)?[:：]?|\[? ?大 ?中 ?小 ?\]?|分享到?[:：]?|打印(?:本页)?|关闭(?:窗口)?|\d{4}[\-/.年]\d{1,2}[\-/.月]\d{1,2}日?(?: ?\d{1,2}:\d{2}(?::\d{2})?)?",
    )
    .ok()
});
/// Longest byline in characters.
const LONGEST_BYLINE: usize = 200;

/// Longest notice, in Chinese characters: a longer text says more than that.
const NOTICE: usize = 40;

/// Does a line tell nothing of its own?
pub(in crate::facts) fn is_filler(text: &str) -> bool {
    let plain: String = fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    let han = |text: &str| text.chars().filter(|c| is_han(*c)).count();
    let letters = |text: &str| text.chars().filter(|c| crate::text::is_alphabetic(*c)).count();
    let furniture = FURNITURE.as_ref().is_some_and(|words| words.is_match(&plain) && letters(&words.replace_all(&plain, "")) < 2);
    furniture || han(&plain) <= NOTICE && NOT_READY.as_ref().is_some_and(|words| words.is_match(&plain))
}

/// Does a line only say when, whence and by whom a text came, and how often it was read?
pub(in crate::facts) fn is_byline(text: &str) -> bool {
    // A byline names a time, or is made of the words of a tool bar.
    let may_be =
        text.contains(|c: char| c.is_ascii_digit()) || ["打印", "关闭", "分享", "来源", "字"].iter().any(|w| text.contains(w));
    if !may_be || text.chars().nth(LONGEST_BYLINE).is_some() {
        return false;
    }
    // Blanks end the name of a source: the text is not folded.
    let line = squeeze(text);
    let rest = BYLINE.as_ref().map(|words| words.replace_all(&line, ""));
    rest.is_some_and(|rest| rest.len() < line.len() && rest.chars().filter(|c| crate::text::is_alphabetic(*c)).count() < 2)
}

#[cfg(test)]
mod tests {
    use super::{is_byline, is_filler};

    #[test]
    fn bylines_tell_nothing_of_the_matter() {
        for text in [
            "时间：2025-08-29 11:40 来源：白鹿原市人民政府 打印",
            "来源：永泉县人民政府 发布时间：2025-10-30 09:11",
            "发布时间：2025-09-13　　来源：玉屏湾区公安局　　点击：[1656]",
            "2025年9月13日",
            "打印本页 关闭窗口",
        ] {
            assert!(is_byline(text), "{text}");
        }
        for text in ["办公时间：工作日9:00—12:00", "地址：人民路8号", "来源：公安局 请到人民路8号窗口办理", "", "12345"]
        {
            assert!(!is_byline(text), "{text}");
        }
    }

    #[test]
    fn paging_strips_and_notices_tell_nothing() {
        for text in [
            "共 0 条记录　第 1 页/共 1 页　首页　上一页　下一页　尾页",
            "首页 上一页 1 下一页 尾页 转到第 页",
            "栏目建设中，敬请期待",
            "页面正在建设中……",
            "本栏目正在建设之中，相关内容将陆续发布，敬请期待。",
            "内容更新中，敬请关注！",
            "Under Construction",
        ] {
            assert!(is_filler(text), "{text}");
        }
    }

    #[test]
    fn texts_tell_something() {
        for text in [
            "情况说明：本单位本年度未产生此类信息。",
            "暂无相关信息",
            "目前全区正在建设中的公园有三处，位于城东、城南和开发区，均由住房和城乡建设局负责管理，预计年底开放。",
            "办公室负责文电、会务、机要、档案等机关日常运转工作。",
            "请到人民路8号窗口办理",
        ] {
            assert!(!is_filler(text), "{text}");
        }
    }
}
