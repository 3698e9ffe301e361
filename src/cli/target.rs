//! What TARGET means: a URL, a folder of built pages, or a WARC file.

use crate::error::{Error, Result};
use crate::plan::Target;
use crate::url::CanonicalUrl;
use std::io::Read;
use std::path::Path;

/// Reads one TARGET. `base` is `--base`, for folders.
pub fn parse(text: &str, base: Option<&str>) -> Result<Target> {
    if text.starts_with("http://") || text.starts_with("https://") {
        let url = CanonicalUrl::parse(text)
            .map_err(|e| Error::usage_with(format!("{text:?} 不是可用的网址 / is no usable URL: {e}"), example()))?;
        return Ok(Target::Live(vec![url]));
    }
    let path = Path::new(text);
    if path.is_dir() {
        let base = match base {
            Some(base) => CanonicalUrl::parse(base)
                .map_err(|e| Error::usage_with(format!("--base {base:?} 不是可用的网址 / is no usable URL: {e}"), example()))?,
            None => CanonicalUrl::parse("http://localhost/").map_err(|e| Error::Internal(e.to_string()))?,
        };
        let path = path.canonicalize().map_err(|e| Error::io(path, e))?;
        return Ok(Target::Folder { path, base });
    }
    if path.is_file() {
        if is_warc(path)? {
            return Ok(Target::Warc(vec![path.to_owned()]));
        }
        return Err(Error::usage_with(
            format!("{text} 是文件，但不是 WARC / is a file, but no WARC"),
            "给出网址、网页文件夹或 .warc/.warc.gz / give a URL, a folder of pages, or a .warc(.gz)",
        ));
    }
    let near_url = text.contains('.') && !text.contains(char::is_whitespace) && !text.starts_with(['.', '/']);
    let hint = if near_url && CanonicalUrl::parse(&format!("http://{text}")).is_ok() {
        format!("是不是 https://{text} ？/ did you mean https://{text} ?")
    } else {
        example()
    };
    Err(Error::usage_with(format!("{text:?} 不是网址、文件夹或 WARC 文件 / is no URL, folder or WARC file"), hint))
}

fn example() -> String {
    "例 / for example: xuncha audit https://www.example.gov.cn/".to_owned()
}

/// A WARC by its first bytes, plain or gzip.
fn is_warc(path: &Path) -> Result<bool> {
    let mut file = std::fs::File::open(path).map_err(|e| Error::io(path, e))?;
    let mut head = [0u8; 2];
    if file.read_exact(&mut head).is_err() {
        return Ok(false);
    }
    let mut first = [0u8; 5];
    let file = std::fs::File::open(path).map_err(|e| Error::io(path, e))?;
    let got = if head == [0x1f, 0x8b] {
        flate2::read::MultiGzDecoder::new(file).read_exact(&mut first)
    } else {
        let mut file = file;
        file.read_exact(&mut first)
    };
    Ok(got.is_ok() && &first == b"WARC/")
}

/// A short name for folders and headings.
pub fn name(target: &Target) -> String {
    let name = match target {
        Target::Live(seeds) => seeds.first().map(|s| s.authority().replace(':', "-")).unwrap_or_default(),
        Target::Folder { path, .. } => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        Target::Warc(paths) => paths
            .first()
            .and_then(|p| p.file_name())
            .map(|n| n.to_string_lossy().trim_end_matches(".gz").trim_end_matches(".warc").to_owned())
            .unwrap_or_default(),
    };
    let safe: String =
        name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' }).take(80).collect();
    if safe.trim_matches(['.', '-']).is_empty() { "site".to_owned() } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_folders_and_captures_are_told_apart() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let plain = folder.path().join("a.warc");
        std::fs::write(&plain, b"WARC/1.1\r\n").expect("writes");
        let text = folder.path().join("b.txt");
        std::fs::write(&text, b"hello").expect("writes");
        let spell = |p: &Path| p.to_string_lossy().into_owned();
        assert!(matches!(parse("https://x.gov.cn", None), Ok(Target::Live(_))));
        assert!(matches!(parse(&spell(folder.path()), Some("http://x.gov.cn/")), Ok(Target::Folder { .. })));
        assert!(matches!(parse(&spell(&plain), None), Ok(Target::Warc(_))));
        assert!(parse(&spell(&text), None).expect_err("no WARC").to_string().contains("no WARC"));
        assert!(parse("www.x.gov.cn", None).expect_err("no scheme").to_string().contains("https://www.x.gov.cn"));
        assert!(parse("no such thing", None).is_err());
        assert!(parse("https://", None).is_err());
    }

    #[test]
    fn names_are_safe_for_folders() {
        let target = Target::Live(vec![CanonicalUrl::parse("http://x.cn:81/a").expect("parses")]);
        assert_eq!(name(&target), "x.cn-81");
    }
}
