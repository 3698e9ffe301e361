//! The fixed words of reports, in Chinese and English.

use crate::finding::{Certainty, Outcome, RootCause, Severity, Text};
use crate::score::Verdict;

/// A text of two literals.
pub(crate) fn both(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

/// The verdict of a scorecard in words. 合格 and 不合格 are said of a score only: a checklist whose source prints no points tells
/// whether its requirements are met.
pub fn card_verdict(card: &crate::score::Scorecard) -> Text {
    match (card.verdict, card.score) {
        (Verdict::Passed, None) => both("未发现不符合项", "Requirements met"),
        (Verdict::Failed, None) => both("有不符合项", "Requirements not met"),
        (other, _) => verdict(other),
    }
}

/// A verdict in words.
pub fn verdict(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Passed => both("合格", "Passed"),
        Verdict::Failed => both("不合格", "Failed"),
        Verdict::Vetoed => both("单项否决", "Vetoed"),
        Verdict::PendingReview => both("待复核", "Pending review"),
        Verdict::NoVetoFound => both("未发现否决问题", "No veto found"),
        Verdict::Insufficient => both("依据不足，不作结论", "Insufficient: no verdict"),
    }
}

/// The word of a verdict in data.
pub fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Vetoed => "vetoed",
        Verdict::PendingReview => "pending-review",
        Verdict::NoVetoFound => "no-veto-found",
        Verdict::Insufficient => "insufficient",
    }
}

/// A severity in words.
pub fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Veto => both("否决", "Veto"),
        Severity::Error => both("错误", "Error"),
        Severity::Warning => both("警示", "Warning"),
        Severity::Notice => both("提示", "Notice"),
    }
}

/// Certainty in words.
pub fn certainty(certainty: Certainty) -> Text {
    match certainty {
        Certainty::Certain => both("确定", "Certain"),
        Certainty::Suspected => both("疑似", "Suspected"),
    }
}

/// The word of a certainty in data.
pub fn certainty_key(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Suspected => "suspected",
    }
}

/// An outcome in words.
pub fn outcome(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Passed => both("符合", "Met"),
        Outcome::Failed => both("不符合", "Not met"),
        Outcome::Inapplicable => both("不适用", "Not applicable"),
        Outcome::CannotTell => both("无法判定", "Cannot tell"),
        Outcome::Untested => both("未检测", "Untested"),
    }
}

/// The word of an outcome in data.
pub fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::Inapplicable => "inapplicable",
        Outcome::CannotTell => "cannot-tell",
        Outcome::Untested => "untested",
    }
}

/// Root causes in the order in which a webmaster works: what mends most at once comes first.
pub const CAUSES: [RootCause; 6] =
    [RootCause::Template, RootCause::Column, RootCause::Page, RootCause::Attachment, RootCause::Platform, RootCause::External];

/// A root cause in words.
pub fn cause(cause: RootCause) -> Text {
    match cause {
        RootCause::Template => both("模板", "Template"),
        RootCause::Column => both("栏目", "Column"),
        RootCause::Page => both("页面", "Page"),
        RootCause::Attachment => both("附件", "Attachment"),
        RootCause::Platform => both("平台", "Platform"),
        RootCause::External => both("站外", "External"),
    }
}

/// The word of a root cause in data.
pub fn cause_key(cause: RootCause) -> &'static str {
    match cause {
        RootCause::Template => "template",
        RootCause::Column => "column",
        RootCause::Page => "page",
        RootCause::Attachment => "attachment",
        RootCause::Platform => "platform",
        RootCause::External => "external",
    }
}

/// Who mends what has this root cause, and how far the mending reaches.
pub fn cause_hint(cause: RootCause) -> Text {
    match cause {
        RootCause::Template => both(
            "改一处模板或公共片段，所有引用它的页面一并修好。",
            "Mend the template or include once; every page that uses it is mended with it.",
        ),
        RootCause::Column => both(
            "由栏目的责任科室更新内容，或调整栏目设置。",
            "The office in charge of the column updates it, or its set-up is changed.",
        ),
        RootCause::Page => {
            both("逐页修改，打开页面搜索所列原文即可定位。", "Mend page by page: open the page and search for the quoted text.")
        }
        RootCause::Attachment => both("重新上传文件，或改正指向它的链接。", "Upload the file again, or correct the links to it."),
        RootCause::Platform => {
            both("由平台运维单位处理，本单位转交并跟踪。", "The operator of the platform mends it; pass it on and follow it up.")
        }
        RootCause::External => both(
            "对方网站的问题：核实后换成有效链接，或删除。",
            "The fault is on another site: check it, then replace or remove the link.",
        ),
    }
}

/// The state of a finding in words; an unknown one as it is.
pub fn state(word: &str) -> Text {
    match word {
        "new" => both("新增", "new"),
        "known" => both("基线已有", "known"),
        "waived" => both("已豁免", "waived"),
        "rejected" => both("人工驳回", "rejected by review"),
        other => both(other, other),
    }
}

