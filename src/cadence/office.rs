//! `office.toml`: where an office keeps its store and runs, when its cadences run, whom it tells.

use crate::checklist::Cadence;
use crate::checklist::place::Origin;
use crate::config::Hours;
use crate::error::{Error, Result};
use crate::url::CanonicalUrl;
use croner::Cron;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The defaults with comments in both languages: also the template that an office copies.
pub const TEMPLATE: &str = include_str!("office.toml");

/// The whole file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Office {
    /// Name of the office, for reports.
    pub name: String,
    /// SQLite file or `postgres://…`.
    pub store: String,
    /// Folder in which runs are kept.
    pub runs: PathBuf,
    /// Folder in which reports are written; empty: not written.
    pub reports: PathBuf,
    /// Configuration file of the crawls.
    pub crawl: Option<PathBuf>,
    /// Name of this network: an outpost has another.
    pub vantage: String,
    /// Sites crawled at once.
    pub at_once: usize,
    /// Probes.
    pub probes: ProbeTable,
    /// When the daily look begins.
    pub daily: CadenceTable,
    /// When the deep scan begins.
    pub quarterly: CadenceTable,
    /// When the pre-assessment begins.
    pub semiannual: CadenceTable,
    /// Working days within which findings have to be mended; beyond them they are told as overdue.
    pub rectify_within: Deadlines,
    /// Windows in which no run begins, by the clock of Shanghai: `working 08:30-12:00`.
    pub quiet_hours: Vec<String>,
    /// Mail.
    pub mail: Option<Mail>,
    /// Webhooks.
    pub webhook: Vec<Webhook>,
}

/// Availability visits (regulations.md 1.2 V2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProbeTable {
    /// Visits of each site a day, spread evenly; 0: none. The norm asks for 20.
    pub a_day: u32,
    /// Seconds after which an answer is none.
    pub seconds: f64,
    /// Addresses that tell our own line from the sites'; a round in which none of them answers is void.
    pub controls: Vec<CanonicalUrl>,
}

/// Working days by severity; none: never overdue. Notices of several offices give ten (regulations.md E25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    /// Veto-level findings.
    pub veto: Option<u32>,
    /// Findings of severity error.
    pub error: Option<u32>,
}

impl Default for Deadlines {
    fn default() -> Self {
        Deadlines { veto: Some(10), error: Some(10) }
    }
}

/// One cadence.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CadenceTable {
    /// Cron expression of five fields, Asia/Shanghai; empty: this cadence does not run.
    pub at: String,
    /// Is a due day that is no working day moved to the next one, within the period?
    #[serde(default)]
    pub working_days: bool,
    /// Checklists; empty: the default ones and those of the units' kinds.
    #[serde(default)]
    pub checklists: Vec<String>,
}

/// Where mail goes out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Host of the mail server.
    pub server: String,
    /// Port.
    #[serde(default)]
    pub port: Option<u16>,
    /// `tls` (465), `starttls` (587) or `none` (a relay on this machine).
    #[serde(default = "tls")]
    pub security: String,
    /// User.
    #[serde(default)]
    pub user: Option<String>,
    /// File that holds the password: it is never in this one.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Sender.
    pub from: String,
    /// Receivers.
    pub to: Vec<String>,
}

fn tls() -> String {
    "tls".to_owned()
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// `wecom` (企业微信), `dingtalk` (钉钉) or `plain` (JSON).
    pub kind: Channel,
    /// Address.
    pub url: CanonicalUrl,
    /// File that holds the secret by which DingTalk messages are signed.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
}

/// Kind of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// 企业微信群机器人
    Wecom,
    /// 钉钉群机器人
    Dingtalk,
    /// JSON as it is.
    Plain,
}

impl Default for ProbeTable {
    fn default() -> Self {
        ProbeTable { a_day: 24, seconds: 15.0, controls: Vec::new() }
    }
}

impl Default for Office {
    fn default() -> Self {
        let table = |at: &str, working_days| CadenceTable { at: at.to_owned(), working_days, checklists: Vec::new() };
        Office {
            name: String::new(),
            store: "xuncha.db".to_owned(),
            runs: "xuncha-runs".into(),
            reports: "xuncha-reports".into(),
            crawl: None,
            vantage: "office".to_owned(),
            at_once: 2,
            probes: ProbeTable::default(),
            daily: table("0 5 * * *", false),
            quarterly: table("0 19 5 2,5,8,11 *", true),
            semiannual: table("0 19 5 6,12 *", true),
            rectify_within: Deadlines::default(),
            quiet_hours: Vec::new(),
            mail: None,
            webhook: Vec::new(),
        }
    }
}

