//! A run as it might have been: three bureaus on one portal, forty findings of every root cause, and pages that mean harm.

use std::collections::{BTreeMap, BTreeSet};
use xuncha::checklist::Checklist;
use xuncha::config::Config;
use xuncha::exchange::Gathering;
use xuncha::finding::{Certainty, Finding, FindingItem, Location, Outcome, RootCause, Severity, Text};
use xuncha::judge::{Judged, RunInfo, SiteIdentity, Tally};
use xuncha::plan::{Bound, Plan, Target, Unit};
use xuncha::report::{Coverage, ExternalCoverage, Report, Truths};
use xuncha::scope::{Scope, ScopeRule};
use xuncha::url::CanonicalUrl;

pub const HOST: &str = "www.linxi.xuncha-demo.gov.cn";

pub fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("parses")
}

fn both(zh: &str, en: &str) -> Text {
    Text { zh: zh.into(), en: en.into() }
}

const NATIONAL: &str = r#"
format = 1
id = "national-inspection-2019"
version = "2019-04-18"
title = { zh = "政府网站检查指标（单项否决）", en = "Inspection indicators for government websites (vetoes)" }
source = "国办秘函〔2019〕19号"

[[item]]
id = "V1"
title = { zh = "泄露国家秘密", en = "State secrets disclosed" }
severity = "veto"
source = "国办秘函〔2019〕19号 第一部分 1"
confidence = "verified"
[item.manual]
who = { zh = "保密工作机构", en = "the secrecy office" }
look_at = { zh = "近三个月发布的文件及附件，逐件核对定密与审批记录", en = "documents and attachments of the last three months, each against its classification and approval record" }
evidence = { zh = "审批单扫描件", en = "scans of the approval sheets" }
answers = ["未发现 none", "发现 found"]
why = { zh = "是否涉密只能由保密机构认定", en = "only the secrecy office can decide what is secret" }

[[item]]
id = "V3"
title = { zh = "首页不更新", en = "Home page not updated" }
rule = "home-freshness"
severity = "veto"
subject = "site"
source = "国办秘函〔2019〕19号 第一部分 3"
confidence = "verified"

[[item]]
id = "V4.1"
title = { zh = "动态、要闻类栏目不更新 5 个及以上", en = "5 or more news columns not updated" }
rule = "column-freshness"
severity = "veto"
veto_when = { count = 5 }
warn_when = { count = 3 }
source = "国办秘函〔2019〕19号 第一部分 4（1）"
confidence = "verified"

[[item]]
id = "V4.3"
title = { zh = "空白栏目 5 个及以上", en = "5 or more empty columns" }
rule = "column-empty"
severity = "veto"
veto_when = { count = 5 }
source = "国办秘函〔2019〕19号 第一部分 4（3）"
confidence = "verified"

[[item]]
id = "V1.3"
title = { zh = "链接暴力、赌博、色情等内容", en = "Links to gambling, violence or pornography" }
rule = "injected-spam"
severity = "veto"
source = "国办秘函〔2019〕19号 第一部分 1.3"
confidence = "verified"
"#;

const LOCAL: &str = r#"
format = 1
id = "linxi-quarterly"
version = "2026Q1"
title = { zh = "林溪县政务公开季度评分表", en = "Linxi county quarterly scoring of disclosure" }
source = "林溪县政务公开办〔2026〕2号"
authority = "林溪县政务公开办〔2026〕2号"
full_mark = 100.0
pass_line = 60.0
bonus_gate = 80.0
bonus = ["B1"]
coverage_floor = 0.6

[[item]]
id = "1.1"
title = { zh = "链接可用", en = "Links open" }
rules = ["dead-link", "dead-attachment"]
severity = "error"
points = 0.5
cap = 20.0
source = "评分表 1.1"
confidence = "verified"

[[item]]
id = "1.2"
title = { zh = "公文要素齐全", en = "Elements of documents are complete" }
rules = ["document-element", "document-number"]
severity = "error"
points = 1.0
cap = 20.0
source = "评分表 1.2"
confidence = "verified"

[[item]]
id = "2.1"
title = { zh = "栏目按期更新", en = "Columns updated in time" }
rule = "column-freshness"
severity = "error"
points = 4.0
per = "subject"
cap = 20.0
source = "评分表 2.1"
confidence = "verified"

