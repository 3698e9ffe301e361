//! Site facts from pages and URL states made by hand: link targets, columns, membership, the home page.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use xuncha::checklist::columns::{ColumnBook, ColumnMatch};
use xuncha::exchange::Gathering;
use xuncha::facts::attachments::Attachment;
use xuncha::facts::breadcrumb::{Breadcrumb, Crumb};
use xuncha::facts::column_list::{ColumnList, ListItem};
use xuncha::facts::dates::{DateFact, DateOrigin};
use xuncha::facts::links::{Link, Region, Role};
use xuncha::facts::meta::MetaTag;
use xuncha::facts::page_kind::PageKind;
use xuncha::facts::site::{Look, SiteBuilder, TargetOutcome, UrlState};
use xuncha::facts::{Page, Site};
use xuncha::judge::memory::blank;
use xuncha::unfetched::Reason;
use xuncha::url::CanonicalUrl;

fn url(path: &str) -> CanonicalUrl {
    let whole = if path.starts_with('/') { format!("http://www.x.gov.cn{path}") } else { path.to_owned() };
    CanonicalUrl::parse(&whole).expect("parses")
}

fn link(target: &str, text: &str) -> Link {
    Link {
        target: Some(url(target)),
        raw: target.to_owned(),
        text: text.to_owned(),
        title: None,
        role: Role::Anchor,
        region: Region::Main,
        rel: Vec::new(),
        hidden: None,
        selector: "a".into(),
        line: Some(1),
        times: 1,
        other_texts: Vec::new(),
    }
}

fn article(path: &str, day: Date) -> Page {
    let mut page = blank(url(path));
    page.kind = PageKind::Article;
    page.document.best_title = format!("标题 {path}");
    let text = day.to_string();
    page.dates = vec![DateFact { date: day, time: None, origin: DateOrigin::VisibleLabel, label: "发布日期".into(), text }];
    page
}

fn column(path: &str, name: &str, rows: &[(&str, Option<Date>)]) -> Page {
    let mut page = blank(url(path));
    page.kind = PageKind::Column;
    page.document.best_title = name.to_owned();
    page.meta = vec![MetaTag { name: "ColumnName".into(), content: name.to_owned() }];
    let items = rows.iter().map(|(to, date)| ListItem { title: format!("行 {to}"), url: Some(url(to)), date: *date }).collect();
    page.list = Some(ColumnList { items, ..ColumnList::default() });
    page
}

fn trail(page: &mut Page, steps: &[(&str, Option<&str>)]) {
    let steps = steps.iter().map(|(name, to)| Crumb { name: (*name).into(), url: to.map(url) }).collect();
    page.breadcrumb = Some(Breadcrumb { steps });
}

fn answered(status: u16) -> Look {
    Look::Answered { status, redirect: None, media_type: None, challenge: None, at: Timestamp::UNIX_EPOCH }
}

fn moved(to: &str) -> Look {
    Look::Answered { status: 302, redirect: Some(url(to)), media_type: None, challenge: None, at: Timestamp::UNIX_EPOCH }
}

fn unfetched(reason: Reason) -> Look {
    Look::Unfetched { reason, detail: String::new(), attempts: 1, at: Timestamp::UNIX_EPOCH }
}

fn state(path: &str, looks: Vec<Look>) -> UrlState {
    UrlState { url: url(path), gathering: Gathering::Pages, hops: 1, via: None, looks }
}

fn fold(pages: &[Page], states: &[UrlState]) -> Site {
    let book = ColumnBook::load();
    let own = |url: &CanonicalUrl| url.host().ends_with("x.gov.cn");
    let mut builder = SiteBuilder::new(own, &book).homes(vec![url("/")]).until(date(2026, 3, 20));
    let mut pages = pages.to_vec();
    pages.sort_by(|a, b| a.url.cmp(&b.url));
    pages.iter().for_each(|page| builder.add_page(page));
    states.iter().for_each(|state| builder.add_state(state));
    builder.finish()
}

