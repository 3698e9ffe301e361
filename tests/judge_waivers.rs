//! Waiver files: every field is mandatory, mistakes are told with their place.

use std::path::Path;
use xuncha::error::Error;
use xuncha::judge::waiver::Waivers;

const GOOD: &str = r#"# accepted by the office
[[waiver]]
rule = "dead-link"
where = "http://www.example.gov.cn/old/"
reason = "旧站归档"
by = "政务公开办"
until = 2026-12-31
"#;

fn place(text: &str) -> (usize, usize, String, Option<String>) {
    match Waivers::parse(text, Path::new("waivers.toml")) {
        Err(Error::Located { file, line, column, message, hint }) => {
            assert_eq!(file, Path::new("waivers.toml"));
            (line, column, message, hint)
        }
        other => panic!("expected a place: {other:?}"),
    }
}

#[test]
fn a_whole_waiver_is_read() {
    let waivers = Waivers::parse(GOOD, Path::new("waivers.toml")).expect("reads");
    let [waiver] = &waivers.all[..] else { panic!("one") };
    assert_eq!((waiver.rule.as_str(), waiver.by.as_str(), waiver.line), ("dead-link", "政务公开办", 2));
    assert_eq!(waiver.until.to_string(), "2026-12-31");
    assert!(Waivers::parse("", Path::new("x")).expect("reads").all.is_empty());
}

#[test]
fn every_field_is_mandatory() {
    for field in ["rule", "where", "reason", "by", "until"] {
        let without: String = GOOD.lines().filter(|l| !l.starts_with(field)).map(|l| format!("{l}\n")).collect();
        let (line, _, message, _) = place(&without);
        assert_eq!(line, 2, "{field}: {message}");
        assert!(message.contains(field), "{field}: {message}");
    }
    let (line, ..) = place(&GOOD.replace("\"旧站归档\"", "\" \""));
    assert_eq!(line, 5, "an empty reason is none");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let (line, _, message, hint) = place(&GOOD.replace("dead-link", "dead-lnk"));
    assert_eq!((line, hint.as_deref()), (3, Some("dead-link?")), "{message}");
    assert_eq!(place(&GOOD.replace("http://www.example.gov.cn/old/", "old/")).0, 4);
    assert_eq!(place(&GOOD.replace("2026-12-31", "23:59:59")).0, 7);
    let (line, _, message, _) = place(&GOOD.replace("until", "untill"));
    assert!((2..=7).contains(&line) && message.contains("untill"), "{line}: {message}");
    assert!(place("[[waiver]\n").0 == 1);
}