[[item]]
id = "2.2"
title = { zh = "应开设的栏目", en = "Required columns" }
rule = "required-column"
severity = "error"
points = 20.0
per = "once"
source = "评分表 2.2"
confidence = "verified"

[[item]]
id = "3.1"
title = { zh = "页面标签", en = "Page tags" }
rules = ["site-meta", "article-meta"]
severity = "warning"
points = 10.0
per = "once"
source = "国办发〔2017〕47号 附件 3"
confidence = "verified"

[[item]]
id = "3.2"
title = { zh = "页脚要素", en = "Footer elements" }
rules = ["footer-element", "province-consistency"]
severity = "warning"
points = 10.0
per = "once"
subject = "site"
source = "国办发〔2017〕47号 第三部分"
confidence = "single-source"

[[item]]
id = "4.1"
title = { zh = "年度报告", en = "Annual report" }
rule = "required-column"
severity = "error"
points = 5.0
per = "once"
due = 2026-04-01
source = "政府信息公开条例 第四十九条"
confidence = "verified"

[[item]]
id = "5.1"
title = { zh = "政策解读质量", en = "Quality of interpretations" }
severity = "error"
points = 10.0
source = "评分表 5.1"
confidence = "verified"
[item.manual]
who = { zh = "政务公开办业务人员", en = "staff of the disclosure office" }
look_at = { zh = "抽查 3 篇解读：是否只是摘抄原文，有无图解、问答等形式", en = "three interpretations: more than an excerpt? diagrams, questions and answers?" }
evidence = { zh = "页面截图，注明日期", en = "dated screenshots" }
answers = ["好", "一般", "差"]
why = { zh = "内容质量须由人评判", en = "quality of content is a matter of judgement" }

[[item]]
id = "B1"
title = { zh = "信息无乱码", en = "No garbled text" }
rule = "garbled-text"
severity = "notice"
points = 3.0
per = "once"
source = "评分表 加分项"
confidence = "verified"
"#;

/// What a hostile page would like to say.
pub const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "\u{1b}[2J\u{1b}]0;owned\u{7}红字",
    "=cmd|' /C calc'!A0",
    "{{ 7 * 7 }}{% raw %}",
    "abc\u{202e}gnp.exe\u{2066}",
];

struct Spec {
    rule: &'static str,
    cause: RootCause,
    certainty: Certainty,
    unit: &'static str,
    items: &'static [(&'static str, &'static str, Severity)],
    page: String,
    title: String,
    message: Text,
    search: Option<String>,
    path: Vec<&'static str>,
    occurrences: u64,
    subjects: Vec<String>,
}

const FIX: Text = Text { zh: String::new(), en: String::new() };

fn fix(rule: &str) -> Text {
    match rule {
        "dead-link" => both(
            "核实目标地址，改成有效链接；目标确已撤销的，删除链接。",
            "Check the target and correct the link; remove it when the target is gone for good.",
        ),
        "dead-attachment" => both("重新上传附件，核对文件名与大小写。", "Upload the file again and check the case of its name."),
        "column-freshness" => both(
            "按时限发布新信息；确无内容的栏目申请归并或发布情况说明。",
            "Publish in time; merge a column that has no content, or publish a note that says why.",
        ),
        "site-meta" => both(
            "在公共模板的 head 中补上 <meta name=\"SiteIDCode\" content=\"…\">。",
            "Add <meta name=\"SiteIDCode\" content=\"…\"> to the head of the shared template.",
        ),
        "footer-element" => both("在页脚模板中补上该要素。", "Add the element to the footer template."),
        "injected-spam" => both(
            "立即核实；属实的，下线页面、清除注入内容并按网络安全预案上报。",
            "Check at once; if it is real, take the page down, remove what was injected and report it.",
        ),
        _ => FIX,
    }
}

