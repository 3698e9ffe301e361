//! Columns proposed, and the workbook in which an office corrects them.

use std::collections::BTreeMap;
use std::path::Path;
use xuncha::accuracy::columns::measure;
use xuncha::accuracy::source::Source;
use xuncha::checklist::columns::ColumnBook;
use xuncha::registry::columns::{Corrected, Taken, merge, read_bytes, with_known, write_xlsx};
use xuncha::registry::fault::Fault;
use xuncha::registry::propose::{Ground, Line};
use xuncha::registry::sheet;
use xuncha::registry::{Binding, BindingState, Holding, Registry, Site, Standing, Unit};
use xuncha::scope::Scope;
use xuncha::url::CanonicalUrl;

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("parses")
}

fn line(unit: &str, path: &str, name: &str, column: Option<&str>, confidence: f64) -> Line {
    let book = ColumnBook::load();
    let entry = column.and_then(|id| book.find(id));
    Line {
        unit: unit.into(),
        unit_name: format!("{unit}局"),
        site: "site".into(),
        binding: Some(Binding {
            unit: unit.into(),
            site: "site".into(),
            url: url(&format!("http://{unit}.gov.cn{path}")),
            name: name.into(),
            path: vec!["政务公开".into(), "主动公开".into()],
            column: column.map(str::to_owned),
            class: entry.map(|entry| entry.class.word().to_owned()),
            window_days: entry.and_then(|entry| entry.window()),
            matched: Some(name.into()),
            confidence,
            state: BindingState::Proposed,
        }),
        missing: None,
        near: vec!["notices".into()],
        ground: if confidence > 0.5 { Ground::Synonym } else { Ground::Alike },
        items: 12,
        newest: Some(jiff::civil::date(2026, 6, 1)),
        required: true,
    }
}

fn lines() -> Vec<Line> {
    let mut lines = vec![
        line("a", "/tzgg/", "通知公告", Some("notices"), 0.97),
        line("a", "/gggs/", "公告牌", Some("notices"), 0.3),
        line("a", "/wh/", "=警营文化", None, 0.0),
        line("b", "/tzgg/", "通知公告", Some("notices"), 0.97),
    ];
    let mut missing = line("b", "/x/", "", None, 0.0);
    (missing.binding, missing.missing) = (None, Some("leaders".into()));
    lines.push(missing);
    lines
}

/// The workbook's rows as cells by head, changed, and written as CSV.
fn changed(bytes: &[u8], change: impl Fn(&mut Vec<BTreeMap<String, String>>)) -> Vec<u8> {
    let sheets = sheet::read_bytes(Path::new("t"), bytes).expect("reads");
    let sheet = sheets.iter().find(|sheet| sheet.name == "栏目").expect("the sheet");
    let heads: Vec<String> = sheet.rows[&1].values().cloned().collect();
    let row = |cells: &BTreeMap<u32, String>| {
        (0..).zip(&heads).filter_map(|(at, head)| Some((head.clone(), cells.get(&at)?.clone()))).collect()
    };
    let mut rows: Vec<BTreeMap<String, String>> = sheet.rows.iter().skip(1).map(|(_, cells)| row(cells)).collect();
    change(&mut rows);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&heads).expect("writes");
    for row in rows {
        writer.write_record(heads.iter().map(|head| row.get(head).cloned().unwrap_or_default())).expect("writes");
    }
    writer.into_inner().expect("writes")
}

fn taken(bytes: &[u8]) -> Taken {
    read_bytes(Path::new("t"), bytes, &ColumnBook::load(), &Registry::default()).expect("reads")
}

fn good(bytes: &[u8]) -> Corrected {
    match taken(bytes) {
        Taken::Whole(corrected) => corrected,
        Taken::Nothing(faults) => panic!("{faults:#?}"),
    }
}

fn bad(bytes: &[u8]) -> Vec<Fault> {
    match taken(bytes) {
        Taken::Nothing(faults) => faults,
        Taken::Whole(corrected) => panic!("{corrected:#?}"),
    }
}

fn set(row: &mut BTreeMap<String, String>, head: &str, text: &str) {
    row.insert(head.into(), text.into());
}

