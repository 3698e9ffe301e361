//! The name system of these tests is a table: nothing leaves the machine.

use super::*;
use crate::config::Config;

#[derive(Debug, Default)]
struct Table {
    known: HashMap<&'static str, Vec<IpAddr>>,
    down: std::sync::atomic::AtomicBool,
}

impl Lookup for Arc<Table> {
    fn lookup(&self, name: String) -> BoxFuture<'static, Found> {
        let answer = if self.down.load(std::sync::atomic::Ordering::SeqCst) {
            Err(LookupError::NoSuchName("nothing is found".into()))
        } else {
            self.known.get(name.as_str()).cloned().ok_or(LookupError::NoSuchName("not known".into()))
        };
        Box::pin(async move { answer })
    }
}

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

fn names(config: &Config, named: &[CanonicalUrl]) -> (Names, Arc<Table>) {
    let known = [
        ("public.gov.cn", "203.0.113.7"),
        ("inside.gov.cn", "10.1.2.3"),
        ("other-inside.gov.cn", "192.168.1.1"),
        ("mapped.gov.cn", "::ffff:127.0.0.1"),
    ];
    let known = known.map(|(name, address)| (name, vec![address.parse().unwrap()])).into();
    let table = Arc::new(Table { known, down: false.into() });
    (Names::new(config, named, Arc::new(table.clone())).unwrap(), table)
}

async fn reason(names: &Names, text: &str) -> Reason {
    names.way(&url(text), false).await.unwrap_err().reason
}

#[tokio::test]
async fn no_such_name_needs_a_control() {
    let (names, table) = names(&Config::default(), &[]);
    assert_eq!(reason(&names, "http://gone.gov.cn/").await, Reason::DnsFailure, "nothing to compare with");
    names.way(&url("http://public.gov.cn/"), false).await.unwrap();
    assert_eq!(reason(&names, "http://gone.gov.cn/").await, Reason::NameNotFound);
    table.down.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(reason(&names, "http://gone.gov.cn/").await, Reason::DnsFailure, "the control fails too");
    assert!(names.way(&url("http://public.gov.cn/"), false).await.is_ok(), "remembered");
    assert_eq!(names.way(&url("http://public.gov.cn/"), true).await.unwrap_err().reason, Reason::DnsFailure, "asked anew");
}

#[tokio::test]
async fn private_addresses_are_for_named_hosts() {
    let (names, _) = names(&Config::default(), &[url("http://inside.gov.cn:8080/"), url("http://127.0.0.1:9/")]);
    for fine in ["http://inside.gov.cn:8080/a", "https://inside.gov.cn/", "http://127.0.0.1:9/", "http://public.gov.cn/"] {
        assert!(names.way(&url(fine), false).await.is_ok(), "{fine}");
    }
    for refused in [
        "http://other-inside.gov.cn/",
        "http://inside.gov.cn:6379/",
        "http://127.0.0.1:10/",
        "http://[::1]/",
        "http://mapped.gov.cn/",
    ] {
        assert_eq!(reason(&names, refused).await, Reason::PrivateAddress, "{refused}");
    }
    assert!(names.pinned("other-inside.gov.cn").is_none(), "a refused address is never connected to");
}

#[tokio::test]
async fn resolve_goes_first_and_may_be_everything() {
    let mut config = Config { only_resolved: true, ..Config::default() };
    config.resolve = vec!["A.gov.cn:80:127.0.0.1:8080".into(), "b.gov.cn:443:192.0.2.1".into()];
    let (names, _) = names(&config, &[]);
    let way = names.way(&url("http://a.gov.cn/x"), false).await.unwrap();
    assert_eq!((way.addresses, way.real_port), (vec!["127.0.0.1".parse().unwrap()], Some(8080)));
    assert_eq!(names.way(&url("https://b.gov.cn/"), false).await.unwrap().real_port, None);
    for refused in ["https://a.gov.cn/", "http://public.gov.cn/", "http://203.0.113.7/"] {
        assert_eq!(reason(&names, refused).await, Reason::NotResolved, "{refused}");
    }
}

#[test]
fn resolve_is_parsed_strictly() {
    let parsed = parse_resolve("x.gov.cn:80:[::1]:8080").unwrap();
    assert_eq!((parsed.address, parsed.real_port), ("::1".parse().unwrap(), Some(8080)));
    assert_eq!(parse_resolve("x.gov.cn:80:::1").unwrap().address, "::1".parse::<IpAddr>().unwrap());
    for wrong in ["", "x", "x:80", "x:80:y", "x:0:127.0.0.1", "x:port:127.0.0.1", "x:80:127.0.0.1:0", ":80:127.0.0.1"] {
        assert!(parse_resolve(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn private_ranges() {
    for private in ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"]
    {
        assert!(is_private(private.parse().unwrap()), "{private}");
    }
    for private in ["::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::"] {
        assert!(is_private(private.parse().unwrap()), "{private}");
    }
    for public in ["8.8.8.8", "203.0.113.7", "100.128.0.1", "2400:3200::1", "64:ff9b::808:808"] {
        assert!(!is_private(public.parse().unwrap()), "{public}");
    }
}