fn specs() -> Vec<Spec> {
    let local = |item: &'static str, severity| -> &'static [(&'static str, &'static str, Severity)] {
        Box::leak(Box::new([("linxi-quarterly", item, severity)]))
    };
    let base = format!("http://{HOST}");
    let mut specs = Vec::new();
    let mut add = |spec: Spec| specs.push(spec);
    // Template faults: one finding, many pages.
    add(Spec {
        rule: "site-meta",
        cause: RootCause::Template,
        certainty: Certainty::Certain,
        unit: "portal",
        items: local("3.1", Severity::Warning),
        page: format!("{base}/"),
        title: "林溪县人民政府".into(),
        message: both("页面缺少标签 SiteIDCode", "The page lacks the tag SiteIDCode"),
        search: Some("<meta name=\"SiteDomain\"".into()),
        path: vec![],
        occurrences: 212,
        subjects: (0..212).map(|n| format!("/p{n}")).collect(),
    });
    add(Spec {
        rule: "footer-element",
        cause: RootCause::Template,
        certainty: Certainty::Certain,
        unit: "portal",
        items: local("3.2", Severity::Warning),
        page: format!("{base}/"),
        title: "林溪县人民政府".into(),
        message: both("页脚没有“我为政府网站找错”入口", "The footer has no entry for reporting errors"),
        search: None,
        path: vec![],
        occurrences: 209,
        subjects: vec!["site".into()],
    });
    // Stale columns: the veto of the portal.
    for (index, name) in ["政务要闻", "部门动态", "乡镇动态", "视频新闻", "图片新闻"].iter().enumerate() {
        add(Spec {
            rule: "column-freshness",
            cause: RootCause::Column,
            certainty: Certainty::Certain,
            unit: "portal",
            items: &[("national-inspection-2019", "V4.1", Severity::Veto), ("linxi-quarterly", "2.1", Severity::Error)],
            page: format!("{base}/zwyw/c{index}/"),
            title: (*name).into(),
            message: both(
                &format!("栏目“{name}”自 2026-01-{:02} 起未更新，超过 14 天时限", index + 9),
                &format!("The column “{name}” has not been updated since 2026-01-{:02}; the window is 14 days", index + 9),
            ),
            search: None,
            path: vec!["新闻中心", name],
            occurrences: 1,
            subjects: vec![format!("/zwyw/c{index}/")],
        });
    }
    add(Spec {
        rule: "column-empty",
        cause: RootCause::Column,
        certainty: Certainty::Certain,
        unit: "gaj",
        items: &[("national-inspection-2019", "V4.3", Severity::Veto)],
        page: format!("{base}/gaj/zcjd/"),
        title: "政策解读".into(),
        message: both("栏目“政策解读”没有内容，也没有情况说明", "The column “政策解读” holds nothing and no note says why"),
        search: None,
        path: vec!["公安局", "政策解读"],
        occurrences: 1,
        subjects: vec!["/gaj/zcjd/".into()],
    });
    // Page faults, the hostile titles among them.
    for n in 0..12 {
        let title = match HOSTILE.get(n) {
            Some(hostile) => format!("关于印发林溪县 {hostile} 的通知"),
            None => format!("林溪县公安局关于做好 2026 年第 {n} 号工作的通知"),
        };
        let search = HOSTILE.get(n).map_or_else(|| format!("林公〔26〕{n}号"), |h| (*h).to_owned());
        add(Spec {
            rule: if n % 3 == 0 { "document-number" } else { "document-element" },
            cause: RootCause::Page,
            certainty: Certainty::Certain,
            unit: "gaj",
            items: local("1.2", Severity::Error),
            page: format!("{base}/gaj/zfxxgk/fdzdgknr/gfxwj/202603/t202603{:02}_{}.html", n + 1, 3000 + n),
            title,
            message: if n % 3 == 0 {
                both(&format!("文号“{search}”年份不是四位"), &format!("The year in “{search}” does not have four digits"))
            } else {
                both("规范性文件缺少“有效性”", "A normative document does not state its validity")
            },
            search: Some(search),
            path: vec!["公安局", "政府信息公开", "法定主动公开内容", "行政规范性文件"],
            occurrences: 1,
            subjects: vec![format!("doc{n}")],
        });
    }
    // Dead links.
    for n in 0..9u64 {
        let external = n >= 4;
        let target =
            if external { format!("http://www.old-partner{n}.example.com/service") } else { format!("{base}/old/{n}.html") };
        add(Spec {
            rule: "dead-link",
            cause: if external { RootCause::External } else { RootCause::Page },
            certainty: Certainty::Certain,
            unit: if n % 2 == 0 { "gaj" } else { "portal" },
            items: local("1.1", Severity::Error),
            page: target.clone(),
            title: format!("友情链接与服务导航（{n}）"),
            message: both(&format!("链接 {target} 无法打开（404）"), &format!("The link to {target} does not open (404)")),
            search: Some(target.trim_start_matches("http://").to_owned()),
            path: vec!["首页", "便民服务"],
            occurrences: 1 + n * 37,
            subjects: vec![target],
        });
    }
    for n in 0..5u64 {
        let target = format!("{base}/gaj/attach/2026/附件{n}.docx");
        add(Spec {
            rule: "dead-attachment",
            cause: RootCause::Attachment,
            certainty: Certainty::Certain,
            unit: "gaj",
            items: local("1.1", Severity::Error),
            page: target.clone(),
            title: format!("2026 年辅警招聘公告（第 {n} 批）"),
            message: both(
                &format!("附件“报名表{n}.docx”无法下载（404）"),
                &format!("The attachment “报名表{n}.docx” cannot be downloaded (404)"),
            ),
            search: Some(format!("报名表{n}.docx")),
            path: vec!["公安局", "通知公告"],
            occurrences: 1,
            subjects: vec![target],
        });
    }
    // Platform, and what is only suspected.
    add(Spec {
        rule: "province-consistency",
        cause: RootCause::Platform,
        certainty: Certainty::Certain,
        unit: "portal",
        items: local("3.2", Severity::Warning),
        page: format!("{base}/"),
        title: "林溪县人民政府".into(),
        message: both(
            "ICP 备案号的省份（京）与网站标识码的省份（皖）不一致",
            "The province of the ICP number (京) differs from that of the site code (皖)",
        ),
        search: Some("京ICP备05000001号".into()),
        path: vec![],
        occurrences: 1,
        subjects: vec!["site".into()],
    });
    for n in 0..3 {
        add(Spec {
            rule: "injected-spam",
            cause: RootCause::Page,
            certainty: Certainty::Suspected,
            unit: "gaj",
            items: &[("national-inspection-2019", "V1.3", Severity::Veto)],
            page: format!("{base}/gaj/jwzx/202602/t2026021{n}_41{n}.html"),
            title: format!("警务资讯 {n}"),
            message: both(
                "页面末尾的隐藏文字与正文无关，指向站外博彩页面",
                "Hidden text at the end of the page has nothing to do with it and points to a gambling site",
            ),
            search: Some("澳门金沙 注册送58".into()),
            path: vec!["公安局", "警务资讯"],
            occurrences: 1,
            subjects: vec![format!("spam{n}")],
        });
    }
    add(Spec {
        rule: "required-column",
        cause: RootCause::Column,
        certainty: Certainty::Suspected,
        unit: "rfb",
        items: local("2.2", Severity::Error),
        page: format!("{base}/rfb/"),
        title: "县人民防空办公室".into(),
        message: both("没有找到栏目“权责清单”", "The column “权责清单” was not found"),
        search: None,
        path: vec!["人防办"],
        occurrences: 1,
        subjects: vec!["rfb".into()],
    });
    specs
}