/// What a link to `/a` leads to.
fn outcome(states: &[UrlState]) -> TargetOutcome {
    let mut page = blank(url("/p.html"));
    page.links = vec![link("/a", "甲")];
    fold(&[page], states).targets[&url("/a")].outcome.clone()
}

fn dead(cause: &str) -> TargetOutcome {
    TargetOutcome::Dead { cause: cause.into() }
}

fn blocked(cause: &str) -> TargetOutcome {
    TargetOutcome::Blocked { cause: cause.into() }
}

#[test]
fn two_looks_that_agree_are_dead_and_nothing_else_is() {
    for (looks, expected) in [
        (vec![answered(200)], TargetOutcome::Works { status: 200 }),
        (vec![answered(404), answered(404)], dead("404")),
        (vec![answered(404), answered(410)], dead("410")),
        (vec![answered(404)], blocked("one-look")),
        (vec![answered(404), unfetched(Reason::Stopped)], blocked("one-look")),
        (vec![answered(404), answered(200)], TargetOutcome::Works { status: 200 }),
        (vec![answered(404), answered(503)], blocked("503")),
        (vec![answered(503), answered(404)], blocked("503")),
        (vec![answered(404), unfetched(Reason::NameNotFound)], blocked("looks-differ")),
        (vec![unfetched(Reason::NameNotFound), unfetched(Reason::NameNotFound)], dead("name-not-found")),
        (vec![unfetched(Reason::Refused), unfetched(Reason::Refused)], blocked("refused")),
        (vec![unfetched(Reason::ConnectTimeout)], blocked("connect-timeout")),
        (vec![unfetched(Reason::Robots)], blocked("robots")),
        (vec![answered(403), answered(403)], blocked("403")),
        (vec![answered(412)], blocked("412")),
        (vec![unfetched(Reason::Budget)], TargetOutcome::Unseen { cause: "budget".into() }),
        (vec![unfetched(Reason::NotRequested)], TargetOutcome::Unseen { cause: "not-requested".into() }),
    ] {
        let shown = format!("{looks:?}");
        assert_eq!(outcome(&[state("/a", looks)]), expected, "{shown}");
    }
    assert_eq!(outcome(&[]), TargetOutcome::Unseen { cause: "not-looked-at".into() });
}

#[test]
fn a_chain_ends_by_its_last() {
    let to_b = state("/a", vec![moved("/b")]);
    assert_eq!(outcome(&[to_b.clone(), state("/b", vec![answered(200)])]), TargetOutcome::Works { status: 200 });
    assert_eq!(outcome(&[to_b.clone(), state("/b", vec![answered(404), answered(404)])]), dead("404"));
    assert_eq!(outcome(&[to_b.clone(), state("/b", vec![answered(404)])]), blocked("one-look"));
    assert_eq!(outcome(std::slice::from_ref(&to_b)), TargetOutcome::Unseen { cause: "redirect-unseen".into() });
    assert_eq!(outcome(&[to_b.clone(), state("/b", vec![moved("/a")])]), blocked("one-look"));
    assert_eq!(outcome(&[to_b.clone(), state("/b", vec![moved("/a"), moved("/a")])]), dead("redirect-loop"));
    let circle = state("/b", vec![unfetched(Reason::RedirectLoop), unfetched(Reason::RedirectLoop)]);
    assert_eq!(outcome(&[to_b.clone(), circle]), dead("redirect-loop"));
    let login = [state("/a", vec![moved("/sso/login?to=a")]), state("/sso/login?to=a", vec![answered(200)])];
    assert_eq!(outcome(&login), blocked("login-wall"));
    let wall = Look::Answered {
        status: 200,
        redirect: None,
        media_type: None,
        challenge: Some("script".into()),
        at: Timestamp::UNIX_EPOCH,
    };
    assert_eq!(outcome(&[state("/a", vec![wall])]), blocked("challenge-script"));
}

