//! Tables as offices write them, and tables that are wrong.

use proptest::prelude::*;
use std::path::Path;
use xuncha::checklist::Cadence;
use xuncha::registry::fault::Fault;
use xuncha::registry::table::{Taken, read_bytes, write_xlsx};
use xuncha::registry::{Contact, Holding, Platform, Registry, Site, SiteState, Standing, Unit};
use xuncha::scope::{QueryRule, Scope, ScopeRule};
use xuncha::url::CanonicalUrl;

fn taken(bytes: &[u8]) -> Taken {
    read_bytes(Path::new("sites.csv"), bytes, &Registry::default()).expect("reads")
}

fn good(text: &str) -> Registry {
    match taken(text.as_bytes()) {
        Taken::Whole { registry, .. } => registry,
        Taken::Nothing(faults) => panic!("{}", faults.iter().map(|fault| fault.to_string() + "\n").collect::<String>()),
    }
}

fn bad(text: &str) -> Vec<Fault> {
    match taken(text.as_bytes()) {
        Taken::Nothing(faults) => faults,
        Taken::Whole { registry, .. } => panic!("{registry:#?}"),
    }
}

const TABLE: &str = "\
某市政府网站名录,,,,,,,,,,,,
序号,单位名称,上级单位,地区,机构类型,网站名称,网站标识码,网址（首页）,范围,运营单位,联系人,联系电话,巡查频次
1,市政府办公室,,市本级,政府办公室,市政府门户,3301000001,www.city.gov.cn,,市政府办公室,张三,0571-85012345,
2,市公安局,市政府办公室,市本级,public-security-bureau,市公安局网站,,https://gaj.city.gov.cn/ http://www.gaj.city.gov.cn,,,,,每日；每季度
3,县公安局,市公安局,某县,公安机关,某县平台,3301990001,http://www.county.gov.cn/,www.county.gov.cn/gaj/；- www.county.gov.cn/gaj/old,县政府,,,
4,县教育局,县政府,某县,教育部门,某县平台,3301990001,,*/list?dept=12,县政府,李四；王五,85012345；,
5,县政府,市政府办公室,某县,,,,,,,,,
";

#[test]
fn a_table_as_an_office_writes_it() {
    let registry = good(TABLE);
    let ids: Vec<&str> = registry.sites.iter().map(|site| site.id.as_str()).collect();
    assert_eq!(ids, ["3301000001", "3301990001", "gaj.city.gov.cn"]);
    assert_eq!(registry.units.len(), 5);
    let by_name = |name: &str| registry.units.iter().find(|unit| unit.name == name).expect("unit");
    let bureau = by_name("县公安局");
    assert!(bureau.id.starts_with("3301990001-"), "{}", bureau.id);
    assert_eq!(bureau.superior.as_deref(), Some(by_name("市公安局").id.as_str()));
    assert!(by_name("县政府").id.starts_with("unit-"));
    let site = &registry.sites[1];
    assert_eq!(site.operator.as_deref(), Some(by_name("县政府").id.as_str()));
    assert_eq!(registry.holdings.iter().filter(|held| held.site == site.id).count(), 2);
    assert_eq!(registry.sites[2].addresses.len(), 2);
    assert_eq!(registry.sites[2].cadences, [Cadence::Daily, Cadence::Quarterly]);
    assert_eq!(by_name("县教育局").contacts.len(), 2);
    // The order of its rows and the way it is written change nothing.
    let mut lines: Vec<&str> = TABLE.lines().collect();
    lines[2..].reverse();
    let moved = good(&lines.join("\n"));
    let plain = |registry: &Registry| {
        let mut registry = registry.clone();
        registry.sites.iter_mut().for_each(|site| site.addresses.sort());
        registry
    };
    assert_eq!(plain(&moved), plain(&registry));
    for bytes in [
        format!("\u{feff}{TABLE}").into_bytes(),
        encoding_rs::GB18030.encode(TABLE).0.into_owned(),
        TABLE.replace(',', "\t").into_bytes(),
    ] {
        assert!(matches!(taken(&bytes), Taken::Whole { registry: same, .. } if same == registry));
    }
}

