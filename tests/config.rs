//! Configuration layers: the later one wins, each value knows its origin, and a wrong one is told with its place.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use xuncha::config::{Loaded, Source, load};
use xuncha::error::Error;

fn write(folder: &Path, text: &str) -> std::path::PathBuf {
    let file = folder.join("xuncha.toml");
    fs::write(&file, text).expect("writes");
    file
}

fn flags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn nothing(_: &str) -> Option<String> {
    None
}

fn from_text(text: &str) -> Result<Loaded, Error> {
    let folder = tempfile::tempdir().expect("folder");
    load(Some(&write(folder.path(), text)), &nothing, &BTreeMap::new())
}

/// (line, message, hint) of a located error.
fn located(text: &str) -> (usize, String, String) {
    match from_text(text) {
        Err(Error::Located { line, message, hint, .. }) => (line, message, hint.unwrap_or_default()),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn the_later_layer_wins_and_says_so() {
    let folder = tempfile::tempdir().expect("folder");
    let file = write(folder.path(), "rate = 1\ntimeout = 20.5\nmax_pages = 10\nfail_on = \"veto\"\nmax_bytes = \"2M\"\n");
    let env = |name: &str| match name {
        "XUNCHA_TIMEOUT" => Some("25".to_owned()),
        "XUNCHA_MAX_PAGES" => Some("20".to_owned()),
        "XUNCHA_RESOLVE" => Some("a.cn:80:127.0.0.1:8080, b.cn:443:127.0.0.1".to_owned()),
        _ => None,
    };
    let loaded = load(Some(&file), &env, &flags(&[("max-pages", "30"), ("only_resolved", "true")])).expect("loads");
    assert_eq!(loaded.config.rate, 1.0);
    assert_eq!(loaded.config.timeout, 25.0);
    assert_eq!(loaded.config.max_pages, 30);
    assert_eq!(loaded.config.max_bytes, 2 << 20);
    assert_eq!(loaded.config.max_hops, 20);
    assert!(loaded.config.only_resolved);
    assert_eq!(loaded.config.resolved().len(), 2);
    assert_eq!(loaded.origins["rate"], Source::File(file));
    assert_eq!(loaded.origins["timeout"], Source::Environment("XUNCHA_TIMEOUT".into()));
    assert_eq!(loaded.origins["max_pages"], Source::Flag("--max-pages".into()));
    assert_eq!(loaded.origins["max_hops"], Source::Default);
    let explained = loaded.explain();
    assert!(explained.contains("timeout = 25.0  # 来自环境变量 / from environment XUNCHA_TIMEOUT\n"), "{explained}");
    assert!(explained.contains("# min_score  # 默认 / default\n"), "{explained}");
    assert_eq!(explained.lines().count(), loaded.origins.len());
}

#[test]
fn without_layers_the_defaults_stand() {
    let loaded = load(None, &nothing, &BTreeMap::new()).expect("loads");
    assert_eq!(loaded.config, xuncha::config::Config::default());
    assert!(loaded.units.is_empty() && loaded.checklists.is_empty() && loaded.operator.is_none());
    assert!(from_text(xuncha::config::TEMPLATE).is_ok_and(|l| l.config == loaded.config), "the template is a configuration");
}

#[test]
fn a_wrong_value_is_told_with_its_origin() {
    let from = |pairs: &[(&str, &str)], env: &dyn Fn(&str) -> Option<String>| match load(None, env, &flags(pairs)) {
        Err(error @ Error::Usage { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let env = |name: &str| (name == "XUNCHA_RATE").then(|| "-1".to_owned());
    assert!(from(&[], &env).starts_with("rate = -1.0（来自环境变量 / from environment XUNCHA_RATE）"));
    assert!(from(&[("rate", "NaN")], &nothing).contains("rate = NaN（来自命令行 / from flag --rate）"));
    assert!(from(&[("max-pages", "-3")], &nothing).contains("--max-pages"));
    assert!(from(&[("second_look_after", "1.9")], &nothing).contains("must be at least 2"));
    assert!(from(&[("fail_on", "eror")], &nothing).contains("did you mean `error`"));
    assert!(from(&[("resolve", "www.x.cn:80:nowhere")], &nothing).contains("is neither IP nor IP:PORT"));
    assert!(from(&[("external", "maybe")], &nothing).contains("true | false"));
    assert!(from(&[("contact", "a\nb")], &nothing).contains("one line"));
    assert!(matches!(load(None, &nothing, &flags(&[("no-such-value", "1")])), Err(Error::Internal(_))));
}

#[test]
fn a_wrong_file_is_told_with_its_line() {
    let (line, message, hint) = located("# c\nrat = 1\n");
    assert_eq!((line, hint.as_str()), (2, "是不是 `rate`？/ did you mean `rate`?"));
    assert!(message.contains("unknown field `rat`"));
    assert_eq!(located("rate = 1\nat_once = \"two\"\n").0, 2);
    assert_eq!(located("timeout = 1\n\nrate = 0\n").0, 3);
    assert_eq!(located("rate = \n").0, 1);
    assert_eq!(located("max_pages = -1\n").0, 1);
    assert_eq!(located("resolve = [\"a.cn:80:127.0.0.1\", \"a.cn\"]\n").0, 1);
    assert_eq!(located("max_bytes = \"big\"\n").0, 1);
    let (line, message, hint) = located("[[unit]]\nid = \"a\"\n[[unit]]\nid = \"b\"\nkind = \"public-security-buro\"\n");
    assert_eq!(line, 5, "{message}");
    assert!(hint.contains("`public-security-bureau`"), "{hint}");
    assert_eq!(located("[[unit]]\nid = \"a\"\n[[unit]]\nid = \"a\"\n").0, 4);
    assert_eq!(located("[[unit]]\nid = \"a\"\ninclude = [\n  { path = \"/a/\" },\n  { path = \"b\" },\n]\n").0, 5);
    assert_eq!(located("[[unit]]\nid = \"a\"\ninclude = [{ host = \"http://x.cn\" }]\n").0, 3);
    assert_eq!(located("[[unit]]\nid = \"a\"\ninclude = [{}]\n").0, 3);
    let (line, _, hint) = located("operator = \"ofice\"\n[[unit]]\nid = \"office\"\n");
    assert_eq!((line, hint.contains("`office`")), (1, true));
    let (line, _, hint) = located("[[unit]]\nid = \"a\"\nincludes = []\n");
    assert_eq!((line, hint.contains("`include`")), (3, true));
}

#[test]
fn units_and_checklists_come_from_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    let text = "operator = \"office\"\nchecklists = [\"normative-documents\", \"./own.toml\"]\n\
                [[unit]]\nid = \"office\"\nname = \"县政府办\"\nkind = \"county-government\"\n\
                [[unit]]\nid = \"gaj\"\ninclude = [{ path = \"/gaj/\" }]\nexclude = [{ path = \"/gaj/old/\" }]\n";
    let loaded = load(Some(&write(folder.path(), text)), &nothing, &BTreeMap::new()).expect("loads");
    assert_eq!(loaded.operator.as_deref(), Some("office"));
    assert_eq!(loaded.units.len(), 2);
    assert_eq!((loaded.units[1].name.as_str(), loaded.units[1].scope.exclude.len()), ("gaj", 1));
    assert_eq!(loaded.checklists[0], "normative-documents");
    assert_eq!(Path::new(&loaded.checklists[1]), folder.path().join("./own.toml"));
}

#[test]
fn a_file_that_cannot_be_read_is_said_so() {
    let missing = load(Some(Path::new("no/such/xuncha.toml")), &nothing, &BTreeMap::new());
    assert!(matches!(missing, Err(Error::Io { .. })));
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("gbk.toml");
    fs::write(&file, b"rate = 1\n# \xd0\xc2\n").expect("writes");
    match load(Some(&file), &nothing, &BTreeMap::new()) {
        Err(Error::Located { line, column, message, .. }) => {
            assert_eq!((line, column), (2, 3));
            assert!(message.contains("UTF-8"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_shown_to_a_browser_is_a_word() {
    use xuncha::config::Render;
    let config = |text: &str| from_text(text).map(|loaded| loaded.config);
    assert_eq!(config("render = \"never\"").expect("loads").render, Render::Never);
    assert_eq!(config("").expect("loads").render, Render::Auto);
    assert!(config("render = \"sometimes\"").is_err() && config("render_timeout = 0").is_err());
    assert_eq!(config("render = \"always\"").is_ok(), Render::is_built_in());
    let typed = load(None, &nothing, &flags(&[("render", "maybe")]));
    assert!(matches!(typed, Err(Error::Usage { hint: Some(hint), .. }) if hint.contains("auto")));
}
