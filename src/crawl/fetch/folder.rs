//! A folder of built pages, answered as a plain static server would answer: same paths, same statuses, no request. Where the folder
//! holds loose pages instead of a site, nothing is said to be missing.

mod whole;

use super::{Answer, Ask, Failure, Limit};
use crate::error::{Error, Result};
use crate::exchange::Method;
use crate::scope::Scope;
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Index files of a directory, in the order servers try them.
const INDEX: [&str; 7] = crate::url::INDEX_FILES;
/// Its absence only says that everything may be asked for.
const ROBOTS: &str = "/robots.txt";
/// Bytes looked at to tell HTML from other files.
const SNIFFED: usize = 2048;
/// Deepest directory that is searched for pages.
const DEEPEST: usize = 64;

/// A folder target.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    base: CanonicalUrl,
    scope: Scope,
    at: Timestamp,
    /// Pages that make no site: that the folder lacks something proves nothing.
    loose: bool,
}

/// What a path of a URL is on disk.
enum Found {
    File(PathBuf),
    /// A directory asked for without its slash.
    Directory,
    Nothing,
    /// A directory that is there, without an index file.
    Unindexed,
}

impl Folder {
    /// Opens a folder. `base` is the URL of its root; own absolute links are those of `scope`.
    pub fn open(path: &Path, base: &CanonicalUrl, scope: &Scope) -> Result<Self> {
        let root = path.canonicalize().map_err(|error| Error::io(path, error))?;
        if !root.is_dir() {
            return Err(Error::usage(format!("{}: 不是文件夹 / is not a folder", path.display())));
        }
        // One instant for the run: when a file is read says nothing about the site.
        let mut folder = Folder { root, base: base.clone(), scope: scope.clone(), at: crate::clock::now(), loose: false };
        folder.loose = !folder.has_index() && !whole::is_site(&folder, &folder.pages()?);
        Ok(folder)
    }

    /// Does it hold loose pages: no home page at its root, and no links that tie the pages together?
    pub fn is_loose(&self) -> bool {
        self.loose
    }

    fn has_index(&self) -> bool {
        INDEX.iter().any(|name| self.root.join(name).is_file())
    }

    /// Path of the base, ending in `/`.
    fn prefix(&self) -> &str {
        let path = self.base.path();
        &path[..=path.rfind('/').unwrap_or(0)]
    }

    /// Is the URL one of this folder's: below its base, or an own URL of the scope under any of its hosts?
    pub fn holds(&self, url: &CanonicalUrl) -> bool {
        url.authority() == self.base.authority() || self.scope.contains(url, None)
    }

    /// Where the crawl begins: the index at the root, or, without one, every HTML file by content. Of loose pages the home page is
    /// asked for, too: that it was not seen belongs into the record.
    pub fn seeds(&self) -> Result<Vec<CanonicalUrl>> {
        if self.has_index() {
            return Ok(vec![self.door()]);
        }
        let mut seeds = self.pages()?;
        if self.loose && !seeds.is_empty() {
            seeds.push(self.door());
            seeds.sort();
        }
        Ok(seeds)
    }

    fn door(&self) -> CanonicalUrl {
        self.base.join("./", encoding_rs::UTF_8).unwrap_or_else(|_| self.base.clone())
    }

    /// Every HTML file by content, in order.
    fn pages(&self) -> Result<Vec<CanonicalUrl>> {
        let root = self.door();
        let mut seeds = Vec::new();
        self.html_files(&self.root, 0, &mut |relative| {
            let encoded: Vec<String> = relative.iter().map(|part| encode(&part.to_string_lossy())).collect();
            if let Ok(url) = root.join(&format!("./{}", encoded.join("/")), encoding_rs::UTF_8) {
                seeds.push(url);
            }
        })?;
        seeds.sort();
        Ok(seeds)
    }

    fn html_files(&self, directory: &Path, depth: usize, found: &mut dyn FnMut(&Path)) -> Result<()> {
        let entries = std::fs::read_dir(directory).map_err(|error| Error::io(directory, error))?;
        for entry in entries.flatten() {
            let path = entry.path();
            // The type of the entry itself: links are not followed, so none can lead outside or in circles.
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && depth < DEEPEST {
                self.html_files(&path, depth + 1, found)?;
            } else if kind.is_file()
                && is_html(&start_of(&path))
                && let Ok(relative) = path.strip_prefix(&self.root)
            {
                found(relative);
            }
        }
        Ok(())
    }

    /// Answers from the disk.
    pub async fn ask(&self, ask: &Ask<'_>) -> std::result::Result<Answer, Failure> {
        let folder = self.clone();
        let (url, method, limit) = (ask.url.clone(), ask.method, ask.limit);
        let answered = tokio::task::spawn_blocking(move || folder.answer(&url, method, limit)).await;
        answered.unwrap_or_else(|error| Err(Failure::new(Reason::NotInCapture, error.to_string())))
    }

