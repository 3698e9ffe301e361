//! The values by name: how each is read from text, and which values make sense.

use super::{Config, Hours, Render, Resolve, authority};
use toml::Value;

/// A refusal: what is wrong and what to do.
pub(super) type Refusal = (String, Option<String>);

/// How a value is written in the environment and on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Number,
    Seconds,
    Count,
    Bytes,
    Switch,
    List,
    Text,
    Severity,
    Render,
    /// Tables of a file; nothing that a flag could say.
    Tables,
}

const SHAPES: [(&str, Shape); 33] = [
    ("rate", Shape::Number),
    ("at_once", Shape::Count),
    ("quiet_hours", Shape::List),
    ("allowed_hours", Shape::List),
    ("shared_gates", Shape::Text),
    ("max_requests", Shape::Count),
    ("max_total_bytes", Shape::Bytes),
    ("max_time", Shape::Seconds),
    ("max_host_requests", Shape::Count),
    ("max_host_bytes", Shape::Bytes),
    ("max_host_time", Shape::Seconds),
    ("connect_timeout", Shape::Seconds),
    ("timeout", Shape::Seconds),
    ("seed_patience", Shape::Seconds),
    ("max_bytes", Shape::Bytes),
    ("max_attachment_bytes", Shape::Bytes),
    ("max_redirects", Shape::Count),
    ("max_pages", Shape::Count),
    ("max_hops", Shape::Count),
    ("max_attempts", Shape::Count),
    ("second_look_after", Shape::Seconds),
    ("external", Shape::Switch),
    ("folder_external", Shape::Switch),
    ("resolve", Shape::List),
    ("only_resolved", Shape::Switch),
    ("allow_private", Shape::Switch),
    ("render", Shape::Render),
    ("render_timeout", Shape::Seconds),
    ("browser", Shape::Text),
    ("contact", Shape::Text),
    ("authority", Shape::Tables),
    ("fail_on", Shape::Severity),
    ("min_score", Shape::Number),
];

/// Names of all values.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|(name, _)| *name)
}

/// Shape of a value.
pub(super) fn shape(name: &str) -> Option<Shape> {
    SHAPES.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape)
}

impl Shape {
    /// Reads a value from text.
    pub(super) fn read(self, text: &str) -> Result<Value, Refusal> {
        let refuse = |message: &str, hint: &str| Err((message.to_owned(), Some(hint.to_owned())));
        match self {
            Shape::Number | Shape::Seconds => match text.trim_end_matches('s').trim_end().parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Value::Float(number)),
                _ => refuse("不是数字 / is no number", "例如 / for example: 1.5"),
            },
            Shape::Count => match text.parse::<u32>() {
                Ok(number) => Ok(Value::Integer(number.into())),
                Err(_) => refuse("不是非负整数 / is no whole number of 0 or more", "例如 / for example: 100"),
            },
            Shape::Bytes => bytes(text).map(Value::Integer),
            Shape::Switch => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" | "是" => Ok(Value::Boolean(true)),
                "false" | "no" | "off" | "0" | "否" => Ok(Value::Boolean(false)),
                _ => refuse("不是是或否 / is neither true nor false", "true | false"),
            },
            Shape::List => {
                let words = text.split([',', '，', ' ', '\n']).map(str::trim).filter(|word| !word.is_empty());
                Ok(Value::Array(words.map(|word| Value::String(word.to_owned())).collect()))
            }
            Shape::Text => Ok(Value::String(text.to_owned())),
            Shape::Tables => refuse(
                "只能写在配置文件里 / belongs into the configuration file",
                "[[authority]] host = …, who = …, document_number = …, until = …",
            ),
            Shape::Render => match Render::ALL.into_iter().find(|render| render.word() == text) {
                Some(render) => Ok(Value::String(render.word().to_owned())),
                None => refuse("未知的取值 / unknown value", "never | auto | always"),
            },
            Shape::Severity => match text {
                "notice" | "warning" | "error" | "veto" => Ok(Value::String(text.to_owned())),
                _ => Err((
                    "未知级别 / unknown severity".into(),
                    crate::checklist::place::suggest(text, ["notice", "warning", "error", "veto"]),
                )),
            },
        }
    }
}

/// `1048576`, `512K`, `32M`, `1G` (with or without B), in powers of 1024.
fn bytes(text: &str) -> Result<i64, Refusal> {
    let upper = text.to_ascii_uppercase();
    let upper = upper.trim_end_matches('B').trim_end_matches('I');
    let (digits, factor) = match upper.chars().last() {
        Some('K') => (&upper[..upper.len() - 1], 1 << 10),
        Some('M') => (&upper[..upper.len() - 1], 1 << 20),
        Some('G') => (&upper[..upper.len() - 1], 1_i64 << 30),
        _ => (upper, 1),
    };
    let number = digits.trim().parse::<u32>().ok().map(i64::from).and_then(|n| n.checked_mul(factor));
    number.ok_or_else(|| ("不是字节数 / is no number of bytes".into(), Some("例如 / for example: 32M".into())))
}

