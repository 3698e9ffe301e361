//! `platforms.toml`: official platforms on which a duty may be fulfilled elsewhere (design.md section 5).

use crate::finding::Text;
use serde::Deserialize;
use std::sync::OnceLock;

/// One platform.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Hosts: a name means itself and everything below it; `*.zwfw.gov.cn` only what is below.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// First labels of host names below `.gov.cn` (`zwfw`, `ggzy`): provinces name the same platform alike.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Columns whose duty may be fulfilled there.
    pub fulfils: Vec<String>,
    /// Is what matters behind login or script, so that an answer of the host proves nothing?
    #[serde(default)]
    pub hidden: bool,
}

/// The file built in.
pub const BUILT_IN: &str = include_str!("../../checklists/platforms.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    platform: Vec<Platform>,
}

/// Every platform, in file order.
pub fn all() -> &'static [Platform] {
    static PLATFORMS: OnceLock<Vec<Platform>> = OnceLock::new();
    // A test keeps the embedded file right.
    PLATFORMS.get_or_init(|| toml::from_str::<File>(BUILT_IN).map(|file| file.platform).unwrap_or_default())
}

/// The platform to which a host belongs; a host name in lower case without port.
pub fn of_host(host: &str) -> Option<&'static Platform> {
    all().iter().find(|platform| platform.holds(host))
}

impl Platform {
    fn holds(&self, host: &str) -> bool {
        let below = |name: &str| host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
        self.hosts.iter().any(|name| match name.strip_prefix("*.") {
            Some(name) => below(name),
            None => host == name || below(name),
        }) || (below("gov.cn") && host.split('.').next().is_some_and(|label| self.labels.iter().any(|l| l == label)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_labels() {
        let of = |host: &str| of_host(host).map(|p| p.id.as_str());
        assert_eq!(of("www.creditchina.gov.cn"), Some("credit-china"));
        assert_eq!(of("zwfw.hunan.gov.cn"), Some("government-services"));
        assert_eq!(of("zwfw.example.com"), None, "a label counts only below gov.cn");
        assert_eq!(of("notcreditchina.gov.cn"), None);
    }

    #[test]
    fn the_embedded_file_names_known_columns() {
        let book = crate::checklist::columns::ColumnBook::load();
        assert!(!all().is_empty());
        for platform in all() {
            assert!(!platform.hosts.is_empty() || !platform.labels.is_empty(), "{}", platform.id);
            for column in &platform.fulfils {
                assert!(book.find(column).is_some(), "{}: {column}", platform.id);
            }
        }
    }
}
