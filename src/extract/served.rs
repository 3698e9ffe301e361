//! The name under which a response wants to be saved.

use crate::exchange::Exchange;

/// `filename*` of `Content-Disposition`, else its `filename`, decoded.
pub fn served_name(exchange: &Exchange) -> Option<String> {
    let header = exchange.header("content-disposition")?;
    let parameter = |wanted: &str| {
        header.split(';').skip(1).find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = parameter("filename*").and_then(|value| {
        let mut parts = value.splitn(3, '\'');
        let (charset, _, name) = (parts.next()?, parts.next()?, parts.next()?);
        let encoding = encoding_rs::Encoding::for_label(charset.trim().as_bytes())?;
        Some(encoding.decode(&percent_decoded(name)).0.into_owned())
    });
    let plain = || parameter("filename").map(|value| crate::facts::file::name_of(&percent_decoded(&value)));
    extended.or_else(plain).filter(|name| !name.is_empty())
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex {
            Some(byte) if *first == b'%' => {
                out.push(byte);
                rest = &after[2..];
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Gathering, Method};
    use crate::url::CanonicalUrl;

    #[test]
    fn names_are_decoded() {
        let name = |value: &str| {
            served_name(&Exchange {
                url: CanonicalUrl::parse("http://a.gov.cn/d").unwrap(),
                method: Method::Get,
                gathering: Gathering::Attachments,
                status: 200,
                headers: vec![("content-disposition".into(), value.into())],
                body: Default::default(),
                at: jiff::Timestamp::UNIX_EPOCH,
                hops: 1,
                via: None,
                attempts: 1,
                look: 1,
                elapsed: None,
                profile: crate::exchange::Profile::Own,
            })
        };
        assert_eq!(name("attachment; filename=\"a.pdf\"").as_deref(), Some("a.pdf"));
        assert_eq!(name("attachment; filename=x.doc; filename*=UTF-8''%E9%80%9A%E7%9F%A5.doc").as_deref(), Some("通知.doc"));
        assert_eq!(name("attachment; filename=%CD%A8%D6%AA.doc").as_deref(), Some("通知.doc"), "GBK, percent-encoded");
        assert_eq!(name("inline"), None);
    }
}
