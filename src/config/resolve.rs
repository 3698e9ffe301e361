//! `HOST:PORT:ADDR`: where a host really is, for tests, staging sites and the demo.

use std::net::{IpAddr, SocketAddr};

/// One parsed `--resolve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host name as in URLs, lower case.
    pub host: String,
    /// Port as in URLs.
    pub port: u16,
    /// Where to connect; its port is `port` unless ADDR carries its own.
    pub addr: SocketAddr,
}

impl Resolve {
    /// Parses `HOST:PORT:ADDR` with ADDR = IP, IP:PORT or [IPv6]:PORT; the error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.trim().splitn(3, ':');
        let (Some(host), Some(port), Some(addr)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("应为 HOST:PORT:ADDR / must be HOST:PORT:ADDR".into());
        };
        let name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        if host.is_empty() || !host.chars().all(name) {
            return Err(format!("`{host}` 不是主机名 / is no host name"));
        }
        let number = |port: &str| match port.parse::<u16>() {
            Ok(0) | Err(_) => Err(format!("`{port}` 不是端口 / is no port")),
            Ok(port) => Ok(port),
        };
        let port = number(port)?;
        let bare = addr.trim_start_matches('[').trim_end_matches(']');
        let addr = match (bare.parse::<IpAddr>(), addr.parse::<SocketAddr>()) {
            (Ok(ip), _) => SocketAddr::new(ip, port),
            (_, Ok(addr)) if addr.port() != 0 => addr,
            _ => return Err(format!("`{addr}` 不是 IP 或 IP:PORT / is neither IP nor IP:PORT")),
        };
        Ok(Resolve { host: host.to_ascii_lowercase(), port, addr })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_and_without_port() {
        let addr = |text: &str| Resolve::parse(text).map(|r| r.addr.to_string());
        assert_eq!(addr("www.X.cn:80:127.0.0.1"), Ok("127.0.0.1:80".into()));
        assert_eq!(addr("www.x.cn:80:127.0.0.1:8080"), Ok("127.0.0.1:8080".into()));
        assert_eq!(addr("www.x.cn:443:[::1]:8443"), Ok("[::1]:8443".into()));
        assert_eq!(addr("www.x.cn:443:::1"), Ok("[::1]:443".into()));
        assert_eq!(addr("www.x.cn:443:[::1]"), Ok("[::1]:443".into()));
        for wrong in [
            "",
            "x.cn",
            "x.cn:80",
            "x.cn:0:127.0.0.1",
            "x.cn:99999:127.0.0.1",
            "x.cn:80:host",
            ":80:127.0.0.1",
            "http://x.cn:80:1.2.3.4",
        ] {
            assert!(Resolve::parse(wrong).is_err(), "{wrong}");
        }
    }
}
