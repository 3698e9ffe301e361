//! The built-in checklists are whole, and every kind of mistake in a file is told with its line and the nearest name.

use std::fs;
use std::path::{Path, PathBuf};
use xuncha::checklist::columns::ColumnBook;
use xuncha::checklist::{Confidence, kinds, library, platforms};
use xuncha::error::Error;

const HEAD: &str = "format = 1\nid = \"own\"\nversion = \"1\"\ntitle = { zh = \"自定\", en = \"Own\" }\nsource = \"本单位\"\n";
const TAIL: &str = "severity = \"error\"\nsource = \"第一条\"\nconfidence = \"verified\"\n";

fn item(rest: &str) -> String {
    format!("[[item]]\nid = \"a\"\ntitle = {{ zh = \"一\", en = \"one\" }}\n{rest}\n{TAIL}")
}

fn put(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, text).expect("writes");
    file
}

fn resolve(file: &Path) -> Result<library::Resolved, Error> {
    library::resolve(file.to_str().expect("plain path"), &ColumnBook::load())
}

fn of_text(text: &str) -> Result<library::Resolved, Error> {
    let folder = tempfile::tempdir().expect("folder");
    resolve(&put(folder.path(), "own.toml", text))
}

/// The error of a text: its line must be that of the line which holds `marker`.
#[track_caller]
fn refused(text: &str, marker: &str, message: &str, hint: &str) {
    let expected = text.lines().position(|line| line.contains(marker)).map(|n| n + 1).expect("the marker is in the text");
    match of_text(text) {
        Err(Error::Located { line, column, message: told, hint: told_hint, file }) => {
            assert_eq!(line, expected, "{told}");
            assert!(column >= 1 && file.ends_with("own.toml"));
            assert!(told.contains(message), "{told}");
            assert!(told_hint.clone().unwrap_or_default().contains(hint), "{told_hint:?}");
        }
        other => panic!("{other:?}\n{text}"),
    }
}

#[test]
fn every_built_in_checklist_is_whole() {
    let book = ColumnBook::load();
    let mut ids: Vec<&str> = library::ids().collect();
    ids.sort_unstable();
    assert!(ids.len() >= 9, "{ids:?}");
    for id in ids {
        let list = library::resolve(id, &book).unwrap_or_else(|e| panic!("{e}")).checklist;
        assert_eq!(list.id, id);
        assert_eq!(list.sha256.len(), 64);
        let sheet = SCORE_SHEETS.contains(&id);
        assert!(list.items.len() >= if sheet { 8 } else { 10 }, "{id}");
        for item in &list.items {
            assert!(item.source.chars().count() >= 6, "{id} {} cites its source", item.id);
            assert!(item.source.contains(['〔', '《', '第', '：', '—', '要', '）']), "{id} {}: {}", item.id, item.source);
            assert!(!item.title.zh.is_empty() && item.title.en.chars().any(|c| c.is_ascii_alphabetic()), "{id} {}", item.id);
            assert!(sheet || item.points.is_none() && item.cap.is_none(), "{id} {}: no points are printed for these", item.id);
            assert!(item.cadence.is_some(), "{id} {}", item.id);
            if let Some(manual) = &item.manual {
                for text in [&manual.who, &manual.look_at, &manual.evidence, &manual.why] {
                    assert!(!text.zh.is_empty() && !text.en.is_empty(), "{id} {}", item.id);
                }
            }
        }
    }
    let vetoes = library::resolve("national-inspection-2019", &book).expect("resolves").checklist;
    let threshold = |id: &str| {
        let item = vetoes.items.iter().find(|item| item.id == id).expect("there");
        (item.veto_when.and_then(|t| t.count), item.warn_when.and_then(|t| t.count))
    };
    assert_eq!(threshold("V4-1"), (Some(5), Some(3)));
    assert_eq!(threshold("V4-2"), (Some(10), Some(7)));
    assert_eq!(threshold("V4-3"), (Some(5), Some(3)));
    let unverified = vetoes.items.iter().filter(|item| item.id.starts_with('K'));
    assert!(unverified.clone().count() > 10 && unverified.clone().all(|item| item.confidence == Confidence::Unverified));
}

