//! The public suites of others for what a crawl reads: RFC 9309 and its friends, sitemaps, WHATWG URLs. The corpus is not part of this
//! repository; without it each test says so and passes.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its suite has failed")]

use serde_json::Value;
use std::path::PathBuf;
use xuncha::crawl::{robots, sitemap};
use xuncha::url::{CanonicalUrl, UrlError};

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("XUNCHA_CORPORA")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"));
    if !folder.is_dir() {
        eprintln!("skipped: no corpora at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// File, crawler, path, allowed?
const ROBOTS: &[(&str, &str, &str, bool)] = &[
    // RFC 9309 section 5.1
    ("rfc9309-example-simple-robots.txt", "anybot", "/publications/a", true),
    ("rfc9309-example-simple-robots.txt", "anybot", "/example/", false),
    ("rfc9309-example-simple-robots.txt", "anybot", "/a.gif", false),
    ("rfc9309-example-simple-robots.txt", "anybot", "/a.gif?x", true),
    ("rfc9309-example-simple-robots.txt", "anybot", "/", true),
    ("rfc9309-example-simple-robots.txt", "foobot", "/example/page.html", true),
    ("rfc9309-example-simple-robots.txt", "foobot", "/example/allowed.gif", true),
    ("rfc9309-example-simple-robots.txt", "foobot", "/publications/a", false),
    ("rfc9309-example-simple-robots.txt", "barbot", "/example/page.html", false),
    ("rfc9309-example-simple-robots.txt", "bazbot", "/example/page.html", false),
    ("rfc9309-example-simple-robots.txt", "bazbot", "/example/", true),
    ("rfc9309-example-simple-robots.txt", "quxbot", "/example/page.html", true),
    // section 5.2
    ("rfc9309-example-longest-match-robots.txt", "foobot", "/example/page/", true),
    ("rfc9309-example-longest-match-robots.txt", "foobot", "/example/page/disallowed.gif", false),
    // section 2.2.1
    ("rfc9309-example-rule-group-merging.txt", "examplebot", "/foo", false),
    ("rfc9309-example-rule-group-merging.txt", "examplebot", "/bar", false),
    ("rfc9309-example-rule-group-merging.txt", "examplebot", "/baz", false),
    ("rfc9309-example-rule-group-merging.txt", "bazbot", "/baz", false),
    ("rfc9309-example-rule-group-merging.txt", "bazbot", "/foo", true),
    ("rfc9309-example-rule-group-merging.txt", "anybot", "/foo", false),
    ("rfc9309-example-rule-group-merging.txt", "anybot", "/baz", true),
    // groups named twice, with others between
    ("merge-rules.txt", "testy", "/foo", false),
    ("merge-rules.txt", "curl", "/foo", false),
    ("merge-rules.txt", "wget", "/foo/bar", true),
    ("merge-rules.txt", "wget", "/tmp/bar", false),
    ("merge-rules.txt", "wget", "/ckh/bar", true),
    ("merge-rules.txt", "anybot", "/foo/bar", false),
    ("precedence-of-rules.txt", "testy", "/foo", false),
    ("precedence-of-rules.txt", "testy", "/foo/bar/baz", true),
    ("precedence-of-rules.txt", "wget", "/foo", true),
    ("precedence-of-rules.txt", "wget", "/index.html", true),
    // extensions end no group
    ("crawl-delay-group-merging.txt", "mybot", "/private/", false),
    ("crawl-delay-group-merging.txt", "mybot", "/login/", true),
    ("crawl-delay-group-merging.txt", "yourbot", "/private/", false),
    ("crawl-delay-group-merging.txt", "yourbot", "/login/", false),
    ("crawl-delay-group-merging.txt", "anybot", "/private/", true),
    ("extensions-group-merging.txt", "mybot", "/private/", false),
    ("extensions-group-merging.txt", "yourbot", "/private/", false),
    ("extensions-group-merging.txt", "yourbot", "/login/", false),
    ("extensions-group-merging.txt", "yourbot", "/else", true),
    ("extensions-group-merging.txt", "anybot", "/else", false),
    ("extensions-group-merging.txt", "anybot", "/llms.txt", true),
    ("extension-robots.txt", "mybot", "/private/", false),
    ("extension-robots.txt", "mybot", "/admin/", true),
    ("extension-robots.txt", "otherbot", "/admin/", false),
    ("extension-robots.txt", "anybot", "/private/", true),
    ("extended-standard-robots.txt", "bot1", "/", true),
    // patterns
    ("wildcards.txt", "anybot", "/wishlist/bogus", false),
    ("wildcards.txt", "anybot", "/wishlist/universal/bogus", true),
    ("wildcards.txt", "anybot", "/deep/gcrnsts", false),
    ("wildcards.txt", "anybot", "/gp/cart", false),
    ("malformed-path.txt", "anybot", "/wiki/Wikipedia_talk:Mediation_Committee/", false),
    ("malformed-path.txt", "anybot", "/wiki/", true),
    // what is mistyped
    ("format-errors-robots.txt", "bot1", "/whitespace-before-colon/", false),
    ("format-errors-robots.txt", "bot3", "/whitespace-before-colon", true),
    ("format-errors-robots.txt", "bot3", "/else", false),
    ("relative-sitemap-robots.txt", "anybot", "/cache/a", false),
    ("relative-sitemap-robots.txt", "anybot", "/a", true),
    ("dos-line-endings.txt", "anybot", "/", true),
    ("many-user-agents.txt", "wget", "/", false),
    ("many-user-agents.txt", "blackwidow", "/", false),
    ("many-user-agents.txt", "anybot", "/index.html", true),
    ("many-user-agents.txt", "anybot", "/backoffice/", true),
];

#[test]
fn robots_cases_answer_as_the_standard_says() {
    let Some(corpora) = corpora() else { return };
    let mut wrong = Vec::new();
    for (file, agent, path, allowed) in ROBOTS {
        let body = std::fs::read(corpora.join("robots-cases").join(file)).unwrap();
        let url = CanonicalUrl::parse(&format!("http://www.example.com{path}")).unwrap();
        if robots::read_as(agent, &body).allows(&url) != *allowed {
            wrong.push(format!("{file}: {agent} {path}: expected {allowed}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), ROBOTS.len(), wrong.join("\n"));
    let read = |file: &str, agent: &str| robots::read_as(agent, &std::fs::read(corpora.join("robots-cases").join(file)).unwrap());
    let seconds = |agent: &str| read("crawl-delay-group-merging.txt", agent).delay().map(|d| d.as_secs());
    assert_eq!((seconds("mybot"), seconds("anybot")), (Some(10), Some(30)));
    assert_eq!(
        read("sitemap-robots.txt", "a").sitemaps(),
        ["http://domain.com/sitemap.xml", "http://domain.com/dir/MixedCased-sitemap.xml"]
    );
    assert_eq!(read("relative-sitemap-robots.txt", "a").sitemaps(), ["/sitemap.xml"]);
    assert_eq!(read("format-errors-robots.txt", "a").sitemaps(), ["/sitemap.xml"]);
}

/// File, pages, further sitemaps, first of either.
const SITEMAPS: &[(&str, usize, usize, &str)] = &[
    ("sitemap.txt", 2, 0, "http://www.domain.com/page1.html"),
    ("sitemap-with-bom.txt", 2, 0, "http://www.domain.com/page1.html"),
    ("sitemap.txt.gz", 5, 0, "http://www.example.com/"),
    ("xmlSitemap.gz", 5, 0, "http://www.example.com/"),
    ("sitemap.badns.xml", 2, 0, "http://www.example.com/1"),
    ("sitemap.ns.xml", 2, 0, "http://www.example.com/1"),
    ("sitemap.index.xml", 0, 15, "https://example.com/sitemap.jss?portalCode=10260&lang=en"),
    ("atom.xml", 2, 0, "http://example.org/2003/12/13/atom03"),
];

#[test]
fn sitemaps_give_what_they_hold() {
    let Some(corpora) = corpora() else { return };
    for (file, pages, children, first) in SITEMAPS {
        let read = sitemap::read(&std::fs::read(corpora.join("sitemaps").join(file)).unwrap(), 1 << 20);
        eprintln!("{file}: {:?} {:?} {:?}", read.pages, read.children.len(), read.broken);
        assert_eq!((read.pages.len(), read.children.len()), (*pages, *children), "{file}: {read:?}");
        assert_eq!(read.pages.iter().chain(&read.children).next().map(String::as_str), Some(*first), "{file}");
    }
}

/// Every case of the WHATWG suite whose result is fetched by us, or is no URL at all.
#[test]
fn urls_resolve_as_browsers_do() {
    let Some(corpora) = corpora() else { return };
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(corpora.join("urltestdata.json")).unwrap()).unwrap();
    let (mut asked, mut wrong) = (0, Vec::new());
    for case in cases.iter().filter(|case| case.is_object()) {
        let input = case["input"].as_str().unwrap();
        let base = case["base"].as_str().map(CanonicalUrl::parse);
        let result = match &base {
            Some(Ok(base)) => base.join(input, encoding_rs::UTF_8),
            // Only pages on the web are bases of ours.
            Some(Err(_)) => continue,
            None => CanonicalUrl::parse(input),
        };
        asked += 1;
        let expected = case["href"].as_str().map(CanonicalUrl::parse);
        let right = match (&result, &expected) {
            (Ok(ours), Some(Ok(theirs))) => ours == theirs,
            (Err(UrlError::Scheme(ours)), Some(Err(UrlError::Scheme(theirs)))) => ours == theirs,
            (Err(UrlError::Malformed(_)), None) => true,
            _ => false,
        };
        if !right {
            wrong.push(format!("{input:?} at {:?}: {result:?}, expected {expected:?}", case["base"]));
        }
    }
    assert!(asked > 500, "{asked}");
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
}