#[test]
fn what_is_known_keeps_its_ids() {
    let first = good("单位,网址\n县公安局,http://gaj.x.gov.cn/\n");
    let later = "单位,网站标识码,网址\n县公安局,3301990001,http://gaj.x.gov.cn/\n县公安局,,http://a.x.gov.cn/\n";
    let Taken::Whole { registry, .. } = read_bytes(Path::new("t"), later.as_bytes(), &first).expect("reads") else {
        panic!("bad")
    };
    assert_eq!(registry.units[0].id, first.units[0].id, "though a site was added that sorts before");
    assert!(registry.sites.iter().any(|site| site.id == first.sites[0].id && site.code.is_some()));
    let beside = "单位,上级单位,网址\n派出所,县公安局,http://p.x.gov.cn/\n";
    assert!(matches!(read_bytes(Path::new("t"), beside.as_bytes(), &first).expect("reads"), Taken::Whole { .. }));
    assert!(matches!(taken(beside.as_bytes()), Taken::Nothing(_)));
}

/// Each mistake, the row it is told at, and a word of the message.
#[test]
fn every_mistake_is_named_with_row_and_column() {
    let head = "单位,单位编码,上级单位,机构类型,网站名称,网站编码,网站标识码,网址,范围,运营单位,电话,邮箱,状态,起,止,频次\n";
    let right = "甲局,a,,,甲网,,,http://a.gov.cn/,,,,,,,,\n";
    let cases: &[(&str, u32, &str, &str)] = &[
        ("乙局,,,公安居,,,,http://b.gov.cn/,,,,,,,,", 3, "机构类型", "公安"),
        ("乙局,,丙局,,,,,http://b.gov.cn/,,,,,,,,", 3, "上级单位", "没有这个单位"),
        ("乙局,b,b,,,,,http://b.gov.cn/,,,,,,,,", 3, "上级单位", "绕成一圈"),
        ("乙局,,,,,,,见附件,,,,,,,,", 3, "网址", "不是网址"),
        ("乙局,,,,乙网,,,,,,,,,,,", 3, "网址", "缺少网址"),
        ("乙局,,,,,,,http://b.gov.cn/,c.gov.cn/x,,,,,,,", 3, "范围", "不在这个网站"),
        ("乙局,,,,,,,http://b.gov.cn/,b.gov.cn/*,,,,,,,", 3, "范围", "通配符"),
        ("乙局,,,,,,,http://a.gov.cn/,,,,,,,,", 3, "范围", "范围相同"),
        ("乙局,,,,,,33010000,http://b.gov.cn/,,,,,,,,", 3, "网站标识码", "10 位"),
        ("乙局,,,,,,,http://b.gov.cn/,,丁局,,,,,,", 3, "运营单位", "没有这个单位"),
        ("乙局,,,,,,,http://b.gov.cn/,,,无,,,,,", 3, "电话", "电话"),
        ("乙局,,,,,,,http://b.gov.cn/,,,,a@b,,,,", 3, "邮箱", "邮箱"),
        ("乙局,,,,,,,http://b.gov.cn/,,,,,维护,,,", 3, "状态", "状态"),
        ("乙局,,,,,,,http://b.gov.cn/,,,,,改版,2026-03-01,2026-02-01,", 3, "止", "早于"),
        ("乙局,,,,,,,http://b.gov.cn/,,,,,改版,三月,,", 3, "起", "日期"),
        ("乙局,,,,,,,http://b.gov.cn/,,,,,,,,每周", 3, "频次", "频次"),
        ("=1+1,,,,,,,http://b.gov.cn/,,,,,,,,", 3, "单位", "公式"),
        ("乙\u{1b}[31m局,,,,,,,http://b.gov.cn/,,,,,,,,", 3, "单位", "控制字符"),
        (",,,,,,,http://b.gov.cn/,,,,,,,,", 3, "单位", "缺少单位"),
        ("甲局,a,,,甲网,,,http://a.gov.cn/,,,,,,,,", 3, "单位", "已有这个单位"),
        ("甲二局,a,,,,,,http://b.gov.cn/,,,,,,,,", 3, "单位", "不一致"),
        ("乙局,乙 局,,,,,,http://b.gov.cn/,,,,,,,,", 3, "单位编码", "编码只能"),
        ("乙局,,,,,,,http://b.gov.cn/,,,,,,,,,多余", 3, "Q", "没有表头"),
    ];
    for (row, number, column, word) in cases {
        let faults = bad(&format!("{head}{right}{row}\n"));
        let named = faults
            .iter()
            .any(|f| f.row == *number && f.column.contains(column) && (f.message.zh.contains(word) || f.hint.zh.contains(word)));
        assert!(named, "{row}\n{faults:#?}");
        assert!(
            faults.iter().all(|fault| !fault.message.en.is_empty() && !fault.hint.en.is_empty() && !fault.hint.zh.is_empty())
        );
        assert!(!faults.iter().any(|fault| fault.to_string().contains('\u{1b}')), "{faults:?}");
    }
    // Many mistakes are many faults, and one more right row changes nothing.
    let all: String = cases.iter().map(|(row, ..)| format!("{row}\n")).collect();
    let faults = bad(&format!("{head}{right}{all}"));
    let rows: std::collections::BTreeSet<u32> = faults.iter().map(|fault| fault.row).collect();
    assert!(rows.len() >= cases.len() - 2, "{rows:?}");
}