/// The name of a piece of evidence in words; an unknown one as it is.
pub fn evidence(name: &str) -> Text {
    let zh = match name {
        "value" => "页面上的值",
        "confirmed" => "人工确认",
        "rejected" => "人工驳回",
        "quote" | "quoted" => "原文",
        "pages-seen" => "看到的页数",
        "pages" => "页数",
        "newest" => "最新日期",
        "newest-from" => "日期取自",
        "kind" => "文件类别",
        "items" => "条目数",
        "href" => "链接写法",
        "footer" => "页脚文字",
        "as-of" => "判断日期",
        "written-date" => "成文日期",
        "window-days" => "时限（天）",
        "url" => "地址",
        "tag" => "标签",
        "redirected-to" => "跳转到",
        "phrase" => "命中文字",
        "names" => "名称",
        "looks" => "历次访问",
        "hops" => "点击次数",
        "hidden" => "隐藏方式",
        "han" => "汉字数",
        "glosses" => "拼音注释数",
        "expected" => "应为",
        "declared" => "声明的编码",
        "charset" => "实际编码",
        "column-id" => "栏目标识",
        "class" => "栏目类别",
        "cause" => "原因",
        "status" => "状态码",
        "rendered" => "由浏览器打开",
        "screenshot" => "截图",
        _ => name,
    };
    both(zh, &name.replace('-', " "))
}

/// Why a URL was not had, in words; unknown words as they are.
pub fn reason(word: &str) -> Text {
    match word {
        "name-not-found" => both("域名不存在", "name does not exist"),
        "dns-failure" => both("域名解析失败", "name look-up failed"),
        "dns-timeout" => both("域名解析超时", "name look-up timed out"),
        "refused" => both("连接被拒绝", "connection refused"),
        "reset" => both("连接被中断", "connection reset"),
        "connect-timeout" => both("连接超时", "connection timed out"),
        "tls-timeout" => both("TLS 握手超时", "TLS handshake timed out"),
        "first-byte-timeout" => both("已连接，但等不到响应", "connected, but no response in time"),
        "body-timeout" => both("响应正文没有在时限内结束", "body of the response did not end in time"),
        "read-timeout" => both("响应超时", "response timed out"),
        "tls" => both("TLS 握手失败", "TLS handshake failed"),
        "tls-expired" => both("证书已过期", "certificate expired"),
        "tls-not-yet-valid" => both("证书尚未生效", "certificate not valid yet"),
        "tls-self-signed" => both("自签名证书", "self-signed certificate"),
        "tls-unknown-issuer" => {
            both("证书的签发者不受信任，或缺中间证书", "certificate of an unknown issuer, or an incomplete chain")
        }
        "tls-wrong-name" => both("证书与域名不符", "certificate of another name"),
        "tls-revoked" => both("证书已吊销", "certificate revoked"),
        "tls-outdated" => {
            both("只支持过时的 TLS 协议或算法（网站可能正常）", "only outdated TLS protocols or ciphers (the site may be up)")
        }
        "tls-cut" => both("TLS 握手中途断开", "TLS handshake cut"),
        "not-tls" => both("该端口不是 TLS 服务", "no TLS at this port"),
        "protocol" => both("响应不符合 HTTP", "response breaks HTTP"),
        "truncated" => both("响应正文不完整", "body of the response was cut"),
        "header-too-large" => both("响应头超过大小上限", "head of the response over the size limit"),
        "coding" => both("响应内容编码损坏", "content coding is broken"),
        "too-large" => both("超过大小上限", "over the size limit"),
        "redirect-loop" => both("循环跳转", "redirect loop"),
        "too-many-redirects" => both("跳转次数过多", "too many redirects"),
        "bad-redirect" => both("跳转地址无效", "redirect without a usable target"),
        "robots" => both("robots.txt 不允许访问", "excluded by robots.txt"),
        "robots-unreachable" => both("robots.txt 无法取得，按规范不访问", "robots.txt unreachable, so we stayed away"),
        "budget" => both("本次抓取额度已用完", "budget of this run spent"),
        "trap" => both("同一类网址只通向自身，已停止跟进", "URLs of a family that only leads to itself, not followed"),
        "challenge" => both("被防护系统拦截（验证页面）", "stopped by a challenge page"),
        "login-wall" => both("需要登录", "a login is in the way"),
        "rate-limited" => both("服务器要求放慢（429）", "rate limited (429)"),
        "forbidden" => both("拒绝访问（403）", "forbidden (403)"),
        "client-error" => both("其他 4xx 应答", "other 4xx answers"),
        "server-error" => both("服务器错误（5xx）", "server error (5xx)"),
        "other-status" => both("不常见的状态码", "an unusual status"),
        "one-look" => both("只看到一次失效，未能复查", "looked dead once, no second look was had"),
        "looks-differ" => both("两次访问结果不一致", "two looks disagree"),
        "not-looked-at" => both("未轮到访问", "not looked at"),
        "host-given-up" => both("该主机连续失败，已停止访问", "host given up after repeated failures"),
        "private-address" => both("指向内网地址，未访问", "private address, not visited"),
        "not-resolved" => both("只访问指定解析的主机", "host not in the given resolutions"),
        "not-requested" => both("本次不检查此类链接", "this kind of link is not checked in this run"),
        "not-in-capture" => both("存档中没有", "not in the capture"),
        "not-in-folder" => both("文件夹里只是零散页面，没有此页", "not in the folder, which holds loose pages"),
        "stopped" => both("运行中止，未轮到", "run stopped before its turn"),
        other => both(other, other),
    }
}
