//! A folder answers as a static server does, and never from outside itself.

use super::*;

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Folder) {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join("site").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    std::fs::write(root.path().join("secret.html"), "<html>secret").unwrap();
    let base = url("http://www.x.gov.cn/");
    let folder = Folder::open(&root.path().join("site"), &base, &Scope::of_seed(&base)).unwrap();
    (root, folder)
}

fn status(folder: &Folder, text: &str) -> u16 {
    folder.answer(&url(text), Method::Get, Limit::Whole(1 << 20)).unwrap().status
}

#[test]
fn answers_like_a_static_server() {
    let (_root, folder) = folder(&[
        ("index.html", "<html>home"),
        ("dir/index.htm", "<html>dir"),
        ("empty/x.txt", "x"),
        ("公告 1.html", "<html>notice"),
        ("list.jsp?id=3", "<html>three"),
        ("list.jsp", "<%@ page %>\n<html>any"),
    ]);
    for (path, expected) in [
        ("/", 200),
        ("/dir/", 200),
        ("/dir", 301),
        ("/none.html", 404),
        ("/index.html/", 404),
        ("/%E5%85%AC%E5%91%8A%201.html", 200),
        ("/list.jsp?id=3", 200),
        ("/list.jsp?id=4", 200),
    ] {
        assert_eq!(status(&folder, &format!("http://www.x.gov.cn{path}")), expected, "{path}");
    }
    assert_eq!(status(&folder, "https://x.gov.cn/dir/"), 200, "absolute own links to the twins are mapped");
    let three = folder.answer(&url("http://www.x.gov.cn/list.jsp?id=3"), Method::Get, Limit::Whole(99)).unwrap();
    assert_eq!(&three.body[..], b"<html>three");
    let any = folder.answer(&url("http://www.x.gov.cn/list.jsp"), Method::Get, Limit::Whole(99)).unwrap();
    assert_eq!(any.header("content-type"), Some("text/html"), "by content, without a charset");
    let large = folder.answer(&url("http://www.x.gov.cn/"), Method::Get, Limit::Whole(3)).unwrap_err();
    assert_eq!(large.reason, Reason::TooLarge);
    let unindexed = folder.answer(&url("http://www.x.gov.cn/empty/"), Method::Get, Limit::Whole(99)).unwrap_err();
    assert_eq!(unindexed.reason, Reason::NotInCapture, "what a server would answer is not known");
    assert!(!folder.holds(&url("http://elsewhere.gov.cn/")));
}

#[test]
fn nothing_outside_is_found() {
    let (root, folder) = folder(&[("index.html", "<html>"), ("a/b.html", "<html>")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(root.path().join("secret.html"), root.path().join("site/link.html")).unwrap();
    for path in ["/../secret.html", "/a/..%2f..%2fsecret.html", "/%2e%2e/secret.html", "/link.html", "/a%00.html", "/a%5C..%5Cb"]
    {
        assert_eq!(status(&folder, &format!("http://www.x.gov.cn{path}")), 404, "{path}");
    }
    drop(root);
}

#[test]
fn seeds_are_the_index_or_every_html_file() {
    let (_root, with_index) = folder(&[("index.html", "<html>"), ("other.html", "<html>")]);
    assert_eq!(with_index.seeds().unwrap(), [url("http://www.x.gov.cn/")]);
    let (_root, without) = folder(&[
        ("b.jsp", "<%@ page language=\"java\" %>\n<!DOCTYPE html><html>"),
        ("sub/公告#1.htm", "\u{feff}<!-- saved -->\n<html>"),
        ("data.xml", "<?xml version='1.0'?><urlset></urlset>"),
        ("site.css", "a > b { color: red }"),
        ("notes.txt", "no markup"),
        ("fragment.html", "<table class='a'><tr><td>索引号</td></tr></table>"),
    ]);
    let seeds: Vec<String> = without.seeds().unwrap().iter().map(|seed| seed.path().to_owned()).collect();
    assert_eq!(seeds, ["/", "/b.jsp", "/fragment.html", "/sub/%E5%85%AC%E5%91%8A%231.htm"], "of loose pages the home page, too");
    for seed in without.seeds().unwrap().into_iter().skip(1) {
        assert_eq!(status(&without, seed.as_str()), 200, "a seed leads back to its file");
    }
}

#[test]
fn loose_pages_lack_nothing() {
    let (_root, loose) = folder(&[("a.html", "<html><a href=b.html>b</a> <a href='/news/'>news</a>"), ("c.html", "<html>c")]);
    assert!(loose.is_loose());
    assert_eq!(status(&loose, "http://www.x.gov.cn/a.html"), 200);
    let lost =
        |path: &str| loose.answer(&url(&format!("http://www.x.gov.cn{path}")), Method::Get, Limit::Whole(9)).map(|a| a.status);
    for path in ["/b.html", "/news/", "/"] {
        assert_eq!(lost(path).unwrap_err().reason, Reason::NotInFolder, "{path}");
    }
    assert_eq!(lost("/robots.txt").unwrap(), 404, "nothing forbids anything");
    assert_eq!(loose.seeds().unwrap().len(), 3, "the home page is looked for, and not found");
}

#[test]
fn pages_that_hang_together_are_a_site() {
    let tied =
        [("list/a.html", "<html><a href='b.html'>b</a>"), ("list/b.html", "<html><A class=x HREF=\"../list/a.html\">a</A>")];
    let (_root, site) = folder(&tied);
    assert!(!site.is_loose());
    assert_eq!(status(&site, "http://www.x.gov.cn/gone.html"), 404);
    let torn = "<html><a href='b.html'>b</a> <a href=c.html>c</a> <a href=d.html>d</a> <a href=e.html>e</a>";
    let (_root, torn) = folder(&[("list/a.html", torn), ("list/b.html", "<html>b")]);
    assert!(torn.is_loose(), "most of what they link to is elsewhere");
    let (_root, home) = folder(&[("index.html", "<html><a href='b.html'>b</a>")]);
    assert!(!home.is_loose(), "a home page makes it a site");
    let (_root, one) = folder(&[("page.html", "<html>alone")]);
    assert!(one.is_loose());
}