#[test]
fn an_untouched_workbook_says_nothing_and_loses_nothing() {
    let bytes = write_xlsx(&lines(), &ColumnBook::load()).expect("writes");
    assert_eq!(write_xlsx(&lines(), &ColumnBook::load()).expect("writes"), bytes, "the same bytes");
    let corrected = good(&bytes);
    assert!(corrected.said.is_empty());
    let wanted: Vec<Binding> = lines().into_iter().filter_map(|line| line.binding).collect();
    assert_eq!(corrected.proposed, wanted);
}

#[test]
fn what_a_person_says_stays_said() {
    let book = ColumnBook::load();
    let bytes = write_xlsx(&lines(), &book).expect("writes");
    let corrected = good(&changed(&bytes, |rows| {
        set(&mut rows[0], "确认", "确认");
        set(&mut rows[1], "确认", "否定");
        set(&mut rows[2], "对应栏目", "领导信息");
        set(&mut rows[3], "更新期限（天）", "30");
        set(&mut rows[4], "网址", "http://b.gov.cn/ld/");
        set(&mut rows[4], "栏目名称", "领导之窗");
        let mut added = BTreeMap::new();
        for (head, text) in [("单位", "b局"), ("栏目名称", "动态"), ("网址", "http://b.gov.cn/dt/"), ("对应栏目", "工作动态")]
        {
            set(&mut added, head, text);
        }
        rows.push(added);
    }));
    assert_eq!(corrected.proposed, []);
    let said: Vec<(&str, Option<&str>, Option<u32>, BindingState)> =
        corrected.said.iter().map(|b| (b.name.as_str(), b.column.as_deref(), b.window_days, b.state)).collect();
    assert_eq!(
        said,
        [
            ("通知公告", Some("notices"), Some(183), BindingState::Confirmed),
            ("公告牌", Some("notices"), Some(183), BindingState::Rejected),
            ("=警营文化", Some("leaders"), None, BindingState::Confirmed),
            ("通知公告", Some("notices"), Some(30), BindingState::Confirmed),
            ("领导之窗", Some("leaders"), None, BindingState::Confirmed),
            ("动态", Some("news"), Some(14), BindingState::Confirmed),
        ]
    );
    assert_eq!(corrected.said[2].class.as_deref(), Some("static"), "the class of the column that was chosen");
    let known = merge(Vec::new(), corrected.said, Vec::new());
    // A later crawl proposes otherwise, and a new column.
    let mut later = lines();
    later.push(line("a", "/new/", "工作动态", Some("news"), 0.97));
    later[0].binding.as_mut().expect("bound").column = Some("news".into());
    let proposed = later.iter().filter_map(|line| line.binding.clone()).collect();
    let merged = merge(known.clone(), Vec::new(), proposed);
    assert_eq!(merged.len(), known.len() + 1);
    assert!(known.iter().all(|binding| merged.contains(binding)));
    // Exported with what is known, and imported as it is.
    let again = good(&write_xlsx(&with_known(later, &known), &book).expect("writes"));
    assert!(again.said.is_empty(), "{:?}", again.said);
    assert_eq!(merge(known.clone(), again.said, again.proposed), merged);
    let shown = with_known(lines(), &known);
    assert!(shown.iter().all(|line| line.missing.is_none()), "what was found by a person is not missing");
    // Taken back.
    let bytes = write_xlsx(&shown, &book).expect("writes");
    let back = good(&changed(&bytes, |rows| set(&mut rows[0], "确认", "待定")));
    assert_eq!(back.said.len(), 1);
    let merged = merge(known, back.said, back.proposed);
    let state = |path: &str| merged.iter().find(|b| b.url == url(&format!("http://a.gov.cn{path}"))).map(|b| b.state);
    assert_eq!((state("/tzgg/"), state("/gggs/")), (Some(BindingState::Proposed), Some(BindingState::Rejected)));
}