/// Checklists whose sources print points.
const SCORE_SHEETS: [&str; 3] = ["bureau-assessment-2018", "bureau-deductions-2020", "bureau-quarterly"];

#[test]
fn the_points_of_a_score_sheet_add_up_to_its_full_mark() {
    for id in SCORE_SHEETS {
        let list = library::resolve(id, &ColumnBook::load()).expect("resolves").checklist;
        let worth: f64 = list.items.iter().filter_map(|item| item.cap.or(item.points)).sum();
        assert!((worth - list.full_mark.expect("a full mark")).abs() < 1e-9, "{id}: {worth}");
        assert!(list.items.iter().all(|item| item.confidence != Confidence::Unverified), "{id}");
    }
}

#[test]
fn kinds_platforms_and_columns_agree() {
    let book = ColumnBook::load();
    for entry in &book.entries {
        for kind in &entry.kinds {
            assert!(kinds::find(kind).is_some(), "{}: {kind}", entry.id);
        }
    }
    assert!(platforms::all().len() >= 10);
    for kind in ["public-security-bureau", "civil-air-defence-office", "county-government"] {
        assert_eq!(library::of_kind(kind), Some(kind));
    }
    assert_eq!(library::of_kind("normative-documents"), None, "a checklist that is no kind of body");
    let mut ids: Vec<&str> = book.entries.iter().map(|e| e.id.as_str()).collect();
    ids.sort_unstable();
    let before = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), before, "column ids are distinct");
}

#[test]
fn names_that_are_wrong_are_told_with_the_nearest() {
    let text = format!("{HEAD}{}", item("rul = \"dead-link\""));
    refused(&text, "rul =", "unknown field `rul`", "`rule`");
    refused(&format!("{HEAD}full_marks = 100\n"), "full_marks", "unknown field `full_marks`", "`full_mark`");
    let text = format!("{HEAD}{}", item("rule = \"dead-link\"").replace("\"error\"", "\"eror\""));
    refused(&text, "severity", "unknown value `eror`", "`error`");
    let text = format!("{HEAD}{}", item("rule = \"required-column\"\nparams = { column = \"disclosure-guid\" }"));
    refused(&text, "params", "unknown column `disclosure-guid`", "`disclosure-guide`");
    let text = format!("{HEAD}{}", item("rule = \"required-column\"\nparams = { column = \"公开指南\" }"));
    refused(&text, "params", "unknown column `公开指南`", "`disclosure-guide`");
    let text = format!("{HEAD}{}", item("rule = \"column-empty\"\nselect.column = [\n  \"notices\",\n  \"newz\",\n]"));
    refused(&text, "newz", "unknown column `newz`", "`news`");
    let text = format!("{HEAD}{}", item("rule = \"dead-link\"\napplies_to = [\"county-goverment\"]"));
    refused(&text, "applies_to", "unknown kind of body `county-goverment`", "`county-government`");
    refused(
        &format!("{HEAD}extends = [\"normative-document\"]\n"),
        "extends",
        "unknown checklist `normative-document`",
        "`normative-documents`",
    );
    let two = format!(
        "{HEAD}{}{}",
        item("rule = \"dead-link\""),
        item("rule = \"dead-link\"\nexcludes = [\"b1\"]").replace("id = \"a\"", "id = \"b\"")
    );
    refused(&two, "excludes", "unknown item `b1`", "");
    refused(&format!("{HEAD}bonus = [\"aa\"]\n{}", item("rule = \"dead-link\"")), "bonus", "unknown item `aa`", "known: a");
}