#[test]
fn targets_count_every_link_and_keep_fifty_sources() {
    let mut pages = Vec::new();
    for n in 0..60 {
        let mut page = blank(url(&format!("/p{n:02}.html")));
        page.links = vec![Link { times: 2, ..link("/gone.html", "旧页") }, link("/files/a.pdf", "附件")];
        page.links.push(Link { role: Role::Guess, ..link("/guess.html", "") });
        page.links.push(Link { hidden: Some("display:none".into()), ..link("/gone.html", "旧页") });
        page.links.push(link("http://other.cn/x", "外部"));
        page.links.push(link("/down?id=1", "表格"));
        page.attachments = vec![Attachment { url: url("/down?id=1"), name: "表格".into(), extension: "doc".into() }];
        pages.push(page);
    }
    let site = fold(&pages, &[]);
    let gone = &site.targets[&url("/gone.html")];
    assert_eq!(
        (gone.occurrences, gone.pages, gone.sources.len()),
        (120, 60, 50),
        "hidden links are not counted beside visible ones"
    );
    let sources: Vec<_> = gone.sources.iter().collect();
    assert_eq!(sources[0].page, url("/p00.html"));
    assert_eq!(sources[49].page, url("/p49.html"));
    assert!(gone.own && !gone.attachment);
    assert!(site.targets[&url("/files/a.pdf")].attachment);
    assert!(site.targets[&url("/down?id=1")].attachment, "the page says it is a file");
    assert!(!site.targets[&url("http://other.cn/x")].own);
    assert!(site.targets[&url("/guess.html")].sources.iter().all(|s| s.role == Role::Guess));
}

#[test]
fn continuation_pages_belong_to_their_first() {
    let day = |d| Some(date(2026, 3, d));
    let mut first = column("/gzdt/index.html", "工作动态", &[("/gzdt/a.html", day(1)), ("/gzdt/b.html", day(9))]);
    if let Some(list) = &mut first.list {
        list.paging = vec![url("/gzdt/index_1.html"), url("/gzdt/index_2.html")];
        list.page_count = Some(3);
    }
    let twin = column("http://x.gov.cn/gzdt/", "工作动态", &[("/gzdt/a.html", day(1))]);
    let second = column("/gzdt/index_1.html", "工作动态", &[("/gzdt/c.html", day(5))]);
    let third = column("/gzdt/index_2.html", "工作动态", &[("/gzdt/d.html", day(2))]);
    let query = column("/list.jsp?col=7", "通知公告", &[("/n/1.html", day(3))]);
    let query2 = column("/list.jsp?col=7&page=2", "通知公告", &[("/n/2.html", day(2))]);
    let other = column("/list.jsp?col=8", "公示", &[("/n/3.html", day(2))]);
    let site = fold(&[first.clone(), twin, second.clone(), third, query, query2, other], &[]);
    let news = site.columns.values().find(|c| c.name == "工作动态").expect("is there");
    assert_eq!(news.pages.len(), 4);
    assert!(news.complete);
    assert_eq!(news.items.len(), 4, "a row of two twins is one row");
    assert_eq!(news.newest, day(9));
    assert_eq!(news.newest_from.as_deref(), Some("list"));
    assert_eq!(news.matched, ColumnMatch::Is("news".into()), "by the book built in");
    assert_eq!(site.columns.len(), 3);
    assert_eq!(site.columns[&url("/list.jsp?col=7")].pages.len(), 2);

    let cut = fold(&[first, second], &[]);
    let news = cut.columns.values().next().expect("is there");
    assert_eq!(news.url, url("/gzdt/index.html"));
    assert!(!news.complete, "two of three pages");
}

#[test]
fn lists_that_call_themselves_differently_stay_apart() {
    let day = Some(date(2026, 3, 1));
    // A system that numbers columns, not pages.
    let base = column("/html/list.html", "要闻", &[("/h/1.html", day)]);
    let twelve = column("/html/list_12.html", "公告", &[("/h/2.html", day)]);
    let thirteen = column("/html/list_13.html", "政策", &[("/h/3.html", day)]);
    let later = column("/html/list_12_2.html", "公告", &[("/h/4.html", day)]);
    let site = fold(&[base, twelve, thirteen, later], &[]);
    assert_eq!(
        site.columns.keys().cloned().collect::<Vec<_>>(),
        ["/html/list.html", "/html/list_12.html", "/html/list_13.html"].map(url)
    );
    assert_eq!(site.columns[&url("/html/list_12.html")].pages.len(), 2);
}