/// The plan, what judging yielded, and the findings apart.
pub fn judged() -> (Plan, Judged) {
    let checklists: Vec<Checklist> = [NATIONAL, LOCAL]
        .iter()
        .map(|text| {
            let mut checklist: Checklist = toml::from_str(text).expect("the checklist parses");
            checklist.sha256 = "4f".repeat(32);
            checklist
        })
        .collect();
    let mut bound = Vec::new();
    for (index, checklist) in checklists.iter().enumerate() {
        for (item, content) in checklist.items.iter().enumerate() {
            if content.rule_ids().next().is_some() {
                bound.push(Bound { checklist: index, item, judgements: vec![bound.len()] });
            }
        }
    }
    let unit = |id: &str, name: &str, kind: &str, path: &str| Unit {
        id: id.into(),
        name: name.into(),
        kind: Some(kind.into()),
        scope: Scope {
            include: vec![ScopeRule { host: Some(HOST.into()), path: Some(path.into()), ..ScopeRule::default() }],
            exclude: vec![],
        },
    };
    let plan = Plan {
        target: Target::Live(vec![url(&format!("http://{HOST}/"))]),
        scope: Scope::default(),
        units: vec![
            unit("portal", "林溪县人民政府", "county-government", "/"),
            unit("gaj", "林溪县公安局", "public-security-bureau", "/gaj/"),
            unit("rfb", "林溪县人民防空办公室", "civil-air-defence-office", "/rfb/"),
        ],
        operator: "portal".into(),
        checklists,
        judgements: Vec::new(),
        bound,
        gatherings: BTreeSet::from([Gathering::Pages, Gathering::LinkCheck]),
        cadence: None,
        as_of: Some(jiff::civil::date(2026, 3, 20)),
        config: Config::default(),
        book: Default::default(),
        bindings: Vec::new(),
    };
    let mut judged = Judged {
        site: SiteIdentity {
            name: Some("林溪县人民政府".into()), site_id_code: Some("3415260001".into()), platform: None
        },
        ..Judged::default()
    };
    let mut failing: BTreeMap<(usize, String), Tally> = BTreeMap::new();
    for (number, spec) in specs().into_iter().enumerate() {
        let fingerprint = format!("{:016x}", 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(number as u64 + 1));
        for (checklist, item, _) in spec.items {
            let place = plan
                .bound
                .iter()
                .position(|b| {
                    plan.checklists[b.checklist].id == *checklist && plan.checklists[b.checklist].items[b.item].id == *item
                })
                .expect("bound");
            let tally = failing.entry((place, spec.unit.into())).or_default();
            if spec.certainty == Certainty::Suspected {
                tally.suspected += spec.subjects.len() as u64;
            } else {
                tally.failed += spec.subjects.len() as u64;
                tally.failed_subjects.extend(spec.subjects.iter().map(|s| (s.clone(), "bad".to_owned())));
            }
        }
        judged.subject_keys.insert((fingerprint.clone(), spec.unit.into()), spec.subjects.clone());
        judged.findings.push(finding(fingerprint, &plan, spec));
    }
    for (place, _) in plan.bound.iter().enumerate() {
        for unit in ["portal", "gaj", "rfb"] {
            let tally = failing.entry((place, unit.into())).or_default();
            if unit == "rfb" {
                // A bureau of which too little was had.
                tally.passed = 2;
                tally.untested = 9;
                tally.undecided.insert(
                    "页面没有取得：连接超时\nThe page was not obtained: connection timed out".into(),
                    (9, Some(url(&format!("http://{HOST}/rfb/gzdt/index.html")))),
                );
                continue;
            }
            tally.passed = 40;
            if place % 3 == 1 {
                tally.cannot_tell = 2;
                tally.undecided.insert(
                    "列表由脚本生成，静态页面看不到\nThe list is filled by script and not in the static page".into(),
                    (2, Some(url(&format!("http://{HOST}/{unit}/list.html")))),
                );
            }
        }
    }
    failing.values_mut().for_each(|t| t.failed = t.failed_subjects.len() as u64);
    judged.tallies = failing;
    (plan, judged)
}