    fn answer(&self, url: &CanonicalUrl, method: Method, limit: Limit) -> std::result::Result<Answer, Failure> {
        let Some(relative) = url.path().strip_prefix(self.prefix()) else {
            return Err(Failure::new(Reason::NotInCapture, "outside the path of the base URL"));
        };
        match self.find(relative, url.query()) {
            Found::Nothing | Found::Unindexed if self.loose && url.path() != ROBOTS => {
                Err(Failure::new(Reason::NotInFolder, "零散页面 / loose pages, not a site"))
            }
            Found::Nothing => Ok(self.reply(404, Vec::new(), Vec::new())),
            // A server may list it, refuse it or have a page of its own for it: what a visitor would get is not in the folder.
            Found::Unindexed => Err(Failure::new(Reason::NotInCapture, "目录里没有首页文件 / a directory without an index file")),
            Found::Directory => {
                let location = format!("{}/{}", url.path(), url.query().map(|q| format!("?{q}")).unwrap_or_default());
                Ok(self.reply(301, vec![("location".into(), location)], Vec::new()))
            }
            Found::File(path) => {
                let length = path.metadata().map(|data| data.len()).unwrap_or(0);
                let most = match limit {
                    Limit::Whole(max) if length > max => {
                        return Err(Failure::new(Reason::TooLarge, format!("{length} > {max}")));
                    }
                    Limit::Whole(max) | Limit::Prefix(max) => max,
                };
                let body = match read_at_most(&path, most) {
                    Ok(body) => body,
                    // A server that may not read a file answers 403.
                    Err(error) => return Ok(self.reply(403, Vec::new(), error.to_string().into_bytes())),
                };
                let media = vec![
                    ("content-type".to_owned(), media_type(&path, &body).to_owned()),
                    ("content-length".to_owned(), length.to_string()),
                ];
                Ok(self.reply(200, media, if method == Method::Head { Vec::new() } else { body }))
            }
        }
    }

    /// Is an address within the base one that the folder has nothing for?
    fn lacks(&self, url: &CanonicalUrl) -> bool {
        let relative = url.path().strip_prefix(self.prefix());
        relative.is_some_and(|relative| matches!(self.find(relative, url.query()), Found::Nothing))
    }

    fn reply(&self, status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Answer {
        Answer { status, headers, body: body.into(), at: self.at, elapsed: None }
    }

    /// The file of a relative URL path. Nothing outside the root is ever found, by `..` or by a symbolic link.
    fn find(&self, relative: &str, query: Option<&str>) -> Found {
        let mut path = self.root.clone();
        for segment in relative.split('/').filter(|segment| !segment.is_empty()) {
            match decode(segment) {
                Some(name) => path.push(name),
                None => return Found::Nothing,
            }
        }
        // Mirrors keep the query in the file's name.
        if let Some(query) = query
            && let Some(name) = path.file_name().map(|name| format!("{}?{query}", name.to_string_lossy()))
            && let Some(file) = self.inside(&path.with_file_name(name)).filter(|file| file.is_file())
        {
            return Found::File(file);
        }
        let Some(found) = self.inside(&path) else { return Found::Nothing };
        let directory_asked = relative.is_empty() || relative.ends_with('/');
        if found.is_dir() {
            if !directory_asked {
                return Found::Directory;
            }
            let index = INDEX.iter().filter_map(|name| self.inside(&found.join(name))).find(|file| file.is_file());
            return index.map_or(Found::Unindexed, Found::File);
        }
        if found.is_file() && !directory_asked { Found::File(found) } else { Found::Nothing }
    }

    fn inside(&self, path: &Path) -> Option<PathBuf> {
        path.canonicalize().ok().filter(|real| real.starts_with(&self.root))
    }
}

/// One path segment as a file name; none when it is no plain name.
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |byte: &u8| (*byte as char).to_digit(16);
        if *first == b'%'
            && let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (hex(high), hex(low))
        {
            bytes.push((high * 16 + low) as u8);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    (name != "." && name != ".." && !name.contains(['/', '\\', '\0'])).then_some(name)
}

/// A file name as a path segment.
fn encode(name: &str) -> String {
    name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~!$'()*+,;=@".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

fn read_at_most(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    std::fs::File::open(path)?.take(most).read_to_end(&mut body)?;
    Ok(body)
}

fn start_of(path: &Path) -> Vec<u8> {
    read_at_most(path, SNIFFED as u64).unwrap_or_default()
}

/// Is it HTML by its first bytes, whatever the name says? Scripts, style sheets and XML are not.
fn is_html(start: &[u8]) -> bool {
    let (text, _, _) = encoding_rs::UTF_8.decode(&start[..start.len().min(SNIFFED)]);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_ascii_lowercase();
    // Browser-saved server pages begin with directives, mirrors with comments.
    let text = past(past(&text, "<%", "%>"), "<!--", "-->");
    let text = past(past(text, "<%", "%>"), "<?xml", "?>").trim_start();
    if !text.starts_with('<') || text.starts_with("<svg") {
        return false;
    }
    [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<title",
        "<meta",
        "<div",
        "<table",
        "<script",
        "<p>",
        "<a ",
        "<h1",
        "<ul",
        "<p ",
    ]
    .iter()
    .any(|tag| text.contains(tag))
        && !text.starts_with("<rss")
        && !text.starts_with("<feed")
        && !text.starts_with("<urlset")
}

/// The text behind any number of leading blocks between two marks.
fn past<'a>(mut text: &'a str, open: &str, close: &str) -> &'a str {
    loop {
        text = text.trim_start();
        match text.strip_prefix(open).and_then(|rest| rest.split_once(close)) {
            Some((_, rest)) => text = rest,
            None => return text,
        }
    }
}

/// Media type by content first, then by extension; a folder claims no charset.
fn media_type(path: &Path, body: &[u8]) -> &'static str {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "html" | "htm" | "shtml" | "xhtml" => "text/html",
        "css" => "text/css",
        "js" => "text/javascript",
        "json" => "application/json",
        "txt" => "text/plain",
        "xml" if !is_html(body) => "application/xml",
        "pdf" => "application/pdf",
        "doc" | "wps" => "application/msword",
        "xls" | "et" => "application/vnd.ms-excel",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "mp4" => "video/mp4",
        _ if is_html(body) => "text/html",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