#[test]
fn the_newest_date_is_the_latest_that_can_be_believed() {
    let rows = [("/t/top.html", Some(date(2020, 1, 1))), ("/t/a.html", None), ("/t/typo.html", Some(date(2029, 3, 1)))];
    let site = fold(&[column("/t/", "通知公告", &rows), article("/t/a.html", date(2026, 3, 2))], &[]);
    let notices = &site.columns[&url("/t/")];
    assert_eq!(notices.newest, Some(date(2026, 3, 2)), "neither the pinned row nor the one of the future");
    assert_eq!(notices.newest_from.as_deref(), Some("article"));
    assert_eq!(notices.newest_item.as_ref().and_then(|i| i.url.clone()), Some(url("/t/a.html")));

    let mostly_undated = [("/t/1.html", Some(date(2020, 1, 1))), ("/t/2.html", None), ("/t/3.html", None)];
    let site = fold(&[column("/t/", "通知公告", &mostly_undated)], &[]);
    assert_eq!(site.columns[&url("/t/")].newest, None, "the newest may be among those without a date");
}

#[test]
fn a_page_that_leads_to_columns_has_their_content() {
    let mut landing = column("/zwgk/", "政务公开", &[]);
    landing.list = None;
    landing.links = vec![link("/zwgk/tzgg/", "通知公告"), link("/zwgk/empty/", "空栏目")];
    let mut notices = column("/zwgk/tzgg/", "通知公告", &[("/zwgk/tzgg/1.html", Some(date(2026, 3, 3)))]);
    trail(&mut notices, &[("首页", Some("/")), ("政务公开", Some("/zwgk/")), ("通知公告", None)]);
    let empty = column("/zwgk/empty/", "空栏目", &[]);
    let mut held = article("/zwgk/tzgg/1.html", date(2026, 3, 3));
    trail(&mut held, &[("首页", Some("/")), ("政务公开", Some("/zwgk/")), ("通知公告", Some("/zwgk/tzgg/")), ("正文", None)]);
    let bare = article("/zwgk/tzgg/2.html", date(2026, 3, 1));
    let site = fold(&[landing, notices, empty, held, bare], &[]);
    let above = &site.columns[&url("/zwgk/")];
    assert_eq!(above.children, [url("/zwgk/tzgg/")], "an empty sub-column is no content");
    assert_eq!((above.newest, above.newest_from.as_deref()), (Some(date(2026, 3, 3)), Some("sub-column")));
    assert_eq!(site.columns[&url("/zwgk/tzgg/")].path, ["政务公开"]);
    assert_eq!(site.columns[&url("/zwgk/empty/")].path, ["政务公开"], "by its folder, where it has no trail");
    assert!(site.columns[&url("/zwgk/empty/")].children.is_empty());
    let page = &site.pages[&url("/zwgk/tzgg/1.html")];
    assert_eq!(page.column, Some(url("/zwgk/tzgg/")));
    assert_eq!(page.column_path.to_vec(), ["政务公开", "通知公告"]);
    assert_eq!(site.pages[&url("/zwgk/tzgg/2.html")].column, None, "no list holds it, no trail names it");
}

#[test]
fn a_page_in_several_lists_belongs_to_the_nearest() {
    let rows = [("/zwgk/tzgg/1.html", Some(date(2026, 3, 3)))];
    let site = fold(
        &[
            column("/aaa/", "要闻聚合", &rows),
            column("/zwgk/", "政务公开", &rows),
            column("/zwgk/tzgg/", "通知公告", &rows),
            article("/zwgk/tzgg/1.html", date(2026, 3, 3)),
        ],
        &[],
    );
    let page = &site.pages[&url("/zwgk/tzgg/1.html")];
    assert_eq!(page.column, Some(url("/zwgk/tzgg/")));
    assert_eq!(page.column_path.to_vec(), ["政务公开", "通知公告"]);
}