fn finding(fingerprint: String, plan: &Plan, spec: Spec) -> Finding {
    let basis = |checklist: &str, item: &str| {
        let checklist = plan.checklists.iter().find(|c| c.id == checklist).expect("checklist");
        checklist.items.iter().find(|i| i.id == item).expect("item").source.clone()
    };
    let items = spec.items.iter().map(|(checklist, item, severity)| FindingItem {
        checklist: (*checklist).into(),
        item: (*item).into(),
        severity: *severity,
        points: None,
        basis: basis(checklist, item),
    });
    let path: Vec<String> = spec.path.iter().map(|s| (*s).to_owned()).collect();
    let locations = (0..spec.occurrences.min(50)).map(|n| Location {
        url: if n == 0 { url(&format!("http://{HOST}/gaj/a.html")) } else { url(&format!("http://{HOST}/list/p{n}.html")) },
        selector: Some(format!("#footer > ul:nth-of-type({})", n + 1)),
        line: Some(120 + n as u32),
        text: spec.search.clone(),
        column_path: path.clone(),
    });
    let mut evidence = BTreeMap::from([
        ("status".to_owned(), "404".to_owned()),
        ("first look".to_owned(), "2026-03-20T09:14:05+08:00".to_owned()),
    ]);
    evidence.insert("quoted".into(), spec.search.clone().unwrap_or_default());
    Finding {
        fingerprint,
        rule: spec.rule.into(),
        severity: spec.items.iter().map(|i| i.2).max().expect("items"),
        certainty: spec.certainty,
        outcome: Outcome::Failed,
        items: items.collect(),
        unit: spec.unit.into(),
        responsible: if spec.cause == RootCause::Platform { "portal".into() } else { spec.unit.into() },
        root_cause: spec.cause,
        url: url(&spec.page),
        page_title: Some(spec.title),
        message: spec.message,
        fix: fix(spec.rule),
        locations: locations.collect(),
        occurrences: spec.occurrences,
        evidence,
        publish_date: Some("2026-03-11".into()),
        list_page: Some(url(&format!("http://{HOST}/gaj/zfxxgk/index.html"))),
        state: None,
        first_seen: None,
        last_seen: None,
    }
}