#[test]
fn codes_that_two_sites_share_are_told() {
    let faults = bad("单位,网站标识码,网址\n甲局,3301000001,http://a.gov.cn/\n乙局,3301000001,http://b.gov.cn/\n");
    assert!(faults[0].row == 3 && faults[0].column.contains("标识码"), "{faults:?}");
    let faults = bad(
        "单位,网站标识码,网址,范围\n甲局,3301000001,http://a.gov.cn/,a.gov.cn/x\n乙局,3301000002,http://a.gov.cn/,a.gov.cn/y\n",
    );
    assert!(faults[0].row == 3 && faults[0].message.zh.contains("网址相同"), "{faults:?}");
    let faults = bad("单位,网址,联系电活\n甲局,http://a.gov.cn/,1\n");
    assert!(faults[0].row == 1 && faults[0].hint.zh.contains("电话"), "{faults:?}");
    let circle = bad("单位,上级单位,网址\n甲局,乙局,http://a.gov.cn/\n乙局,丙局,http://b.gov.cn/\n丙局,乙局,http://c.gov.cn/\n");
    assert_eq!(circle.iter().map(|fault| fault.row).collect::<Vec<_>>(), [3, 4], "{circle:?}");
}

#[test]
fn large_and_hostile_files_end_soon() {
    let mut text = String::from("单位,上级单位,网址\n");
    for n in 0..20_001 {
        text.push_str(&format!("第{n}局,第{}局,http://s{n}.gov.cn/\n", (n + 1) % 20_001));
    }
    let faults = bad(&text);
    assert!(faults.iter().any(|fault| fault.row == 20_002 && fault.message.zh.contains("20000")), "the row beyond");
    let name = Path::new("t.xlsx");
    for bytes in [&b"PK\x03\x04"[..], b"", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\x00\x01", b"x,y\n1,2\n"] {
        assert!(read_bytes(name, bytes, &Registry::default()).is_err());
    }
}

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("parses")
}