/// Does the value make sense?
pub(super) fn value(config: &Config, name: &str) -> Result<(), Refusal> {
    let between = |value: f64, least: f64, most: f64| {
        if value.is_finite() && (least..=most).contains(&value) {
            return Ok(());
        }
        Err((format!("应在 {least} 与 {most} 之间 / must be between {least} and {most}"), None))
    };
    match name {
        "rate" if !(config.rate.is_finite() && config.rate > 0.0 && config.rate <= fastest(config)) => Err((
            "应大于 0、不超过 100 / must be above 0 and at most 100".into(),
            Some("每秒请求数，2 对多数网站合适 / requests per second; 2 suits most sites".into()),
        )),
        "at_once" => between(config.at_once.into(), 1.0, 32.0),
        "connect_timeout" => between(config.connect_timeout, 0.1, 300.0),
        "timeout" => between(config.timeout, 0.1, 3600.0),
        "seed_patience" => between(config.seed_patience, 0.1, 3600.0),
        "second_look_after" if config.second_look_after < 2.0 => Err((
            "至少 2 秒 / must be at least 2".into(),
            Some("太快再看一次证明不了链接失效 / a second look too soon does not prove a link dead".into()),
        )),
        "second_look_after" => between(config.second_look_after, 2.0, 86_400.0),
        "max_bytes" => between(config.max_bytes as f64, 1024.0, (1_u64 << 32) as f64),
        "max_attachment_bytes" => between(config.max_attachment_bytes as f64, 1024.0, (1_u64 << 30) as f64),
        "max_redirects" => between(config.max_redirects.into(), 0.0, 20.0),
        "max_attempts" => between(config.max_attempts.into(), 1.0, 10.0),
        "min_score" => config.min_score.map_or(Ok(()), |score| between(score, 0.0, 1000.0)),
        "render" if config.render == Render::Always && !Render::is_built_in() => Err((
            "本程序编译时未带浏览器支持 / this program was built without browser support".into(),
            Some("cargo build --release --features browser，或用 / or use --render auto".into()),
        )),
        "render_timeout" => between(config.render_timeout, 1.0, 600.0),
        "browser" if config.browser.chars().any(char::is_control) => {
            Err(("应为命令或路径 / must be a command or a path".into(), None))
        }
        "contact" if config.contact.chars().any(char::is_control) || config.contact.chars().count() > 200 => {
            Err(("不能换行，最长 200 字 / one line of at most 200 characters".into(), None))
        }
        "quiet_hours" | "allowed_hours" => {
            let windows = if name == "quiet_hours" { &config.quiet_hours } else { &config.allowed_hours };
            let example =
                || Some("例如 / for example: \"working@08:30-12:00\", \"工作日14:00-17:30\", \"22:00-06:00\"".to_owned());
            windows.iter().try_for_each(|text| Hours::check(text)).map_err(|message| (message, example()))?;
            match Hours::of(config).opens(crate::clock::now()) {
                Some(_) => Ok(()),
                None => Err((
                    "没有任何时段可以抓取 / leaves no hour to crawl in".into(),
                    Some("放宽 quiet_hours 或 allowed_hours / widen quiet_hours or allowed_hours".into()),
                )),
            }
        }
        "shared_gates" if config.shared_gates.chars().any(char::is_control) => {
            Err(("应为目录或 none / must be a folder or none".into(), None))
        }
        "max_time" | "max_host_time" => {
            between(if name == "max_time" { config.max_time } else { config.max_host_time }, 0.0, 366.0 * 86_400.0)
        }
        "authority" => authority::check(&config.authority, crate::clock::date_of(crate::clock::now())),
        "resolve" => config.resolve.iter().try_for_each(|text| match Resolve::parse(text) {
            Ok(_) => Ok(()),
            Err(message) => {
                Err((format!("`{text}`: {message}"), Some("例如 / for example: www.x.gov.cn:443:10.0.0.8:8443".into())))
            }
        }),
        _ => Ok(()),
    }
}

/// Highest rate that makes sense: where nothing but this machine can be reached, its owner may try what it bears.
fn fastest(config: &Config) -> f64 {
    let resolved = config.resolved();
    let at_home = config.only_resolved && !resolved.is_empty() && resolved.iter().all(|r| r.addr.ip().is_loopback());
    if at_home { 100_000.0 } else { 100.0 }
}