/// Which row, what is written into it, and at which column which word is told.
type Wrong<'a> = (usize, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn every_wrong_row_is_named_and_nothing_is_taken() {
    let bytes = write_xlsx(&lines(), &ColumnBook::load()).expect("writes");
    let cases: &[Wrong<'_>] = &[
        (0, &[("对应栏目", "通告通知栏")], "对应栏目", "没有这样的栏目"),
        (0, &[("确认", "也许")], "确认", "说法"),
        (0, &[("类别", "新闻类")], "类别", "类别"),
        (0, &[("更新期限（天）", "两周")], "更新期限（天）", "天数"),
        (0, &[("更新期限（天）", "0")], "更新期限（天）", "天数"),
        (0, &[("网址", "见附件")], "网址", "不是网址"),
        (0, &[("确认", "否定"), ("对应栏目", "领导信息")], "确认", "否定"),
        (0, &[("确认", "否定"), ("对应栏目", "无")], "确认", "否定"),
        (4, &[("确认", "确认")], "网址", "没有网址"),
        (1, &[("网址", "http://a.gov.cn/tzgg/"), ("对应栏目", "领导信息")], "网址", "说法不同"),
        (0, &[("单位", "丙局"), ("单位编码", "")], "单位", "没有这个单位"),
        (0, &[("备注", "\u{1b}]0;x\u{7}")], "栏目名称", "控制字符"),
    ];
    for (at, cells, column, word) in cases {
        let faults = bad(&changed(&bytes, |rows| cells.iter().for_each(|(head, text)| set(&mut rows[*at], head, text))));
        let row = *at as u32 + 2;
        assert!(
            faults.iter().any(|f| f.row == row && f.column == *column && f.message.zh.contains(word)),
            "{cells:?}\n{faults:#?}"
        );
        assert!(
            faults.iter().all(|fault| fault.row == row && !fault.hint.en.is_empty() && !fault.message.en.is_empty()),
            "{faults:#?}"
        );
    }
    let garbled = good(&changed(&bytes, |rows| rows.iter_mut().for_each(|row| set(row, "原值（勿改）", "{\"unit\":1}"))));
    assert_eq!(garbled.said.len(), 4, "without what stood there before, every row is a person's");
    assert!(read_bytes(Path::new("t"), "单位,网址\n甲,乙\n".as_bytes(), &ColumnBook::load(), &Registry::default()).is_err());
}

#[test]
fn a_row_is_found_its_site_by_unit_and_host() {
    let site = |id: &str, host: &str| Site {
        id: id.into(),
        name: id.into(),
        code: None,
        addresses: vec![url(&format!("http://{host}/"))],
        operator: None,
        platform: None,
        cadences: Vec::new(),
        standing: Standing::default(),
    };
    let held = |site: &str| Holding { unit: "u".into(), site: site.into(), scope: Scope::default() };
    let known = Registry {
        units: vec![Unit { id: "u".into(), name: "县公安局".into(), ..Unit::default() }],
        sites: vec![site("one", "one.gov.cn"), site("two", "two.gov.cn")],
        holdings: vec![held("one"), held("two")],
        ..Registry::default()
    };
    let read = |address: &str| {
        let text = format!("单位,网址,对应栏目,栏目名称\n县公安局,{address},通知公告,公告\n");
        read_bytes(Path::new("t"), text.as_bytes(), &ColumnBook::load(), &known).expect("reads")
    };
    assert!(matches!(read("http://two.gov.cn/a/"), Taken::Whole(said) if said.said[0].site == "two"));
    assert!(matches!(read("http://three.gov.cn/a/"), Taken::Nothing(faults) if faults[0].message.zh.contains("哪一个网站")));
}

/// The small form of the measurement; the full one is `scripts/prove registry`.
#[test]
fn columns_are_proposed_rightly() {
    let source = Source::read(None, &["required-column".to_owned()]).expect("fixtures");
    let measured = measure(20_261_122, 4..8, &source, &|_| ()).expect("measures");
    println!("{}\n{:#?}", measured.page(20_261_122), measured.wrongs);
    assert_eq!((measured.units, measured.on_platforms), (4, 2));
    assert!(measured.total().columns > 200, "{:?}", measured.total());
    assert_eq!(measured.shortfalls(), Vec::<String>::new(), "{:#?}", measured.wrongs);
    assert_eq!(measured.cycle.confirmed_untouched, 0);
    assert!(measured.cycle.confirmed > 200);
}