impl Office {
    /// Reads a file; paths in it are relative to its folder. Every mistake with its place.
    pub fn read(file: &Path) -> Result<Self> {
        let origin = Origin::read(file)?;
        let mut office: Office = toml::from_str(&origin.text).map_err(|e| origin.refuse(&e))?;
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let from = |path: &mut PathBuf| {
            if !path.as_os_str().is_empty() && path.is_relative() {
                *path = folder.join(&path);
            }
        };
        from(&mut office.runs);
        from(&mut office.reports);
        office.crawl.iter_mut().for_each(from);
        office.mail.iter_mut().filter_map(|mail| mail.password_file.as_mut()).for_each(from);
        office.webhook.iter_mut().filter_map(|hook| hook.secret_file.as_mut()).for_each(from);
        if !office.store.contains(':') && Path::new(&office.store).is_relative() {
            office.store = folder.join(&office.store).display().to_string();
        }
        office
            .check()
            .map_err(|(what, message, hint)| Error::usage_with(format!("{}: {what}: {message}", file.display()), hint))?;
        Ok(office)
    }

    fn check(&self) -> std::result::Result<(), (String, String, String)> {
        let refuse = |what: &str, message: String, hint: &str| Err((what.to_owned(), message, hint.to_owned()));
        for cadence in [Cadence::Daily, Cadence::Quarterly, Cadence::Semiannual] {
            let table = self.table(cadence);
            if !table.at.is_empty()
                && let Err(e) = Cron::from_str(&table.at)
            {
                return refuse(
                    crate::store::runs::cadence_word(cadence),
                    format!("at {:?}: {e}", table.at),
                    "分 时 日 月 周 / minute hour day month weekday: \"0 5 * * *\"",
                );
            }
        }
        for window in &self.quiet_hours {
            if let Err(message) = Hours::check(window) {
                return refuse("quiet_hours", message, "working 08:30-12:00");
            }
        }
        if !(1..=64).contains(&self.at_once) {
            return refuse("at_once", self.at_once.to_string(), "1 … 64");
        }
        if self.vantage.trim().is_empty() || self.vantage.chars().any(char::is_control) {
            return refuse("vantage", format!("{:?}", self.vantage), "office");
        }
        if self.probes.a_day > 288 || !(1.0..=60.0).contains(&self.probes.seconds) {
            return refuse("probes", "a_day ≤ 288, 1 ≤ seconds ≤ 60".into(), "a_day = 24, seconds = 15");
        }
        if let Some(mail) = &self.mail
            && !matches!(mail.security.as_str(), "tls" | "starttls" | "none")
        {
            return refuse("mail", format!("security {:?}", mail.security), "tls, starttls, none");
        }
        Ok(())
    }

    /// The table of a cadence.
    pub fn table(&self, cadence: Cadence) -> &CadenceTable {
        match cadence {
            Cadence::Daily => &self.daily,
            Cadence::Quarterly => &self.quarterly,
            Cadence::Semiannual => &self.semiannual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_what_the_code_does() {
        assert_eq!(toml::from_str::<Office>(TEMPLATE).expect("parses"), Office::default());
    }

    #[test]
    fn mistakes_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("office.toml");
        let told = |text: &str| {
            std::fs::write(&file, text).unwrap();
            Office::read(&file).expect_err(text).to_string()
        };
        assert!(told("nam = 1").contains("office.toml:1"));
        assert!(told("[daily]\nat = \"every day\"").contains("daily"));
        assert!(told("quiet_hours = [\"25:00-26:00\"]").contains("quiet_hours"));
        assert!(told("at_once = 0").contains("at_once"));
        assert!(told("vantage = \" \"").contains("vantage"));
        std::fs::write(&file, "store = \"s.db\"\nruns = \"r\"").unwrap();
        let office = Office::read(&file).unwrap();
        assert!(office.store.ends_with("/s.db") && office.runs.is_absolute());
    }
}
