//! Letters that an office sends out: the request for admission to the operator of a site or platform.
//!
//! Chinese first, English beside it. What nobody stated is a blank that shows; no legal basis is named but the one that the office gives.

use crate::error::{Error, Result};
use crate::finding::Text;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use serde::Serialize;
use std::fmt::Write;

const TEMPLATE: &str = include_str!("../../reports/templates/letter.html.jinja");

/// What a blank looks like.
pub const BLANK: &str = "＿＿＿＿＿＿";

/// All that a request for admission says. Empty texts are blanks in the letter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Admission {
    /// The body that asks.
    pub office: String,
    /// The operator that is asked.
    pub operator: String,
    /// Number of this letter.
    pub document_number: String,
    /// On what the office founds its audit, in its own words; empty: the letter says nothing of it.
    pub basis: String,
    /// Hosts that are to be visited.
    pub hosts: Vec<String>,
    /// Requests per second and host.
    pub rate: f64,
    /// Requests at once per host.
    pub at_once: u32,
    /// Hours in which nothing is sent, and in which alone something is, as configured.
    pub quiet_hours: Vec<String>,
    /// Likewise.
    pub allowed_hours: Vec<String>,
    /// The user agent.
    pub user_agent: String,
    /// Addresses that the requests come from.
    pub sources: Vec<String>,
    /// First day.
    pub from: Option<jiff::civil::Date>,
    /// Last day.
    pub until: Option<jiff::civil::Date>,
    /// Whom to call or write to.
    pub contact: String,
    /// URLs that robots.txt excluded in an earlier run, by host.
    pub excluded: Vec<(String, u64)>,
    /// Day of the letter.
    pub date: Option<jiff::civil::Date>,
}

/// How a letter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Form {
    /// Markdown: each paragraph in Chinese, then in English.
    #[default]
    Md,
    /// One page for a browser or a word processor, both languages side by side.
    Html,
    /// Plain text: the Chinese letter, then the English one.
    Txt,
}

/// A paragraph.
#[derive(Debug, Clone, Serialize)]
struct Paragraph {
    zh: String,
    en: String,
    item: bool,
}

fn or_blank(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { BLANK.to_owned() } else { super::plain::line(text).into_owned() }
}

impl Admission {
    /// Names of what is still blank.
    pub fn blanks(&self) -> Vec<Text> {
        let both = super::words::both;
        let missing = [
            (self.office.trim().is_empty(), both("发函单位 --office", "the body that asks, --office")),
            (self.operator.trim().is_empty(), both("收函单位 --to", "the operator, --to")),
            (self.document_number.trim().is_empty(), both("文号 --number", "number of the letter, --number")),
            (self.contact.trim().is_empty(), both("联系方式 --contact", "contact, --contact")),
            (self.sources.is_empty(), both("来源地址 --source", "source addresses, --source")),
            (self.from.is_none() || self.until.is_none(), both("起止日期 --from、--until", "period, --from and --until")),
        ];
        missing.into_iter().filter(|(missing, _)| *missing).map(|(_, name)| name).collect()
    }

    /// Writes the letter.
    ///
    /// # Errors
    /// [`Error::Internal`] when our own template is wrong.
    pub fn render(&self, form: Form) -> Result<String> {
        let paragraphs = self.paragraphs();
        let (title, title_en) = ("关于商请放行网站巡查访问的函", "Request for admission of a website inspection");
        match form {
            Form::Md => {
                let mut out = format!("# {title}\n\n*{title_en}*\n\n");
                for paragraph in &paragraphs {
                    let mark = if paragraph.item { "- " } else { "" };
                    let indent = if paragraph.item { "  " } else { "" };
                    let _ = write!(out, "{mark}{}\n\n{indent}> {}\n\n", escaped(&paragraph.zh), escaped(&paragraph.en));
                }
                Ok(out)
            }
            Form::Txt => {
                let letter = |title: &str, of: &dyn Fn(&Paragraph) -> String| {
                    let lines = paragraphs.iter().map(|p| format!("{}{}\n\n", if p.item { "  - " } else { "" }, of(p)));
                    format!("{title}\n\n{}", lines.collect::<String>())
                };
                Ok(format!("{}\n{}", letter(title, &|p| p.zh.clone()), letter(title_en, &|p| p.en.clone())))
            }
            Form::Html => {
                let internal = |e: minijinja::Error| Error::Internal(format!("letter: {e:#}"));
                let mut environment = Environment::new();
                environment.set_auto_escape_callback(|_| AutoEscape::Html);
                environment.set_undefined_behavior(UndefinedBehavior::Strict);
                environment.add_template("letter.html", TEMPLATE).map_err(internal)?;
                let template = environment.get_template("letter.html").map_err(internal)?;
                template
                    .render(context! { title, title_en, paragraphs => super::html::view::convert(serde_json::to_value(&paragraphs).unwrap_or_default()) })
                    .map_err(internal)
            }
        }
    }

