//! Alerts reach a real mail server and real webhooks on loopback, each once; a channel that refuses is tried again, and only that one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use xuncha::cadence::alerts;
use xuncha::cadence::office::{Channel, Mail, Office, Webhook};
use xuncha::store::Store;
use xuncha::url::CanonicalUrl;

/// A mail server that takes every message and hands it on.
fn mail_server() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("made");
    let port = listener.local_addr().expect("made").port();
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let send = send.clone();
            std::thread::spawn(move || {
                let _ = converse(stream, &send);
            });
        }
    });
    (port, receive)
}

fn converse(stream: TcpStream, send: &std::sync::mpsc::Sender<String>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    out.write_all(b"220 loopback\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let word = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    text.push_str(&line);
                    text.push('\n');
                }
                let _ = send.send(text);
                out.write_all(b"250 taken\r\n")?;
            }
            "QUIT" => return out.write_all(b"221 bye\r\n"),
            _ => out.write_all(b"250 yes\r\n")?,
        }
    }
    Ok(())
}

/// A web server that answers the given bodies in turn, the last one ever after; it hands on request lines and bodies.
fn hook_server(answers: Vec<(u16, &'static str)>) -> (u16, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("made");
    let port = listener.local_addr().expect("made").port();
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for (at, stream) in listener.incoming().flatten().enumerate() {
            let mut reader = BufReader::new(stream);
            let mut line = String::new();
            let (mut first, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                if first.is_empty() {
                    first = line.trim().to_owned();
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap_or(0);
                }
                line.clear();
            }
            let mut body = vec![0; length];
            let _ = reader.read_exact(&mut body);
            let (status, text) = answers[at.min(answers.len() - 1)];
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}", text.len());
            let _ = reader.get_mut().write_all(answer.as_bytes());
            let _ = send.send((first, String::from_utf8_lossy(&body).into_owned()));
        }
    });
    (port, receive)
}

fn hook(kind: Channel, port: u16, path: &str, secret_file: Option<std::path::PathBuf>) -> Webhook {
    Webhook { kind, url: CanonicalUrl::parse(&format!("http://127.0.0.1:{port}{path}")).expect("made"), secret_file }
}

#[test]
fn every_channel_takes_an_alert_once_and_a_refusal_is_tried_again() {
    let (mail_port, mails) = mail_server();
    let (wecom_port, wecom) = hook_server(vec![(200, r#"{"errcode":93000,"errmsg":"no"}"#), (200, r#"{"errcode":0}"#)]);
    let (ding_port, ding) = hook_server(vec![(200, r#"{"errcode":0}"#)]);
    let (plain_port, plain) = hook_server(vec![(500, ""), (204, "")]);
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "SECabc\n").unwrap();
    let office = Office {
        name: "演练办公室".into(),
        mail: Some(Mail {
            server: "127.0.0.1".into(),
            port: Some(mail_port),
            security: "none".into(),
            user: None,
            password_file: None,
            from: "xuncha@example.gov.cn".into(),
            to: vec!["zwgk@example.gov.cn".into()],
        }),
        webhook: vec![
            hook(Channel::Wecom, wecom_port, "/send?key=k", None),
            hook(Channel::Dingtalk, ding_port, "/robot?access_token=t", Some(secret)),
            hook(Channel::Plain, plain_port, "/alerts", None),
        ],
        ..Office::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&folder.path().join("s.db").display().to_string()).await.unwrap();
        let body = serde_json::json!({ "zh": "否决级问题：首页被挂\u{1b}[31m马", "en": "veto-level finding" }).to_string();
        assert!(store.raise("veto:1:1", "veto", None, 1_000_000, &body).await.unwrap());
        assert!(!store.raise("veto:1:1", "veto", None, 1_000_001, &body).await.unwrap(), "one event is one alert");
        let at = |seconds: i64| jiff::Timestamp::from_second(1_000_000 + seconds).unwrap();
        alerts::send(&store, &office, at(1)).await.unwrap();
        // Channels that took it are left alone; those that did not are tried again, later.
        alerts::send(&store, &office, at(2)).await.unwrap();
        alerts::send(&store, &office, at(100_000)).await.unwrap();
        alerts::send(&store, &office, at(900_000)).await.unwrap();
        assert!(store.open_alerts().await.unwrap().is_empty(), "every channel took it");
    });
    let mail = mails.try_iter().collect::<Vec<_>>();
    assert_eq!(mail.len(), 1);
    assert!(mail[0].contains("From: xuncha@example.gov.cn") && mail[0].contains("To: zwgk@example.gov.cn"), "{}", mail[0]);
    let wecom: Vec<(String, String)> = wecom.try_iter().collect();
    assert_eq!(wecom.len(), 2, "refused, then taken");
    let told: serde_json::Value = serde_json::from_str(&wecom[1].1).unwrap();
    let text = told["text"]["content"].as_str().unwrap();
    assert!(text.contains("首页被挂") && !text.contains('\u{1b}'), "no escape sequence goes out: {text:?}");
    let ding: Vec<(String, String)> = ding.try_iter().collect();
    assert_eq!(ding.len(), 1);
    let line = &ding[0].0;
    let value = |name: &str| line.split(name).nth(1).map(|rest| rest.split(['&', ' ']).next().unwrap_or_default().to_owned());
    let (stamp, sign) = (value("timestamp=").unwrap(), value("sign=").unwrap());
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"SECabc");
    let sign = data_encoding::BASE64.decode(sign.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=").as_bytes()).unwrap();
    ring::hmac::verify(&key, format!("{stamp}\nSECabc").as_bytes(), &sign).expect("signed as DingTalk asks");
    let plain: Vec<(String, String)> = plain.try_iter().collect();
    assert_eq!(plain.len(), 2);
    assert!(plain[1].1.contains("veto-level finding"));
}

#[test]
fn a_silent_scheduler_is_told_of() {
    crate::bench::each("silence", async |store: Store| {
        let at = |seconds: i64| jiff::Timestamp::from_second(seconds).unwrap();
        assert!(alerts::is_silent(&store, at(1_000_000)).await.unwrap(), "it never ran");
        alerts::silence(&store, at(1_000_000)).await.unwrap();
        assert!(store.open_alerts().await.unwrap().is_empty(), "the first start is no silence");
        store.set("scheduler.at", "1000000").await.unwrap();
        assert!(!alerts::is_silent(&store, at(1_000_060)).await.unwrap());
        alerts::silence(&store, at(1_003_000)).await.unwrap();
        assert!(store.open_alerts().await.unwrap().is_empty());
        alerts::silence(&store, at(1_100_000)).await.unwrap();
        let open = store.open_alerts().await.unwrap();
        assert_eq!((open.len(), open[0].kind.as_str()), (1, "silent"));
    });
}
