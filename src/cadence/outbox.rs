//! Mail and webhooks, to addresses that the office wrote down and to nobody else: besides the crawl's own, the only sockets we open.

use super::office::{Channel, Mail, Office, Webhook};
use crate::error::{Error, Result};
use crate::finding::Text;
use data_encoding::BASE64;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::Path;
use std::time::Duration;

/// Seconds before a channel that did not take a message is tried again; the square of the tries so far is its factor.
pub const AGAIN_AFTER: i64 = 60;
/// Tries after which an alert is given up: days later it says nothing new.
pub const MOST_TRIES: i64 = 60;
/// Alerts told in one message; the others are counted.
const MOST_TEXTS: usize = 20;
/// How long one message may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where messages go.
pub struct Outbox {
    mail: Option<(Mail, AsyncSmtpTransport<Tokio1Executor>)>,
    hooks: Vec<(Webhook, Option<String>)>,
}

fn secret(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

impl Outbox {
    /// The channels of an office, with their secrets read.
    pub fn of(office: &Office) -> Result<Self> {
        let mail = match &office.mail {
            Some(mail) => Some((mail.clone(), transport(mail)?)),
            None => None,
        };
        let mut hooks = Vec::with_capacity(office.webhook.len());
        for hook in &office.webhook {
            hooks.push((hook.clone(), hook.secret_file.as_deref().map(secret).transpose()?));
        }
        Ok(Outbox { mail, hooks })
    }

    /// Names of the channels: stable, without the keys that addresses of webhooks hold.
    pub fn channels(&self) -> impl Iterator<Item = String> + '_ {
        let mail = self.mail.iter().map(|(mail, _)| format!("mail:{}", mail.server));
        mail.chain(self.hooks.iter().enumerate().map(|(at, (hook, _))| format!("webhook{}:{}", at + 1, hook.url.host())))
    }

    /// Sends texts by one channel, in one message.
    pub async fn send(&self, channel: &str, office: &str, texts: &[Text]) -> std::result::Result<(), String> {
        let message = message(office, texts);
        if let Some((mail, transport)) = self.mail.as_ref().filter(|(mail, _)| channel == format!("mail:{}", mail.server)) {
            return send_mail(mail, transport, office, &message).await;
        }
        let hook = self.channels().position(|name| name == channel).map(|at| at - usize::from(self.mail.is_some()));
        match hook.and_then(|at| self.hooks.get(at)) {
            Some((hook, secret)) => post(hook, secret.as_deref(), office, texts, &message).await,
            None => Err(format!("no channel {channel}")),
        }
    }
}

/// The message, Chinese first.
fn message(office: &str, texts: &[Text]) -> String {
    let mut lines = vec![format!("【巡查 xuncha】{office} {} 条 / {} alerts", texts.len(), texts.len())];
    lines.extend(texts.iter().take(MOST_TEXTS).map(|text| {
        let line = |text: &str| crate::report::plain::line(text).into_owned();
        format!("· {}\n  {}", line(&text.zh), line(&text.en))
    }));
    if texts.len() > MOST_TEXTS {
        lines.push(format!("… 另有 {} 条 / {} more", texts.len() - MOST_TEXTS, texts.len() - MOST_TEXTS));
    }
    lines.join("\n")
}

fn transport(mail: &Mail) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let wrong = |e: lettre::transport::smtp::Error| Error::usage_with(format!("mail: {e}"), "server, port, security");
    // Fails only when it was installed before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = match mail.security.as_str() {
        "none" => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.server),
        "starttls" => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&mail.server).map_err(wrong)?,
        _ => AsyncSmtpTransport::<Tokio1Executor>::relay(&mail.server).map_err(wrong)?,
    };
    if let Some(port) = mail.port {
        builder = builder.port(port);
    }
    if let (Some(user), Some(file)) = (&mail.user, &mail.password_file) {
        builder = builder.credentials(Credentials::new(user.clone(), secret(file)?));
    }
    Ok(builder.timeout(Some(PATIENCE)).build())
}

async fn send_mail(
    mail: &Mail,
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    office: &str,
    text: &str,
) -> std::result::Result<(), String> {
    let told = |e: &dyn std::fmt::Display| e.to_string();
    let mut message = Message::builder()
        .from(mail.from.parse().map_err(|e| told(&e))?)
        .subject(format!("巡查提醒 {office}"))
        .header(ContentType::TEXT_PLAIN);
    for to in &mail.to {
        message = message.to(to.parse().map_err(|e| told(&e))?);
    }
    let message = message.body(text.to_owned()).map_err(|e| told(&e))?;
    match tokio::time::timeout(PATIENCE, transport.send(message)).await {
        Ok(sent) => sent.map(|_| ()).map_err(|e| told(&e)),
        Err(_) => Err("timeout".to_owned()),
    }
}

/// Posts to a webhook in the form that it takes.
async fn post(
    hook: &Webhook,
    secret: Option<&str>,
    office: &str,
    texts: &[Text],
    message: &str,
) -> std::result::Result<(), String> {
    let body = match hook.kind {
        Channel::Wecom => serde_json::json!({ "msgtype": "text", "text": { "content": message } }),
        Channel::Dingtalk => serde_json::json!({ "msgtype": "text", "text": { "content": message } }),
        Channel::Plain => serde_json::json!({ "office": office, "alerts": texts }),
    };
    let mut url = hook.url.to_url();
    if let (Channel::Dingtalk, Some(secret)) = (hook.kind, secret) {
        // 加签: the time in milliseconds and its HMAC-SHA256 under the secret.
        let stamp = (crate::clock::micros() / 1_000).to_string();
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
        let sign = BASE64.encode(ring::hmac::sign(&key, format!("{stamp}\n{secret}").as_bytes()).as_ref());
        url.query_pairs_mut().append_pair("timestamp", &stamp).append_pair("sign", &sign);
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(|e| e.to_string())?;
    // An error of the client names the address, and that holds the key.
    let answer = client
        .post(url)
        .header("content-type", "application/json; charset=utf-8")
        .body(body.to_string())
        .send()
        .await
        .map_err(|e| e.without_url().to_string())?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("HTTP {status}"));
    }
    // WeCom and DingTalk answer 200 and say in the body whether they took it.
    let text = answer.text().await.map_err(|e| e.without_url().to_string())?;
    let code = serde_json::from_str::<serde_json::Value>(&text).ok().and_then(|body| body.get("errcode")?.as_i64());
    match (hook.kind, code) {
        (Channel::Plain, _) | (_, Some(0)) => Ok(()),
        (_, code) => Err(format!("errcode {code:?}")),
    }
}
