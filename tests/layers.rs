//! Imports point down only (ARCHITECTURE.md, import table). Prints `file:line: LAYER may not use MODULE`.

use std::fs;
use std::path::{Path, PathBuf};

/// Module (first path segment under `src/`) and what it may use of the crate. A module may always use itself.
const TABLE: &[(&str, &[&str])] = &[
    // ground
    ("error", &[]),
    ("exit", &[]),
    ("text", &[]),
    ("clock", &[]),
    ("url", &[]),
    ("shelf", &["error"]),
    ("whole", &["error"]),
    // data
    ("exchange", &["url", "unfetched"]),
    ("unfetched", &["url", "exchange"]),
    ("scope", &["url", "text"]),
    ("finding", &["url", "text"]),
    ("challenge", &["exchange"]),
    ("registry", &["checklist", "clock", "error", "facts", "finding", "scope", "text", "url"]),
    ("config", &["clock", "error", "finding", "url", "scope", "plan", "checklist"]),
    // facts, and the checklists that rules and facts speak of
    ("facts", &["shelf", "error", "url", "text", "exchange", "unfetched", "finding", "clock", "checklist"]),
    ("checklist", &["error", "finding", "text", "facts", "rules", "exchange"]),
    // rules see facts
    ("rules", &["facts", "finding", "text", "url", "exchange", "unfetched", "checklist"]),
    // plan and judgement
    ("plan", &["checklist", "config", "error", "exchange", "finding", "registry", "scope", "url", "rules", "text", "facts"]),
    (
        "judge",
        &[
            "plan",
            "registry",
            "config",
            "rules",
            "facts",
            "finding",
            "checklist",
            "error",
            "url",
            "exchange",
            "unfetched",
            "text",
            "scope",
            "clock",
            "shelf",
        ],
    ),
    ("score", &["judge", "plan", "finding", "checklist", "scope", "url", "error"]),
    // gathering
    ("capture", &["exchange", "unfetched", "url", "error", "challenge", "clock", "facts"]),
    ("extract", &["exchange", "facts"]),
    (
        "run",
        &[
            "shelf",
            "capture",
            "extract",
            "challenge",
            "judge",
            "plan",
            "registry",
            "facts",
            "exchange",
            "unfetched",
            "url",
            "error",
            "clock",
            "checklist",
            "config",
            "scope",
        ],
    ),
    (
        "crawl",
        &[
            "shelf",
            "run",
            "extract",
            "plan",
            "facts",
            "exchange",
            "unfetched",
            "url",
            "error",
            "clock",
            "config",
            "scope",
            "capture",
            "challenge",
            "text",
        ],
    ),
    // presentation
    (
        "report",
        &[
            "score",
            "judge",
            "plan",
            "finding",
            "facts",
            "checklist",
            "url",
            "error",
            "text",
            "scope",
            "unfetched",
            "exchange",
            "rules",
            "clock",
        ],
    ),
    // the office's memory
    (
        "store",
        &["registry", "report", "score", "finding", "facts", "checklist", "scope", "url", "error", "clock", "text", "judge"],
    ),
    // measurement
    (
        "accuracy",
        &[
            "checklist",
            "clock",
            "config",
            "error",
            "exchange",
            "facts",
            "finding",
            "judge",
            "plan",
            "registry",
            "report",
            "rules",
            "scope",
            "text",
            "unfetched",
            "url",
        ],
    ),
    // the whole flow, for the shell and the cadences
    ("audit", &["checklist", "crawl", "error", "exit", "extract", "facts", "finding", "judge", "plan", "report", "run", "score"]),
    (
        "cadence",
        &[
            "audit",
            "checklist",
            "clock",
            "config",
            "crawl",
            "error",
            "exchange",
            "facts",
            "finding",
            "judge",
            "plan",
            "registry",
            "report",
            "rules",
            "run",
            "scope",
            "score",
            "store",
            "text",
            "unfetched",
            "url",
            "whole",
        ],
    ),
    // shell
    ("cli", &["*"]),
    ("lib", &["*"]),
    ("main", &["*"]),
];

/// Only here may a socket be opened.
const SOCKET: &str = "crawl/fetch/live";
/// Mail and webhooks to addresses that the office wrote down; nothing of a site is ever asked for there.
const OUTBOX: &str = "cadence/outbox";
const SOCKET_WORDS: [&str; 5] = ["reqwest::", "TcpStream", "UdpSocket", "lookup_host", "hyper_util::client"];
/// Modules without clock, network, disk and async.
const PURE: [&str; 5] = ["facts", "rules", "judge", "score", "checklist/columns"];
const IMPURE_WORDS: [&str; 7] =
    ["std::fs", "std::net", "tokio::", "Timestamp::now", "SystemTime::now", "Instant::now", "async fn"];
/// Files of pure modules that read what the user names: waivers, baselines, checklists.
const READS_FILES: [&str; 2] = ["judge/waiver", "judge/baseline"];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src reads").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// The source without comments, strings' contents and `#[cfg(test)]` tails, lines kept.
fn code_lines(text: &str) -> Vec<&str> {
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect()
}

/// Crate modules named on a line: `crate::x…` and the members of `use crate::{x, y::z}`.
fn named(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        if at > 0 && line.as_bytes()[at - 1] == b'$' {
            continue;
        }
        let rest = &line[at + "crate::".len()..];
        let take = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (i, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && c.is_ascii_alphabetic() => {
                        out.push(take(&group[i..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            out.push(take(rest));
        }
    }
    out
}

#[test]
fn imports_point_down_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    assert!(files.len() > 30, "the walk must find the crate");
    let mut faults = Vec::new();
    for file in &files {
        let relative = file.strip_prefix(&root).expect("under src").with_extension("");
        let relative = relative.to_string_lossy().replace('\\', "/");
        let module = relative.split('/').next().unwrap_or_default().to_owned();
        let Some((_, allowed)) = TABLE.iter().find(|(name, _)| *name == module) else {
            faults.push(format!("src/{relative}.rs:1: {module} is not in the import table"));
            continue;
        };
        let text = fs::read_to_string(file).expect("source reads");
        for (number, line) in code_lines(&text).iter().enumerate() {
            let place = format!("src/{relative}.rs:{}", number + 1);
            for used in named(line) {
                let known = TABLE.iter().any(|(name, _)| *name == used);
                if known && used != module && !allowed.contains(&"*") && !allowed.contains(&used.as_str()) {
                    faults.push(format!("{place}: {module} may not use {used}"));
                }
            }
            let shell = module == "cli" || module == "main";
            if !shell && !relative.starts_with(SOCKET) && relative != OUTBOX {
                for word in SOCKET_WORDS.iter().filter(|word| line.contains(**word)) {
                    faults.push(format!("{place}: only {SOCKET} opens sockets, found {word}"));
                }
            }
            let pure = PURE.iter().any(|p| relative == *p || relative.starts_with(&format!("{p}/")));
            if pure && !READS_FILES.iter().any(|p| relative.starts_with(p)) {
                for word in IMPURE_WORDS.iter().filter(|word| line.contains(**word)) {
                    faults.push(format!("{place}: {module} is pure, found {word}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_groups_and_paths() {
    assert_eq!(named("use crate::{facts::{Page, Site}, run::RunFolder, url};"), ["facts", "run", "url"]);
    assert_eq!(named("let x = crate::store::open(crate::clock::now());"), ["store", "clock"]);
    assert_eq!(code_lines("a // crate::run\n#[cfg(test)]\nmod tests;"), ["a "]);
}