    fn paragraphs(&self) -> Vec<Paragraph> {
        let mut out = Vec::new();
        let mut say = |item: bool, zh: String, en: String| out.push(Paragraph { zh, en, item });
        let (office, operator) = (or_blank(&self.office), or_blank(&self.operator));
        say(false, format!("{operator}："), format!("To: {operator}"));
        say(
            false,
            format!("文号：{}", or_blank(&self.document_number)),
            format!("Our reference: {}", or_blank(&self.document_number)),
        );
        let basis = self.basis.trim();
        let (basis_zh, basis_en) = match basis.is_empty() {
            true => (String::new(), String::new()),
            false => (format!("依据{}，", super::plain::line(basis)), format!(" on the basis of {}", super::plain::line(basis))),
        };
        say(
            false,
            format!(
                "{basis_zh}我单位（{office}）对下列网站的政府信息公开情况开展检查，由自动程序以普通访问者身份读取公开页面，不登录、不提交表单、\
                 不绕过访问控制。为使检查完整、准确，商请贵单位在检查期间放行该访问。"
            ),
            format!(
                "We, {office}, inspect the disclosure of government information on the sites named below{basis_en}. A program reads \
                 public pages as any visitor does; it does not log in, submits no form and goes round no access control. So that the \
                 inspection is complete and right, we ask you to admit it during the period named."
            ),
        );
        say(true, format!("网站：{}", self.hosts.join("、")), format!("Sites: {}", self.hosts.join(", ")));
        say(
            true,
            format!("程序标识（User-Agent）：{}", self.user_agent),
            format!("The program names itself (User-Agent): {}", self.user_agent),
        );
        let sources = if self.sources.is_empty() { BLANK.to_owned() } else { self.sources.join(", ") };
        say(true, format!("来源地址：{sources}"), format!("Requests come from: {sources}"));
        let day = |date: Option<jiff::civil::Date>| date.map_or(BLANK.to_owned(), |date| date.to_string());
        say(
            true,
            format!("期间：{} 至 {}", day(self.from), day(self.until)),
            format!("Period: {} to {}", day(self.from), day(self.until)),
        );
        let (rate, at_once) = (self.rate, self.at_once);
        say(
            true,
            format!(
                "速率：每个网站每秒不超过 {rate} 次请求、同时不超过 {at_once} 个；同一地址上的全部网站合计不超过其两倍。服务器应答 429、503 或 \
                 Retry-After，或应答变慢时自动放慢。"
            ),
            format!(
                "Rate: at most {rate} requests a second and {at_once} at once per site; all sites at one address together at most twice \
                 that. The program slows down when the server answers 429, 503 or Retry-After, or when its answers become slow."
            ),
        );
        let windows = |windows: &[String]| windows.join("，");
        if !self.quiet_hours.is_empty() {
            let hours = windows(&self.quiet_hours);
            say(true, format!("不访问的时段（北京时间）：{hours}"), format!("Hours without requests (Beijing time): {hours}"));
        }
        if !self.allowed_hours.is_empty() {
            let hours = windows(&self.allowed_hours);
            say(
                true,
                format!("只在此时段访问（北京时间）：{hours}"),
                format!("Requests in these hours only (Beijing time): {hours}"),
            );
        }
        for (host, n) in &self.excluded {
            say(
                true,
                format!("目前 {host} 的 robots.txt 不允许访问其中 {n} 个网址，这些页面无法检查。"),
                format!("At present the robots.txt of {host} excludes {n} URLs; these cannot be inspected."),
            );
        }
        say(false, "商请贵单位：".to_owned(), "We ask you:".to_owned());
        say(
            true,
            "在 robots.txt 中允许上述程序（产品名 xuncha）访问公开页面，例如：User-agent: xuncha 另起一行 Allow: /".to_owned(),
            "to allow the program (product token xuncha) public pages in robots.txt, for example: User-agent: xuncha, and on the next \
             line Allow: /"
                .to_owned(),
        );
        say(
            true,
            "在防火墙、WAF、CDN 等防护设备上，按来源地址或程序标识放行，不返回验证页面；如需另行限速，请告知可接受的速率。".to_owned(),
            "to admit it by source address or user agent at firewall, WAF and CDN, without challenge pages; if another rate suits you \
             better, tell us which."
                .to_owned(),
        );
        say(
            true,
            "如以书面同意代替上述设置，请写明同意的网站、速率、是否不受 robots.txt 限制以及截止日期，我单位将在检查报告中注明。".to_owned(),
            "or to consent in writing instead: for which sites, at which rate, whether robots.txt may be disregarded, and until when; our \
             report will name your consent."
                .to_owned(),
        );
        let contact = or_blank(&self.contact);
        say(
            false,
            format!("如访问影响贵单位系统运行，请随时与我单位联系，我们将立即停止。联系方式：{contact}"),
            format!("If the requests ever trouble your systems, tell us and they stop at once. Contact: {contact}"),
        );
        say(false, format!("{office}　{}", day(self.date)), format!("{office}, {}", day(self.date)));
        out
    }
}

/// Characters that mean something in Markdown, as themselves.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Admission {
        Admission {
            office: "某县政务公开办<script>".into(),
            hosts: vec!["www.x.gov.cn".into()],
            rate: 2.0,
            at_once: 2,
            user_agent: "xuncha/0.1 (+zwgk@x.gov.cn)".into(),
            excluded: vec![("www.x.gov.cn".into(), 12)],
            ..Admission::default()
        }
    }

    #[test]
    fn every_form_says_the_same_in_both_languages_and_escapes() {
        for form in [Form::Md, Form::Html, Form::Txt] {
            let text = letter().render(form).unwrap().replace("&#x2f;", "/");
            for part in ["www.x.gov.cn", "xuncha/0.1", "12", "每秒不超过 2 次", "at most 2 requests a second", BLANK] {
                let part = if form == Form::Md { escaped(part) } else { part.to_owned() };
                assert!(text.contains(&part), "{form:?} lacks {part}:\n{text}");
            }
            assert_eq!(text.contains("<script>"), form == Form::Txt, "{form:?}");
            assert!(!text.contains("依据"), "no basis is claimed that nobody gave");
        }
        assert_eq!(letter().blanks().len(), 5);
    }
}
