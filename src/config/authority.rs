//! Recorded authority: who allowed, in which document and until when, that a host is asked faster or in spite of its robots.txt.

use super::check::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One `[[authority]]` table of a configuration file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Host name as in URLs, without port: `www.example.gov.cn`.
    pub host: String,
    /// Who allowed it: the body that runs the site or its platform.
    pub who: String,
    /// Number of the document that says so.
    pub document_number: String,
    /// Last day on which it holds.
    pub until: Date,
    /// Requests per second allowed there; none: the rate of the run. With it a Crawl-delay is not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Requests at once allowed there; none: as everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<u32>,
    /// Is robots.txt disregarded, its Disallow lines as its Crawl-delay? Retry-After and back-off hold all the same.
    #[serde(default)]
    pub ignore_robots: bool,
}

impl Authority {
    /// Does it speak of this host? `host` in lower case.
    pub fn covers(&self, host: &str) -> bool {
        self.host.eq_ignore_ascii_case(host)
    }
}

/// What is wrong with the tables, on that day.
pub(super) fn check(authorities: &[Authority], today: Date) -> Result<(), Refusal> {
    let refuse = |at: usize, message: String, hint: &str| {
        let host = authorities.get(at).map(|a| a.host.as_str()).unwrap_or_default();
        Err((format!("[[authority]] {host}: {message}"), Some(hint.to_owned())))
    };
    for (at, authority) in authorities.iter().enumerate() {
        let host = &authority.host;
        if host.trim().is_empty() || host.contains(['/', '*', ' ', '?', ':']) {
            return refuse(at, "host 只写主机名 / host takes a bare host name".into(), "www.example.gov.cn");
        }
        if authorities[..at].iter().any(|known| known.covers(host)) {
            return refuse(at, "同一主机写了两次 / the same host twice".into(), "合并为一条 / write one table for it");
        }
        for (name, text) in [("who", &authority.who), ("document_number", &authority.document_number)] {
            if text.trim().is_empty() || text.chars().any(char::is_control) || text.chars().count() > 200 {
                let message = format!("{name} 须写明，一行以内 / {name} must be stated on one line");
                return refuse(at, message, "谁批准、哪份文件 / who allowed it, in which document");
            }
        }
        if authority.until < today {
            return refuse(
                at,
                format!("授权已于 {} 到期 / the authority ended on {}", authority.until, authority.until),
                "取得新的授权后更新 until，或删去此条 / renew it and change `until`, or delete the table",
            );
        }
        if authority.rate.is_some_and(|rate| !(rate.is_finite() && rate > 0.0 && rate <= 100.0)) {
            return refuse(at, "rate 应大于 0、不超过 100 / rate must be above 0 and at most 100".into(), "rate = 5.0");
        }
        if authority.at_once.is_some_and(|n| !(1..=32).contains(&n)) {
            return refuse(at, "at_once 应在 1 与 32 之间 / at_once must be between 1 and 32".into(), "at_once = 4");
        }
        if authority.rate.is_none() && authority.at_once.is_none() && !authority.ignore_robots {
            return refuse(
                at,
                "没有写允许什么 / it allows nothing".into(),
                "写 rate、at_once 或 ignore_robots / state rate, at_once or ignore_robots",
            );
        }
    }
    Ok(())
}