#[test]
fn shapes_that_make_no_sense_are_refused_where_they_stand() {
    let with = |rest: &str| format!("{HEAD}{}", item(rest));
    refused(&with("rule = \"dead-link\"\nrules = [\"dead-link\"]"), "rules", "only one of", "");
    refused(&with(""), "[[item]]", "needs one of rule, rules, manual", "");
    refused(&with("rules = [\"dead-link\", \"dead-link\"]"), "rules", "named twice", "");
    refused(&with("rule = \"dead-link\"\nveto_when = { count = 5 }"), "veto_when", "only for severity", "");
    refused(&with("rule = \"dead-link\"\nwarn_when = {}"), "warn_when", "needs `count` or `share`", "");
    refused(&with("rule = \"dead-link\"\nwarn_when = { count = 0 }"), "warn_when", "at least 1", "");
    refused(&with("rule = \"dead-link\"\nwarn_when = { share = 1.5 }"), "warn_when", "at most 1", "");
    refused(&with("rule = \"dead-link\"\nwarn_when = { coun = 1 }"), "warn_when", "unknown field `coun`", "`count`");
    refused(&with("rule = 7"), "rule = 7", "wrong type", "");
    refused(&with("rule = \"dead-link\"\ndue = \"2026-01-31\""), "due", "", "");
    refused(&with("rule = \"dead-link\"\ndue = 2026-01-31T10:00:00Z"), "due", "must be a date", "2026-01-31");
    refused(&with("rule = \"dead-link\"\nvalid_from = 2026-02-01\nvalid_until = 2026-01-01"), "valid_until", "is before", "");
    refused(&with("rule = \"dead-link\"\npoints = -1"), "points", "greater than 0", "");
    refused(&with("rule = \"dead-link\"\nladder = { dead = 0.4 }"), "ladder", "needs `cap`", "");
    refused(&with("rule = \"dead-link\"\ncap = 4\nladder = { dead = 40 }"), "ladder", "between 0 and 1", "");
    refused(&with("cadence = \"weekly\"\nrule = \"dead-link\""), "cadence", "unknown value `weekly`", "daily");
    let twice =
        format!("{HEAD}{}{}", item("rule = \"dead-link\""), item("rule = \"dead-link\"").replace("id = \"a\"", "id = 'a'"));
    refused(&twice, "id = 'a'", "is used twice", "item number 1");
    refused(&HEAD.replace("format = 1", "format = 2"), "format", "format 2 is not known", "format = 1");
    refused(&HEAD.replace("\"own\"", "\"Own List\""), "id =", "no checklist id", "hyphens");
    refused(&format!("{HEAD}coverage_floor = 70\n"), "coverage_floor", "between 0 and 1", "");
    refused(&format!("{HEAD}sha256 = \"00\"\n"), "sha256", "unknown field", "");
    refused(&format!("{HEAD}x = = 1\n"), "x =", "not valid TOML", "");
    refused(HEAD, "id =", "has no items", "");
}

#[test]
fn points_need_a_printed_source_or_an_authority() {
    let unverified = format!("{HEAD}{}", item("rule = \"dead-link\"\npoints = 0.1")).replace("\"verified\"", "\"unverified\"");
    refused(&unverified, "points", "an unverified source gives no points", "authority");
    let with_authority = unverified.replace("[[item]]", "authority = \"某县政务公开办 2026 年第 3 号文\"\n[[item]]");
    assert!(of_text(&with_authority).is_ok());
    assert!(of_text(&unverified.replace("\"unverified\"", "\"single-source\"")).is_ok());
}