#[test]
fn names_come_from_the_links_where_the_page_gives_none() {
    let mut list = column("/c/7/", "", &[("/c/7/1.html", Some(date(2026, 3, 3)))]);
    list.meta.clear();
    let mut home = blank(url("/"));
    home.kind = PageKind::Home;
    home.links = vec![link("/c/7/", "更多>>"), link("/c/7/", "通知公告 »")];
    let site = fold(&[home, list], &[]);
    assert_eq!(site.columns[&url("/c/7/")].name, "通知公告");
    assert!(matches!(site.columns[&url("/c/7/")].matched, ColumnMatch::Is(_)));
}

#[test]
fn a_column_name_that_every_list_has_is_the_templates() {
    let mut lists = Vec::new();
    for (path, own) in [("/a/", "要闻"), ("/b/", "通知公告"), ("/c/", "政策文件")] {
        let mut list = column(path, "示例市公安局", &[("/x.html", Some(date(2026, 3, 3)))]);
        trail(&mut list, &[("首页", Some("/")), (own, None)]);
        lists.push(list);
    }
    let site = fold(&lists, &[]);
    let names: Vec<&str> = site.columns.values().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["要闻", "通知公告", "政策文件"]);
}

#[test]
fn the_home_page_is_found_and_is_no_column() {
    let mut home = column("/portal/home.html", "首页", &[("/a.html", Some(date(2026, 2, 1)))]);
    (home.hops, home.via) = (0, Some(url("/")));
    home.links = vec![link("/b.html", "新闻"), Link { hidden: Some("display:none".into()), ..link("/c.html", "旧闻") }];
    let pages =
        [home, article("/b.html", date(2026, 3, 9)), article("/c.html", date(2026, 1, 9)), article("/d.html", date(2026, 3, 18))];
    let site = fold(&pages, &[]);
    assert_eq!(
        site.home.as_ref().map(|page| page.url.clone()),
        Some(url("/portal/home.html")),
        "the seed's redirect leads to it"
    );
    assert!(site.columns.is_empty());
    assert_eq!(site.home_newest, Some((date(2026, 3, 9), "标题 /b.html".into(), "article".into())));
    assert_eq!(fold(&[article("/b.html", date(2026, 3, 9))], &[]).home_newest, None);
}

#[test]
fn what_was_not_seen_is_counted_and_makes_a_site_incomplete() {
    let gone = state("/gone", vec![answered(404), answered(404)]);
    let slow = state("/slow", vec![unfetched(Reason::ReadTimeout)]);
    let elsewhere = state("http://other.cn/x", vec![unfetched(Reason::Budget)]);
    let site = fold(&[], &[gone.clone(), slow.clone(), elsewhere]);
    assert!(site.complete, "a dead or slow page was asked for");
    assert_eq!(site.unfetched.get(&Reason::ReadTimeout), Some(&1));
    assert_eq!(site.unfetched.get(&Reason::Budget), None, "not ours");
    let site = fold(&[], &[gone, slow, state("/late", vec![unfetched(Reason::Budget)])]);
    assert!(!site.complete);
}

#[test]
fn footers_are_one_when_their_elements_are() {
    let mut pages = Vec::new();
    for n in 0..5 {
        let mut page = blank(url(&format!("/p{n}.html")));
        page.footer.text = format!("访问量 {n}");
        page.footer.icp = Some(if n == 0 { "甲ICP备1号" } else { "甲ICP备2号" }.into());
        pages.push(page);
    }
    let site = fold(&pages, &[]);
    let counts: Vec<(u64, &CanonicalUrl)> = site.footers.iter().map(|(_, n, page)| (*n, page)).collect();
    assert_eq!(counts, [(4, &url("/p1.html")), (1, &url("/p0.html"))]);
}

#[test]
fn documents_that_did_not_answer_200_are_no_pages() {
    let mut gone = column("/gone/", "通知公告", &[("/x.html", None)]);
    gone.status = 404;
    gone.links = vec![link("/from-gone", "x")];
    let site = fold(&[gone], &[]);
    assert!(site.pages.is_empty() && site.columns.is_empty() && site.targets.is_empty());
}
