//! `bare-spider URL CONNECTIONS`: plain recursion with the `spider` crate, resources included. Prints `DEAD STATUS URL` for every answer of
//! 400 or above, then a line of counts.

use spider::{tokio, website::Website};
use std::collections::BTreeMap;
use tokio::sync::broadcast::error::RecvError;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, connections] = arguments.as_slice() else { return Err("bare-spider URL CONNECTIONS".into()) };
    let mut site = Website::new(url);
    site.with_respect_robots_txt(false)
        .with_delay(0)
        .with_subdomains(false)
        .with_depth(0)
        .with_limit(0)
        .with_user_agent(Some("bare-spider"))
        .with_concurrency_limit(Some(connections.parse()?))
        .with_full_resources(true);
    // The crate keeps as many pages alive as its channel holds: a small one, or memory is not its own.
    let mut pages = site.subscribe(16);
    let told = tokio::spawn(async move {
        let (mut by_status, mut bytes, mut missed) = (BTreeMap::<u16, usize>::new(), 0, 0);
        loop {
            match pages.recv().await {
                Ok(page) => {
                    let status = page.status_code.as_u16();
                    *by_status.entry(status).or_default() += 1;
                    bytes += page.get_html_bytes_u8().len();
                    if status >= 400 {
                        println!("DEAD {status} {}", page.get_url());
                    }
                }
                Err(RecvError::Lagged(some)) => missed += some,
                Err(RecvError::Closed) => return (by_status, bytes, missed),
            }
        }
    });
    site.crawl().await;
    site.unsubscribe();
    let (by_status, bytes, missed) = told.await?;
    println!("links {} by status {by_status:?} bytes {bytes} not listened to {missed}", site.get_links().len());
    Ok(())
}
