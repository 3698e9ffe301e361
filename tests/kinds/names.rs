//! Names that are not found, and names of which nobody knows.

use crate::kept::config;
use futures_util::future::BoxFuture;
use std::net::IpAddr;
use std::sync::Arc;
use xuncha::config::Config;
use xuncha::crawl::fetch::live::Live;
use xuncha::crawl::fetch::names::{Found, Lookup, LookupError};
use xuncha::unfetched::Reason;
use xuncha::url::CanonicalUrl;

/// A name system as a table: nothing leaves the machine.
#[derive(Debug)]
struct Table;

impl Lookup for Table {
    fn lookup(&self, name: String) -> BoxFuture<'static, Found> {
        Box::pin(async move {
            match name.as_str() {
                "control.xuncha-demo.gov.cn" => Ok(vec![IpAddr::from([192, 0, 2, 1])]),
                "servfail.xuncha-demo.gov.cn" => Err(LookupError::Unsure("server failure".into())),
                "silent.xuncha-demo.gov.cn" => std::future::pending().await,
                "inside.xuncha-demo.gov.cn" => Ok(vec![IpAddr::from([10, 0, 0, 1])]),
                _ => Err(LookupError::NoSuchName("no such name".into())),
            }
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_have_three_values_too() {
    let config = Config { connect_timeout: 0.3, ..config() };
    let live = Live::with_lookup(&config, &[], Arc::new(Table)).expect("a client");
    let reach = async |host: &str| {
        let url = CanonicalUrl::parse(&format!("http://{host}.xuncha-demo.gov.cn/")).expect("a URL");
        live.reach(&url, false).await.map_err(|failure| failure.reason)
    };
    assert_eq!(reach("gone").await, Err(Reason::DnsFailure), "no other name was ever found: our own side may be at fault");
    assert_eq!(reach("control").await, Ok(()));
    assert_eq!(reach("gone").await, Err(Reason::NameNotFound));
    assert_eq!(reach("servfail").await, Err(Reason::DnsFailure));
    assert_eq!(reach("silent").await, Err(Reason::DnsTimeout));
    assert_eq!(reach("inside").await, Err(Reason::PrivateAddress));
}