prop_compose! {
    fn registry()(
        seeds in proptest::collection::vec((any::<u64>(), 0..4usize, 0..3usize), 1..12),
        text in "[一-龥a-zA-Z0-9()（）]{2,12}",
    ) -> Registry {
        let mut registry = Registry::default();
        registry.platforms.push(Platform { id: "p-1".into(), name: format!("平台{text}"), operator: None });
        for (at, (seed, units, addresses)) in seeds.iter().enumerate() {
            let bit = |n: u32| seed >> n & 1 == 1;
            let host = format!("www.s{at}.gov.cn");
            let site = format!("site-{at}");
            let mut all = vec![url(&format!("https://{host}/"))];
            all.extend((0..*addresses).map(|n| url(&format!("http://{host}/{text}/{n}?a={n}"))));
            let day = jiff::civil::date(2026, 1 + (seed % 12) as i8, 1 + (seed % 28) as i8);
            let state = [SiteState::Running, SiteState::Redesign, SiteState::Suspended, SiteState::Closed][(seed % 4) as usize];
            registry.sites.push(Site {
                id: site.clone(),
                name: format!("网站{at}{text}"),
                code: bit(1).then(|| format!("33{:08}", at)),
                addresses: all,
                operator: bit(2).then(|| format!("u{at}-0")),
                platform: (at == 0 || bit(3)).then(|| "p-1".into()),
                cadences: [Cadence::Daily, Cadence::Quarterly, Cadence::Semiannual].into_iter().filter(|c| bit(4 + *c as u32)).collect(),
                standing: Standing { state, since: bit(8).then_some(day), until: bit(9).then_some(day), basis: bit(10).then(|| text.clone()) },
            });
            for n in 0..=*units {
                let id = format!("u{at}-{n}");
                registry.units.push(Unit {
                    id: id.clone(),
                    name: if bit(11) { format!("同名{text}") } else { format!("单位{at}{n}") },
                    superior: (n > 0).then(|| format!("u{at}-0")),
                    region: bit(12).then(|| text.clone()),
                    group: bit(13).then(|| "组".into()),
                    kind: bit(14).then(|| "public-security-bureau".into()),
                    contacts: (0..n)
                        .map(|c| Contact { name: if bit(15) { "张三".into() } else { String::new() }, phone: Some(format!("0571-8501234{c}")), mail: bit(16).then(|| "a@x.gov.cn".into()) })
                        .collect(),
                });
                let include = if n == 0 && bit(17) { Vec::new() } else {
                    vec![ScopeRule { host: bit(18).then(|| host.clone()), path: Some(format!("/{id}/")), query: bit(19).then(|| QueryRule { key: "d".into(), value: text.clone() }), publisher: bit(20).then(|| format!("{text} 局")) }]
                };
                let exclude = if bit(21) { vec![ScopeRule { host: None, path: Some("/old".into()), ..ScopeRule::default() }] } else { Vec::new() };
                if n < 3 {
                    registry.holdings.push(Holding { unit: id, site: site.clone(), scope: Scope { include, exclude } });
                }
            }
        }
        registry.sort();
        registry
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_written_reads_the_same(registry in registry()) {
        let bytes = write_xlsx(&registry).expect("writes");
        let read = read_bytes(Path::new("t.xlsx"), &bytes, &Registry::default()).expect("reads");
        match read {
            Taken::Whole { registry: read, .. } => prop_assert_eq!(&read, &registry),
            Taken::Nothing(faults) => prop_assert!(false, "{:?}", faults),
        }
        prop_assert_eq!(write_xlsx(&registry).expect("writes"), bytes, "the same bytes");
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), cells in "(单位|网址|范围|[,\\t\"\\n=@;；/.?x一]){0,120}") {
        let none = Registry::default();
        let _ = read_bytes(Path::new("t"), &bytes, &none);
        let _ = read_bytes(Path::new("t"), &[&b"PK\x03\x04"[..], &bytes].concat(), &none);
        let _ = read_bytes(Path::new("t"), format!("单位,网址,范围\n{cells}").as_bytes(), &none);
    }
}

#[test]
fn what_a_table_cannot_say_is_not_written() {
    let mut registry = good(TABLE);
    registry.holdings.retain(|held| held.site != "gaj.city.gov.cn");
    let error = write_xlsx(&registry).expect_err("a site that nobody holds");
    assert!(error.to_string().contains("gaj.city.gov.cn"), "{error}");
    registry.sites.retain(|site| site.id != "gaj.city.gov.cn");
    registry.units[0].name = "=1+1".into();
    assert!(write_xlsx(&registry).is_err());
}
