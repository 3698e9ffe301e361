//! Levels over one another, and mistakes in them.

use std::path::Path;
use xuncha::checklist::columns::{ColumnBook, ColumnClass, ColumnMatch};
use xuncha::checklist::place::Origin;
use xuncha::config::{Config, per_unit};
use xuncha::error::Error;
use xuncha::registry::profile::{Level, Profile, parse};
use xuncha::registry::{Registry, Unit};

const PROFILE: &str = r#"
[national]
checklists = ["site-guideline-2017"]
rate = 1
max_pages = 5000
[[national.column]]
id = "notices"
synonyms = ["公告发布"]

[region."某县"]
quiet_hours = ["工作日08:30-12:00"]
max_pages = 800

[group."公安"]
checklists = ["public-security-bureau"]
[[group."公安".column]]
id = "police-news"
window_days = 7
[[group."公安".column]]
id = "safe-county"
name = "平安建设"
class = "news"

[unit."县公安局"]
max_pages = 300
[[unit."县公安局".column]]
id = "notices"
class = "news"
synonyms = ["警务告示"]
"#;

fn read(text: &str) -> Result<Profile, Error> {
    parse(&Origin::new(Path::new("profile.toml"), text), &per_unit::check)
}

fn unit(name: &str, region: Option<&str>, group: Option<&str>) -> Unit {
    Unit {
        id: "u-1".into(),
        name: name.into(),
        region: region.map(str::to_owned),
        group: group.map(str::to_owned),
        ..Unit::default()
    }
}

#[test]
fn each_level_stands_over_the_one_before_and_says_so() {
    let profile = read(PROFILE).expect("reads");
    let settled = profile.settle(&unit("县公安局", Some("某县"), Some("公安")));
    let from = |name: &str| (settled.config[name].value.to_string(), settled.config[name].from.level);
    assert_eq!(from("rate"), ("1.0".to_owned(), Level::National));
    assert_eq!(from("max_pages"), ("300".to_owned(), Level::Unit));
    assert_eq!(from("quiet_hours").1, Level::Region);
    assert_eq!(settled.checklists.as_ref().map(|given| given.value.clone()), Some(vec!["public-security-bureau".to_owned()]));
    let text = settled.explain();
    assert!(text.contains("max_pages = 300  # 来自单位“县公安局” / from unit 县公安局"), "{text}");
    assert!(text.contains("column.police-news: window_days = 7  # 来自分组“公安”"), "{text}");
    let book = ColumnBook::extended(settled.columns.clone());
    for name in ["公告发布", "警务告示", "通知公告"] {
        assert_eq!(book.lookup(name, &[]), ColumnMatch::Is("notices".into()), "{name}");
    }
    let entry = |id: &str| book.find(id).map(|entry| (entry.class, entry.window()));
    assert_eq!(entry("notices"), Some((ColumnClass::News, Some(14))));
    assert_eq!(entry("police-news"), Some((ColumnClass::News, Some(7))));
    assert_eq!(entry("safe-county"), Some((ColumnClass::News, Some(14))));
    let config = per_unit::with(&Config::default(), &settled.config_values()).expect("fits");
    assert_eq!((config.rate, config.max_pages), (1.0, 300));
    let other = profile.settle(&unit("县教育局", Some("某县"), None));
    assert_eq!(other.config["max_pages"].value.to_string(), "800");
    assert_eq!(other.columns.len(), 1);
    // As the store keeps it.
    let json = serde_json::to_string(&profile).expect("writes");
    assert_eq!(serde_json::from_str::<Profile>(&json).expect("reads"), profile);
    let registry = Registry { units: vec![unit("县公安局", Some("某县"), None)], ..Registry::default() };
    let unknown: Vec<String> = profile.unknown(&registry).iter().map(|holder| holder.name.clone()).collect();
    assert_eq!(unknown, ["公安"]);
}

#[test]
fn mistakes_are_told_with_line_and_hint() {
    for (text, line, word) in [
        ("[nation]\nrate = 1\n", 1, "national"),
        ("[national]\nrat = 1\n", 2, "rate"),
        ("[national]\nrate = 0\n", 2, "每秒"),
        ("[national]\nbrowser = \"x\"\n", 2, "rate"),
        ("[region]\nrate = 1\n", 2, "region"),
        ("[national]\nchecklists = \"x\"\n", 2, "checklists"),
        ("[[national.column]]\nid = \"notice\"\n", 2, "notices"),
        ("[[national.column]]\nid = \"notices\"\nclass = \"daily\"\n", 3, "annual"),
        ("[[national.column]]\nid = \"notices\"\nsynonyms = [\"领导信息\"]\n", 3, "ambiguous"),
        ("[[national.column]]\nid = \"notices\"\nwindow_days = 0\n", 3, "3660"),
        ("[[national.column]]\nid = \"a-b\"\nname = \"甲\"\nclass = \"news\"\nambiguous = [\"乙\"]\n", 5, "parents"),
        ("[[national.column]]\nid = \"notices\"\n[[national.column]]\nid = \"notices\"\n", 3, "合成"),
        ("[national]\nquiet_hours = [\"always\"]\n", 2, "工作日"),
        ("[national\n", 1, "TOML"),
    ] {
        match read(text) {
            Err(Error::Located { line: at, message, hint, .. }) => {
                let said = format!("{message} {}", hint.unwrap_or_default());
                assert!(said.contains(word), "{text}\n{said}");
                assert_eq!(at, line, "{text}\n{said}");
            }
            other => panic!("{text}\n{other:?}"),
        }
    }
}