#[test]
fn extends_merges_by_item_id() {
    let folder = tempfile::tempdir().expect("folder");
    put(
        folder.path(),
        "base.toml",
        &format!(
            "{}pass_line = 60\ncoverage_floor = 0.5\n{}{}",
            HEAD.replace("own", "base"),
            item("rule = \"dead-link\""),
            item("rule = \"column-empty\"").replace("id = \"a\"", "id = \"b\"")
        ),
    );
    let own = put(
        folder.path(),
        "own.toml",
        &format!(
            "{HEAD}extends = [\"base.toml\"]\n{}{}",
            item("rule = \"dead-attachment\""),
            item("rule = \"garbled-text\"").replace("id = \"a\"", "id = \"c\"")
        ),
    );
    let list = resolve(&own).expect("resolves").checklist;
    let rules: Vec<(&str, &str)> = list.items.iter().map(|i| (i.id.as_str(), i.rule.as_deref().unwrap_or_default())).collect();
    assert_eq!(rules, [("a", "dead-attachment"), ("b", "column-empty"), ("c", "garbled-text")]);
    assert_eq!((list.pass_line, list.coverage_floor, list.id.as_str()), (Some(60.0), 0.5, "own"));

    // A mistake in the extended file is told there.
    put(folder.path(), "base.toml", "format = 1\nid = 7\n");
    assert!(matches!(resolve(&own), Err(Error::Located { file, line: 2, .. }) if file.ends_with("base.toml")));
    // A circle is told, not walked.
    put(
        folder.path(),
        "base.toml",
        &format!("{}extends = [\"own.toml\"]\n{}", HEAD.replace("own", "base"), item("rule = \"dead-link\"")),
    );
    match resolve(&own) {
        Err(Error::Located { message, hint, line, .. }) => {
            assert!(message.contains("round in a circle") && hint.is_some_and(|h| h.contains("base.toml")));
            assert_eq!(line, 6);
        }
        other => panic!("{other:?}"),
    }
    // A built-in one can be extended, and a missing one is told at its name.
    let own = put(folder.path(), "own.toml", &format!("{HEAD}extends = [\"normative-documents\"]\n"));
    let base = library::resolve("normative-documents", &ColumnBook::load()).expect("resolves").checklist;
    assert_eq!(resolve(&own).expect("resolves").checklist.items, base.items);
    let own = put(folder.path(), "own.toml", &format!("{HEAD}extends = [\n \"normative-documents\",\n \"gone.toml\",\n]\n"));
    assert!(matches!(resolve(&own), Err(Error::Located { line: 8, .. })));
}

#[test]
fn the_hash_is_of_what_is_said_not_of_how_it_is_written() {
    let hash = |text: &str| of_text(text).expect("resolves").checklist.sha256;
    let one = format!("{HEAD}{}", item("rule = \"dead-link\"\nparams = { own = true, external = false }"));
    let other = format!("# a comment\n{HEAD}{}", item("params.external = false\nparams.own = true\nrule = 'dead-link'"));
    assert_eq!(hash(&one), hash(&other));
    assert_ne!(hash(&one), hash(&one.replace("external = false", "external = true")));
    assert_ne!(hash(&one), hash(&one.replace("第一条", "第二条")));
    let dated = format!("{HEAD}{}", item("rule = \"dead-link\"\ndue = 2026-01-31"));
    let list = of_text(&dated).expect("resolves").checklist;
    let back: xuncha::checklist::Checklist = serde_json::from_str(&serde_json::to_string(&list).expect("writes")).expect("reads");
    assert_eq!(back, list, "a stored plan keeps its checklists, hash included");
    let day = jiff::civil::date(2026, 1, 30);
    assert!(back.items[0].not_yet_due(day) && !back.items[0].not_yet_due(day.tomorrow().expect("day")));
}

#[test]
fn a_name_that_is_neither_id_nor_file_is_told() {
    match library::resolve("public-security", &ColumnBook::load()) {
        Err(Error::Usage { message, hint }) => {
            assert!(message.contains("public-security"));
            assert!(hint.is_some_and(|h| h.contains("public-security-bureau")));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(library::resolve("no/such.toml", &ColumnBook::load()), Err(Error::Io { .. })));
}