pub fn info(complete: bool) -> RunInfo {
    RunInfo {
        id: "urn:uuid:7c1f0f3a-2a6c-4c6e-9d3b-0a2d6f1b9e55".into(),
        started_at: "2026-03-20T01:12:44Z".parse().expect("instant"),
        finished_at: "2026-03-20T01:39:02Z".parse().expect("instant"),
        complete,
        capture_sha256: "9b".repeat(32),
        seeds: vec![url(&format!("http://{HOST}/"))],
        gatherings: vec![Gathering::Pages, Gathering::LinkCheck],
        inputs: BTreeMap::new(),
        shrunk: None,
    }
}

/// The whole report.
pub fn report() -> Report {
    let (plan, mut judged) = judged();
    let mut findings = std::mem::take(&mut judged.findings);
    let scorecards = xuncha::score::score(&plan, &judged, &mut findings);
    judged.findings = findings;
    let coverage = Coverage {
        discovered: 431,
        fetched: 402,
        unfetched: BTreeMap::from([("read-timeout".into(), 17), ("robots".into(), 9), ("tls".into(), 3)]),
        truth: Truths {
            works: 393,
            dead: BTreeMap::from([("404".into(), 5)]),
            unverified: BTreeMap::from([
                ("read-timeout".into(), 17),
                ("robots".into(), 9),
                ("challenge".into(), 4),
                ("tls".into(), 3),
            ]),
            unverified_share: 0.0766,
        },
        external: ExternalCoverage {
            discovered: 58,
            fetched: 49,
            unfetched: BTreeMap::from([("name-not-found".into(), 5), ("connect-timeout".into(), 4)]),
            truth: Truths {
                works: 49,
                dead: BTreeMap::from([("name-not-found".into(), 5)]),
                unverified: BTreeMap::from([("connect-timeout".into(), 4)]),
                unverified_share: 0.069,
            },
        },
    };
    Report::build(&plan, &info(true), judged, scorecards, coverage, None)
}

/// A site that answered nothing.
pub fn nothing() -> Report {
    let (mut plan, _) = judged();
    plan.units.truncate(1);
    let mut judged = Judged::default();
    for place in 0..plan.bound.len() {
        let mut tally = Tally { untested: 1, ..Tally::default() };
        tally.undecided.insert("首页没有取得\nThe home page was not obtained".into(), (1, None));
        judged.tallies.insert((place, "portal".into()), tally);
    }
    let scorecards = xuncha::score::score(&plan, &judged, &mut []);
    let coverage = Coverage {
        discovered: 1,
        fetched: 0,
        unfetched: BTreeMap::from([("connect-timeout".into(), 1)]),
        truth: Truths { unverified: BTreeMap::from([("connect-timeout".into(), 1)]), unverified_share: 1.0, ..Truths::default() },
        external: ExternalCoverage::default(),
    };
    Report::build(&plan, &info(false), judged, scorecards, coverage, None)
}

/// A site in order.
pub fn clean() -> Report {
    let (mut plan, _) = judged();
    plan.units.truncate(1);
    plan.checklists[0].items.remove(0);
    plan.bound.iter_mut().filter(|b| b.checklist == 0).for_each(|b| b.item -= 1);
    let mut judged = Judged {
        site: SiteIdentity { name: Some("林溪县人民政府".into()), site_id_code: None, platform: None },
        ..Judged::default()
    };
    for place in 0..plan.bound.len() {
        judged.tallies.insert((place, "portal".into()), Tally { passed: 30, ..Tally::default() });
    }
    let scorecards = xuncha::score::score(&plan, &judged, &mut []);
    let coverage = Coverage { discovered: 120, fetched: 120, ..Coverage::default() };
    Report::build(&plan, &info(true), judged, scorecards, coverage, Some(Vec::new()))
}
