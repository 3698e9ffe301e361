//! Page facts on pages written for this test, each after a shape that real sites use.

use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::document_kind::DocumentKind;
use xuncha::facts::header::Field;
use xuncha::facts::links::{Region, Role};
use xuncha::facts::page_kind::PageKind;
use xuncha::facts::{Page, page};
use xuncha::url::CanonicalUrl;

fn exchange(url: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Exchange {
    Exchange {
        url: CanonicalUrl::parse(url).expect("a URL"),
        method: Method::Get,
        gathering: Gathering::Pages,
        status: 200,
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        body: body.into().into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        hops: 1,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: None,
        profile: Default::default(),
    }
}

fn read(url: &str, body: &str) -> Page {
    page::read(&exchange(url, &[("content-type", "text/html; charset=utf-8")], body)).expect("a page")
}

const TEXT: &str = "为进一步规范全市人民防空工程建设管理，提高防护能力，根据有关法律法规，结合本市实际，制定本办法。本办法自印发之日起施行，有效期五年。各县区人防部门要加强领导，精心组织，确保各项任务落到实处，并于每季度末报送进展情况。";

fn article(header: &str) -> Page {
    read(
        "http://rf.xuncha-demo.gov.cn/zwgk/t20260105_1.html",
        &format!(
            "<html><head><title>关于印发管理办法的通知_某市人防办</title></head><body><div class=main>{header}<h1>关于印发管理办法的通知</h1><div id=zoom><p>{TEXT}</p><p>{TEXT}</p></div></div></body></html>"
        ),
    )
}

#[test]
fn header_shapes() {
    let shapes = [
        "<table><tr><td><b>索 引 号：</b></td><td>11341600762764234C/202601-00008</td><td><b>主题分类：</b></td><td>国防</td></tr><tr><td>发布机构：</td><td>某市人民防空办公室</td><td>成文日期：</td><td>2026年1月4日</td></tr><tr><td>文　　号：</td><td></td><td>发布日期：</td><td>2026年1月5日</td></tr></table>",
        "<table><tr><td width=50%><B>索 引 号:</B> 11341600762764234C/202601-00008</td><td><B>主题分类:</B> 国防</td></tr><tr><td><B>发布机构:</B> 某市人民防空办公室</td><td><B>成文日期:</B> 2026年1月4日</td></tr><tr><td><b>文 号:</b></td><td><b>发布日期:</b> 2026-01-05</td></tr></table>",
        "<table><tr><td>索引号</td><td>11341600762764234C/202601-00008</td><td>主题分类</td><td>国防</td></tr><tr><td>发布机构</td><td>某市人民防空办公室</td><td>成文日期</td><td>2026-01-04</td></tr><tr><td>文号</td><td></td><td>发布日期</td><td>2026-01-05</td></tr></table>",
        "<ul><li><b>索引号：</b><span>11341600762764234C/202601-00008</span></li><li><b>主题分类：</b><span>国防</span></li><li><b>发布机构：</b>某市人民防空办公室</li><li><b>成文日期：</b>2026-01-04</li><li><b>文号：</b></li><li><b>发布日期：</b>2026-01-05</li></ul>",
        "<ul><li><strong>索引号</strong><span>11341600762764234C/202601-00008</span></li><li><strong>主题分类</strong><span>国防</span></li><li><strong>发布机构</strong><span>某市人民防空办公室</span></li><li><strong>成文日期</strong><span>2026-01-04</span></li><li><strong>文 号</strong><span></span></li><li><strong>发布日期</strong><span>2026-01-05</span></li></ul>",
        "<div class=col-item>索 引 号：<label>11341600762764234C/202601-00008</label></div><div class=col-item>主题分类：<label>国防</label></div><div class=col-item>发布机构：<label>某市人民防空办公室</label></div><div class=col-item>成文日期：<label>2026-01-04</label></div><div class=col-item>文号：<label></label></div><div class=col-item>发布日期：<label>2026-01-05</label></div>",
        "<pre>索引号 11341600762764234C/202601-00008 主题分类 国防\n发布机构 某市人民防空办公室 文号\n成文日期 2026-01-04 发布日期 2026-01-05</pre>",
        "<dl><dt>索引号：</dt><dd>11341600762764234C/202601-00008</dd><dt>主题分类：</dt><dd>国防</dd><dt>发布机构：</dt><dd>某市人民防空办公室</dd><dt>成文日期：</dt><dd>2026-01-04</dd><dt>文号：</dt><dd></dd><dt>发布日期：</dt><dd>2026-01-05</dd></dl>",
        "<p>索引號：11341600762764234C/202601-00008</p><p>主題分類：国防</p><p>發布機構：某市人民防空办公室</p><p>成文日期：2026-01-04</p><p>文號：</p><p>發布日期：2026-01-05</p>",
    ];
    for shape in shapes {
        let page = article(shape);
        assert!(page.header.block, "{shape}");
        assert_eq!(page.index_number(), Some("11341600762764234C/202601-00008"), "{shape}");
        assert_eq!(page.issuing_body(), Some("某市人民防空办公室"), "{shape}");
        assert_eq!(page.header.value(Field::Topic), Some("国防"), "{shape}");
        let number = page.header.entry(Field::DocumentNumber).expect(shape);
        assert_eq!(number.value, "", "present and empty: {shape}");
        assert!(page.header.entry(Field::Validity).is_none(), "absent: {shape}");
        assert_eq!(page.written_date().map(|d| d.to_string()).as_deref(), Some("2026-01-04"), "{shape}");
        assert_eq!(page.publish_date().map(|d| d.to_string()).as_deref(), Some("2026-01-05"), "{shape}");
        assert_eq!(page.kind, PageKind::Article, "{shape}");
        assert_eq!(page.title(), "关于印发管理办法的通知", "{shape}");
    }
}

#[test]
fn what_is_no_header_block() {
    let info = article("<p class=info>来源：某市人防办 发布时间：2026-01-05 10:20 浏览次数：12</p>");
    assert!(!info.header.block);
    assert_eq!(info.source(), Some("某市人防办"));
    assert_eq!(info.publish_date().map(|d| d.to_string()).as_deref(), Some("2026-01-05"));
    assert_eq!(info.dates[0].time.as_deref(), Some("10:20"));

    let empty = article("<p class=info>来源： 发布时间：2026-01-05</p>");
    assert_eq!(empty.header.entry(Field::Source).map(|v| v.value.as_str()), Some(""));
    assert_eq!(empty.source(), None);

    let search = article(
        "<form><p>索引号：<input name=a></p><p>文号：<input name=b></p><p>发布机构：<select><option>某局</option></select></p></form>",
    );
    assert!(search.header.values.is_empty(), "{:?}", search.header.values);

    let headings = read(
        "http://x.xuncha-demo.gov.cn/list.html",
        "<title>目录</title><table><tr><th>索引号</th><th>名称</th><th>文号</th><th>发布日期</th></tr><tr><td>1/2026-00001</td><td><a href=1.html>关于一件事情的通知</a></td><td>某发〔2026〕1号</td><td>2026-01-05</td></tr><tr><td>1/2026-00002</td><td><a href=2.html>关于两件事情的通知</a></td><td>某发〔2026〕2号</td><td>2026-01-06</td></tr></table>",
    );
    assert!(!headings.header.block, "{:?}", headings.header.values);
}

#[test]
fn a_visible_date_wins_over_the_meta() {
    let page = read(
        "http://x.xuncha-demo.gov.cn/a/t20260105_1.html",
        &format!(
            "<head><title>某项工作</title><meta name=PubDate content='2026-02-20 12:00'></head><h1>某项工作顺利完成</h1><p>2026-01-05 来源：某科</p><div id=zoom><p>{TEXT}</p></div>"
        ),
    );
    assert_eq!(page.publish_date().map(|d| d.to_string()).as_deref(), Some("2026-01-05"));
    assert!(page.dates.iter().any(|d| d.date.to_string() == "2026-02-20"), "the meta stays on record");
}

#[test]
fn main_list_is_told_from_navigation_and_sidebar() {
    let rows: String = (1..=8)
        .map(|n| format!("<li><span>2026-03-0{n}</span><a href='t2026030{n}_{n}.html' title='某市公安局召开第{n}次全市公安工作会议部署重点任务'>某市公安局召开第{n}次全市公安工作…</a></li>"))
        .collect();
    let navigation: String = ["首页", "政务公开", "警务动态", "办事服务", "警民互动", "专题专栏"]
        .iter()
        .map(|n| format!("<li><a href='/{n}/'>{n}</a></li>"))
        .collect();
    let page = read(
        "http://gaj.xuncha-demo.gov.cn/jwdt/",
        &format!(
            "<title>警务动态-某市公安局</title><meta name=ColumnName content=警务动态><div class=nav><ul>{navigation}</ul></div><div class=left><ul>{navigation}</ul></div><div class=crumb>当前位置：<a href=/>首页</a> &gt; <a href=/zwgk/>政务公开</a> &gt; 警务动态</div><div class=list><ul><li><span>2019-01-01</span><a href=t20190101_9.html>[置顶]长期有效的重要通告请广大市民周知</a></li>{rows}</ul></div><div class=page><a href=index_1.html>2</a><a href=index_1.html>下一页</a> 共2页</div>"
        ),
    );
    assert_eq!(page.kind, PageKind::Column);
    let list = page.list.expect("a list");
    assert_eq!(list.items.len(), 9);
    assert_eq!(list.items[1].title, "某市公安局召开第1次全市公安工作会议部署重点任务", "the full title attribute");
    assert_eq!(list.newest().map(|d| d.to_string()).as_deref(), Some("2026-03-08"), "the pinned row does not count");
    assert_eq!(list.paging.len(), 1);
    assert_eq!(list.page_count, Some(2));
    assert!(!list.script_filled);
    let names: Vec<String> = page.breadcrumb.expect("a trail").steps.into_iter().map(|s| s.name).collect();
    assert_eq!(names, ["首页", "政务公开", "警务动态"]);
}

#[test]
fn lists_without_rows() {
    let empty = "<title>法规</title><meta name=ColumnName content=政策法规><div class=list><ul></ul></div>";
    let list = |body: &str| read("http://x.xuncha-demo.gov.cn/zcfg/", body).list.expect("a list");
    assert!(list(empty).items.is_empty() && !list(empty).script_filled && list(empty).note.is_none());
    let scripted = list(&format!("{empty}<script>$.ajax({{url:'/api/list',success:function(d){{render(d)}}}})</script>"));
    assert!(scripted.script_filled && scripted.items.is_empty());
    let noted = list(&format!("{empty}<p>情况说明：本年度我局未制定规范性文件。</p>"));
    assert!(noted.note.is_some_and(|n| n.contains("情况说明")));
}

#[test]
fn calendar_rows_and_dates_of_links() {
    let page = read(
        "http://x.xuncha-demo.gov.cn/tzgg/index.html",
        "<title>通知公告</title><ul class=news><li><div><b>15</b><i>2026-02</i></div><a href=a.html>关于开展防空警报试鸣的公告</a></li><li><div><b>03</b><i>2026-01</i></div><a href=b.html>关于招录工作人员的公告事项</a></li><li><a href=t20251230_1.html>关于年终考核工作的通知要求</a><span>12-30</span></li></ul>",
    );
    let dates: Vec<Option<String>> = page.list.expect("a list").items.iter().map(|i| i.date.map(|d| d.to_string())).collect();
    assert_eq!(dates, [Some("2026-02-15".into()), Some("2026-01-03".into()), Some("2025-12-30".into())]);
}

#[test]
fn footer_elements() {
    let page = read(
        "http://rf.xuncha-demo.gov.cn/",
        r#"<title>某市人防办</title><body><div class=main><p>要闻</p></div><div class=footer><p>主办单位：某市人民防空办公室　电话：0558-1234567</p>
        <p>网站标识码：<span>3416000012</span> <a href="https://beian.miit.gov.cn">皖<span>ICP</span>备<span>05001234</span>号<span>-1</span></a>
        <a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=34160002000001">皖公网安备
        <br> 34160002000001号</a></p><a href="https://bszs.conac.cn/sitename?method=show&id=1"><img src="https://dcs.conac.cn/image/red.png"></a>
        <a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=3416000099"><img alt="我为政府网站找错" src=j.png></a>
        <a href=/map.html>网站地图</a><a href=/wza/>无障碍</a></div>"#,
    );
    let footer = page.footer;
    assert_eq!(footer.site_id_code.as_deref(), Some("3416000012"));
    assert_eq!(footer.icp.as_deref(), Some("皖ICP备05001234号-1"));
    assert_eq!(footer.police.as_deref(), Some("34160002000001"));
    assert!(footer.police_text.is_some_and(|t| t.starts_with('皖')));
    assert_eq!(footer.police_link_code.as_deref(), Some("34160002000001"));
    assert_eq!(footer.sponsor.as_deref(), Some("某市人民防空办公室"));
    assert!(footer.contact.is_some_and(|c| c.contains("0558")));
    assert_eq!(footer.error_report_code.as_deref(), Some("3416000099"));
    assert!(footer.party_government_mark.is_some() && footer.accessibility.is_some() && footer.site_map.is_some());
    assert!(!footer.scripted);
    let bare = read("http://rf.xuncha-demo.gov.cn/", "<p>x</p><script src=/js/footer.js></script>").footer;
    assert!(bare.scripted && bare.icp.is_none());
}

#[test]
fn links_with_their_position() {
    let page = read(
        "http://x.xuncha-demo.gov.cn/a/b.html",
        "<html><head><base href='/c/'></head>\n<body><div class=nav><a href='d.html'>导航</a></div>\n<div id=main><p><a href='d.html'>正文</a> <a href='mailto:a@b.cn'>信</a></p>\n<p style='display:none'><a href='http://bad.example/'>CBA</a></p><img src=p.png alt=图></div><div class=footer><a href='javascript:void(0)'>x</a></div>",
    );
    let first = &page.links[0];
    assert_eq!(first.target.as_ref().map(|t| t.as_str()), Some("http://x.xuncha-demo.gov.cn/c/d.html"));
    assert_eq!((first.times, first.region, first.line), (2, Region::Header, Some(2)));
    let hidden = page.links.iter().find(|l| l.text == "CBA").expect("the hidden link");
    assert_eq!(hidden.hidden.as_deref(), Some("display-none"));
    assert_eq!((hidden.region, hidden.line), (Region::Main, Some(4)));
    assert_eq!(hidden.selector, "#main > p:nth-of-type(2) > a:nth-of-type(1)");
    assert!(page.links.iter().any(|l| l.role == Role::Image && l.text == "图"));
    assert!(
        page.links.iter().filter(|l| l.raw.contains(':') && l.target.is_none()).count() == 2,
        "mailto and javascript have no target"
    );
}

#[test]
fn document_kinds() {
    let kind = |crumbs: &str, title: &str, header: &str| {
        let page = read(
            "http://x.xuncha-demo.gov.cn/zw/t20260105_1.html",
            &format!(
                "<title>{title}_某局</title><div class=crumb>当前位置：<a href=/>首页</a> &gt; {crumbs}</div><h1>{title}</h1>{header}<p>发布时间：2026-01-05</p><div id=zoom><p>{TEXT}</p></div>"
            ),
        );
        (page.document_kind.kind, page.document_kind.sure)
    };
    let normative = "<a href=/gfxwj/>行政规范性文件</a>";
    let number = "<p>索引号：1/2026-00001</p><p>文号：某发〔2026〕1号</p>";
    assert_eq!(kind(normative, "关于印发某某管理办法的通知", number), (DocumentKind::NormativeDocument, true));
    assert_eq!(
        kind("<a href=/gfxwjql/>规范性文件清理</a>", "关于公布清理结果的通知", number),
        (DocumentKind::OtherDocument, true)
    );
    assert_eq!(kind("<a href=/bmwj/>部门文件</a>", "关于做好某项工作的通知", number), (DocumentKind::OtherDocument, true));
    assert_eq!(kind("<a href=/zcjd/>政策解读</a>", "《某某管理办法》政策解读", ""), (DocumentKind::Interpretation, true));
    assert_eq!(
        kind("<a href=/yjzj/>意见征集</a>", "关于公开征求《某办法（征求意见稿）》意见的公告", ""),
        (DocumentKind::Solicitation, true)
    );
    assert_eq!(kind("<a href=/jgfk/>结果反馈</a>", "《某办法》征求意见采纳情况", ""), (DocumentKind::SolicitationResult, true));
    assert_eq!(
        kind("<a href=/nb/>政府信息公开年报</a>", "某局2025年政府信息公开工作年度报告", ""),
        (DocumentKind::AnnualReport, true)
    );
    assert_eq!(kind("<a href=/tzgg/>通知公告</a>", "出租汽车运价调整方案公示", ""), (DocumentKind::Announcement, true));
    assert_eq!(kind("<a href=/jwdt/>警务动态</a>", "我局召开全市工作会议", ""), (DocumentKind::News, true));
    assert!(!kind("<a href=/qt/>其他</a>", "我局召开全市工作会议", "").1);
}

#[test]
fn kinds_told_by_a_form_of_words() {
    use DocumentKind::*;
    let kind = |column: &str, title: &str, text: &str| {
        let page = read(
            "http://x.xuncha-demo.gov.cn/zw/t20260105_1.html",
            &format!(
                "<title>{title}_某局</title><div class=crumb>当前位置：<a href=/>首页</a> &gt; <a href=/c/>{column}</a></div><h1>{title}</h1><p>发布时间：2026-01-05</p><div id=zoom><p>{TEXT}</p>{text}</div>"
            ),
        );
        assert_eq!(page.kind, PageKind::Article, "{title}");
        (page.document_kind.kind, page.document_kind.sure)
    };
    for (column, title, expected) in [
        ("办事指南", "居住证申领办事指南", ServiceGuide),
        ("信息公开", "某市公安局政府信息公开指南（2026年版）", DisclosureGuide),
        ("机构信息", "某市公安局机构职能", Institution),
        ("领导信息", "党委书记、局长 张三", LeaderProfile),
        ("领导信息", "李某某", LeaderProfile),
        ("财政信息", "某市公安局2026年部门预算公开", Budget),
        ("部门预决算", "某市公安局2024年度部门决算", FinalAccounts),
        ("建议提案", "对市政协十三届四次会议第0123号提案的答复", ProposalReply),
        ("公开公示", "关于市十五届人大三次会议第45号建议的答复函", ProposalReply),
        ("通知公告", "某市公安局2026年公开招聘警务辅助人员公告", Recruitment),
        ("通知公告", "2025年度考试录用公务员拟录用人员公示", Recruitment),
        ("双公示", "某某公司未按规定登记案行政处罚决定书", Penalty),
        ("行政处罚", "某某商贸有限公司（某公罚决字〔2026〕12号）", Penalty),
        ("行政许可", "2026年1月行政许可决定公示", Permit),
        ("政府采购", "执法记录仪采购项目中标公告", Procurement),
        ("双随机、一公开", "2025年第四季度双随机抽查结果公示", Inspection),
        ("收费信息", "行政事业性收费目录清单（2026年）", Fee),
        ("规划计划", "某市公安局2026年工作要点", Plan),
        ("应急管理", "某市公安局突发事件应急预案", EmergencyPlan),
        ("网站年报", "政府网站工作年度报表（2025年度）", SiteStatement),
    ] {
        assert_eq!(kind(column, title, ""), (expected, true), "{column}: {title}");
    }
    // The text says what the title does not.
    let letter = "<p>来信时间：2026-01-02</p><p>来信内容：路灯不亮</p><p>答复内容：已修复</p>";
    assert_eq!(kind("局长信箱", "路灯问题", letter), (Letter, true));
    let penalty = "<table><tr><td>行政处罚决定书文号</td><td>某罚〔2026〕1号</td></tr><tr><td>处罚事由</td><td>未登记</td></tr><tr><td>处罚依据</td><td>某条例</td></tr></table>";
    assert_eq!(kind("信用信息", "某某商贸有限公司", penalty), (Penalty, true));
    // Near-misses: about the matter, but no such document.
    for (column, title, other) in [
        ("行政处罚", "行政处罚自由裁量基准", Penalty),
        ("工作动态", "我局公布一批行政处罚决定", Penalty),
        ("政策解读", "《2026年部门预算》解读", Budget),
        ("财政信息", "关于做好2026年部门预算编制工作的通知", Budget),
        ("通知公告", "关于科技节水建议的复函", ProposalReply),
        ("领导信息", "张三调研基层派出所", LeaderProfile),
        ("机构信息", "关于调整内设机构的通知", Institution),
        ("办事指南", "关于暂停办理部分业务的公告", ServiceGuide),
        ("应急管理", "我局开展应急预案演练", EmergencyPlan),
        ("政府采购", "政府采购管理办法", Procurement),
        ("工作动态", "市局召开2026年工作要点部署会", Plan),
        ("局长信箱", "局长信箱使用说明", Letter),
    ] {
        assert_ne!(kind(column, title, ""), (other, true), "{column}: {title}");
    }
    // The column alone is no proof.
    assert!(!kind("行政许可", "某某有限公司", "").1);
}

#[test]
fn a_column_that_is_a_text_is_a_standing_disclosure() {
    let kind = |title: &str, body: &str| {
        let page = read(
            "http://x.xuncha-demo.gov.cn/jgzn/",
            &format!(
                "<title>{title}_某局</title><meta name=ColumnName content='{title}'><div class=crumb>当前位置：<a href=/>首页</a> &gt; {title}</div>{body}"
            ),
        );
        (page.kind, page.document_kind.kind, page.document_kind.sure)
    };
    let text = format!("<div id=zoom><p>{TEXT}</p><p>办公地址：某路1号</p><p>联系电话：0558-0000000</p></div>");
    assert_eq!(kind("机构职能", &text), (PageKind::Column, DocumentKind::Institution, true));
    let list = "<ul><li><a href=1.html>关于内设机构调整的说明文字一</a><span>2026-01-05</span></li><li><a href=2.html>关于内设机构调整的说明文字二</a><span>2026-01-04</span></li></ul>";
    assert_eq!(kind("机构职能", list).1, DocumentKind::Unknown);
}

#[test]
fn attachments_by_path_query_and_name() {
    let page = article(
        "<p>附件：<a href='P020260105.docx'>办法.docx</a> <a href='/download.jsp?name=a.pdf'>表格</a> <a href='/downfile/123'>名单.xls</a> <a href='a.html'>页面.html</a></p>",
    );
    let found: Vec<(String, String)> = page.attachments.into_iter().map(|a| (a.extension, a.name)).collect();
    assert_eq!(found, [("docx".into(), "办法.docx".into()), ("pdf".into(), "表格".into()), ("xls".into(), "名单.xls".into())]);
}

#[test]
fn compressed_bodies() {
    use std::io::Write;
    let html = "<!doctype html><title>压缩的页面</title><p>x</p>";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(html.as_bytes()).expect("compresses");
    let body = gzip.finish().expect("compresses");
    let page =
        page::read(&exchange("http://x.xuncha-demo.gov.cn/", &[("content-encoding", "gzip")], body.clone())).expect("a page");
    assert_eq!((page.document.title.as_str(), page.bytes), ("压缩的页面", html.len() as u64));
    let truncated = body[..body.len() - 12].to_vec();
    assert!(page::read(&exchange("http://x.xuncha-demo.gov.cn/", &[("content-encoding", "gzip")], truncated)).is_none());
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    deflate.write_all(html.as_bytes()).expect("compresses");
    let body = deflate.finish().expect("compresses");
    assert!(page::read(&exchange("http://x.xuncha-demo.gov.cn/", &[("content-encoding", "deflate")], body)).is_some());
}

#[test]
fn facts_survive_storage() {
    let page = article("<p>索引号：1/2026-00001</p><p>文号：某发〔2026〕1号</p>");
    let text = serde_json::to_string(&page).expect("serialises");
    let back: Page = serde_json::from_str(&text).expect("reads back");
    assert_eq!(back, page);
}
