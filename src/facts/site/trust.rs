//! How far dates of a site can be trusted: dates that came with a migration, documents filled in long after, documents of other
//! bodies. Pages moved to a new system at one minute prove nobody late.

use super::gathered::Drafts;
use crate::facts::footer::Footer;
use crate::facts::page::Page;
use crate::text::fold;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Pages that must share a minute before it is taken for a migration's.
pub const MIGRATED_PAGES: u64 = 10;
/// Documents published on one day long after their writing that make it a day of filling in.
pub const BACKFILLED_DOCUMENTS: usize = 5;
/// "Long after", in days.
const LONG_AFTER: i32 = 60;

/// What speaks against believing a publish date, and whose documents the site's own are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trust {
    /// Minutes (`2018-12-24 16:30`) that at least [`MIGRATED_PAGES`] pages share, with their number.
    pub migrations: BTreeMap<String, u64>,
    /// Days on which at least [`BACKFILLED_DOCUMENTS`] documents of different days were published long after they were written.
    pub backfilled: BTreeMap<Date, u64>,
    /// Names of the body whose site it is, folded: sponsor of the footer, SiteName, title of the home page.
    pub names: Vec<String>,
}

impl Trust {
    /// Pages that share the minute of publication, when they are so many that it is a migration's.
    pub fn migrated(&self, date: Date, time: Option<&str>) -> Option<u64> {
        self.migrations.get(&format!("{date} {}", time?)).copied()
    }

    /// Is the issuing body that of the site? A government's site has the documents of all bodies of its place; a bureau's has its own.
    /// None where the names do not tell.
    pub fn is_own(&self, body: &str) -> Option<bool> {
        let body = fold(body);
        if body.chars().count() < 4 || self.names.is_empty() {
            return None;
        }
        let same = |name: &String| body.contains(name.as_str()) || (name.contains(&body) && body.chars().count() >= 6);
        if self.names.iter().any(same) {
            return Some(true);
        }
        // Names of the highest bodies have no place before them.
        if ["国务院", "中共中央", "全国人", "中央", "中华人民共和国"].iter().any(|b| body.starts_with(b)) {
            return Some(false);
        }
        let place = place_of(&body)?;
        let government = self.names.iter().filter(|n| n.contains("人民政府") || n.contains("政府网"));
        let mut of_here = government.filter_map(|n| place_of(n)).peekable();
        if of_here.peek().is_some() {
            return Some(of_here.any(|here| here == place));
        }
        // A bureau's own documents bear its own name; another full name is another body's.
        let full = self.names.iter().any(|n| place_of(n).is_some());
        full.then_some(false)
    }
}

/// 某省, 某市, 某县 at the head of a name, the innermost: 安徽省亳州市人民政府 gives 亳州市.
fn place_of(name: &str) -> Option<&str> {
    let mut end = None;
    let mut start = 0;
    for (at, c) in name.char_indices() {
        if at > 36 || matches!(c, '人' | '办' | '局' | '委' | '厅' | '部') {
            break;
        }
        if matches!(c, '省' | '市' | '县' | '区' | '州' | '旗' | '镇' | '乡') && at > start {
            // 亳州市 is one name: 州 ends none that 市 follows.
            if let Some(before) = end.filter(|before| *before < at) {
                start = before;
            }
            end = Some(at + c.len_utf8());
        }
    }
    end.map(|end| &name[start..end])
}

/// What the drafts of all pages tell.
pub(super) fn of(drafts: &Drafts, home: Option<&Page>, footers: &[(Footer, u64, CanonicalUrl)]) -> Trust {
    let mut minutes: BTreeMap<String, u64> = BTreeMap::new();
    let mut late: BTreeMap<Date, (u64, BTreeSet<Date>)> = BTreeMap::new();
    for draft in drafts.values() {
        let Some(published) = draft.publish_date else { continue };
        // Midnight is what systems write that know no time.
        if let Some(time) = draft.publish_time.as_deref().filter(|t| *t != "00:00") {
            *minutes.entry(format!("{published} {time}")).or_default() += 1;
        }
        if let Some(written) = draft.written_date.filter(|w| (published - *w).get_days() > LONG_AFTER) {
            let day = late.entry(published).or_default();
            day.0 += 1;
            day.1.insert(written);
        }
    }
    minutes.retain(|_, pages| *pages >= MIGRATED_PAGES);
    let backfilled = late.into_iter().filter(|(_, (_, written))| written.len() >= BACKFILLED_DOCUMENTS);
    Trust { migrations: minutes, backfilled: backfilled.map(|(day, (n, _))| (day, n)).collect(), names: names(home, footers) }
}

fn names(home: Option<&Page>, footers: &[(Footer, u64, CanonicalUrl)]) -> Vec<String> {
    let sponsor = footers.iter().find_map(|(footer, ..)| footer.sponsor.as_deref());
    let of_home = home.into_iter().flat_map(|page| [page.meta("SiteName"), Some(page.document.title.as_str())]).flatten();
    let mut names: Vec<String> = Vec::new();
    for name in sponsor.into_iter().chain(of_home).map(fold) {
        let name = ["门户网站", "官方网站", "政府信息公开", "信息公开", "网站", "首页", "-"]
            .iter()
            .fold(name, |n, end| n.strip_suffix(end).map(str::to_owned).unwrap_or(n));
        if name.chars().count() >= 4 && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_names() {
        for (name, place) in [
            ("亳州市人民防空办公室", Some("亳州市")),
            ("安徽省亳州市人民政府", Some("亳州市")),
            ("象山县教育局", Some("象山县")),
            ("国务院办公厅", None),
            ("教育部", None),
        ] {
            assert_eq!(place_of(name), place, "{name}");
        }
    }

    #[test]
    fn own_bodies() {
        let trust = |name: &str| Trust { names: vec![name.to_owned()], ..Trust::default() };
        let bureau = trust("某市公安局");
        assert_eq!(bureau.is_own("某市公安局"), Some(true));
        assert_eq!(bureau.is_own("某市公安局办公室"), Some(true));
        assert_eq!(bureau.is_own("某市人民政府办公室"), Some(false));
        assert_eq!(bureau.is_own("国务院办公厅"), Some(false));
        assert_eq!(bureau.is_own("办公室"), None);
        let portal = trust("某县人民政府");
        assert_eq!(portal.is_own("某县教育局"), Some(true));
        assert_eq!(portal.is_own("某省教育厅"), Some(false));
        assert_eq!(Trust::default().is_own("某市公安局"), None);
    }
}
