//! The frontier filled and emptied: inserts a second, resident memory, order. Small by default; `XUNCHA_FRONTIER_URLS=10000000` is the
//! form that `scripts/prove` runs. Prints one line of figures; fails when order or count is wrong, or above the bounds when they are
//! asked for (`XUNCHA_FRONTIER_PROVE=1`: at most 1 GiB resident, at least 100,000 inserts a second).

use std::time::{Duration, Instant};
use xuncha::crawl::frontier::{Frontier, Offered, Spill, Waiting};
use xuncha::exchange::{Gathering, Profile};
use xuncha::url::CanonicalUrl;

/// URLs by default.
const FEW: u64 = 200_000;
/// URLs that are made, and then offered, at a time: making them is not what is measured.
const CHUNK: u64 = 10_000;

fn url(number: u64) -> CanonicalUrl {
    // Scattered as links are, over 40 columns and four hop counts.
    let id = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let text = format!("http://www.example.gov.cn/col{:02}/{:06}/t20260101_{id:016x}.html", number % 40, id % 200_000);
    CanonicalUrl::parse(&text).expect("a URL")
}

fn waiting(number: u64, via: &CanonicalUrl) -> Waiting {
    Waiting {
        url: url(number),
        gathering: if number.is_multiple_of(10) { Gathering::LinkCheck } else { Gathering::Pages },
        hops: 1 + (number % 4) as u32,
        via: Some(via.clone()),
        redirects: 0,
        until: None,
        look: 1,
        profile: Profile::Own,
    }
}

/// Most memory that was ever resident, MiB; none where the system does not tell.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib / 1024)
}

fn main() {
    let urls = std::env::var("XUNCHA_FRONTIER_URLS").ok().and_then(|text| text.parse().ok()).unwrap_or(FEW);
    let folder = tempfile::tempdir().expect("a folder");
    let mut frontier = Frontier::new(Spill::into_folder(folder.path()));
    let via = url(u64::MAX);
    let mut inserting = Duration::ZERO;
    for chunk in 0..urls.div_ceil(CHUNK) {
        let made: Vec<Waiting> = (chunk * CHUNK..urls.min((chunk + 1) * CHUNK)).map(|number| waiting(number, &via)).collect();
        // Each is found a second time, as links are.
        let again = made.clone();
        let began = Instant::now();
        for one in made {
            assert_eq!(frontier.offer(one).expect("a disk"), Offered::New);
        }
        inserting += began.elapsed();
        for one in again {
            assert_eq!(frontier.offer(one).expect("a disk"), Offered::Known);
        }
    }
    assert_eq!(frontier.len(), urls);
    let began = Instant::now();
    let mut taken = 0;
    let mut last: Option<(u32, CanonicalUrl)> = None;
    while let Some(mut round) = frontier.round(u64::MAX).expect("a disk") {
        while let Some(next) = frontier.next(&mut round).expect("a disk") {
            let key = (next.hops, next.url);
            assert!(last.as_ref().is_none_or(|last| *last < key), "by hop count, then URL");
            last = Some(key);
            taken += 1;
        }
    }
    let mut checks = frontier.checks().expect("a disk");
    while frontier.next(&mut checks).expect("a disk").is_some() {
        taken += 1;
    }
    assert_eq!((taken, frontier.len()), (urls, 0));
    let rate = urls as f64 / inserting.as_secs_f64();
    let memory = resident();
    println!(
        "frontier: {urls} URLs, {rate:.0} inserts/s, taken out in order at {:.0}/s, peak resident {} MiB",
        urls as f64 / began.elapsed().as_secs_f64(),
        memory.map_or("?".to_owned(), |mib| mib.to_string())
    );
    if std::env::var_os("XUNCHA_FRONTIER_PROVE").is_some() {
        assert!(memory.is_none_or(|mib| mib <= 1024), "more than 1 GiB");
        assert!(rate >= 100_000.0, "fewer than 100,000 inserts a second");
    }
}
