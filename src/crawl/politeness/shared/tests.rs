use super::*;

const MOST: Duration = Duration::from_secs(30);

fn want(key: &str, ms: u64, at_once: u32) -> Want {
    Want { key: key.into(), interval: Duration::from_millis(ms), slack: Duration::ZERO, at_once, ahead: false }
}

fn is_wait(turn: io::Result<Turn>, least: u64, most: u64) {
    match turn.unwrap() {
        Turn::Wait(left, _) => {
            assert!(left >= Duration::from_millis(least) && left <= Duration::from_millis(most), "{left:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_processes_take_turns_at_all_keys_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (Shared::open(folder.path()).unwrap(), Shared::open(folder.path()).unwrap());
    let wants = [want("http://a.cn", 5_000, 2), want("192.0.2.1", 60_000, 4)];
    assert_eq!(a.take(&wants, MOST).unwrap(), Turn::Now);
    is_wait(b.take(&wants, MOST), 55_000, 60_000);
    is_wait(b.take(&[want("http://a.cn", 5_000, 2)], MOST), 1, 5_000);
    assert_eq!(b.take(&[want("http://b.cn", 1, 2)], MOST).unwrap(), Turn::Now, "a refused turn takes nothing");
    // The strictest process concerned holds for the others.
    assert_eq!(a.take(&[want("c", 1, 9)], MOST).unwrap(), Turn::Now);
    std::thread::sleep(Duration::from_millis(3));
    assert_eq!(b.take(&[want("c", 100, 9)], MOST).unwrap(), Turn::Now);
    std::thread::sleep(Duration::from_millis(105));
    assert_eq!(a.take(&[want("c", 1, 9)], MOST).unwrap(), Turn::Now);
    is_wait(a.take(&[want("c", 1, 9)], MOST), 10, 100);
}

#[test]
fn requests_in_flight_are_counted_and_those_of_the_dead_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (Shared::open(folder.path()).unwrap(), Shared::open(folder.path()).unwrap());
    let wants = [want("http://a.cn", 0, 2)];
    assert_eq!(a.take(&wants, MOST).unwrap(), Turn::Now);
    assert_eq!(a.take(&wants, MOST).unwrap(), Turn::Now);
    assert_eq!(b.take(&wants, MOST).unwrap(), Turn::Wait(FULL, 0));
    a.free(&wants);
    assert_eq!(b.take(&wants, MOST).unwrap(), Turn::Now);
    assert_eq!(b.take(&wants, MOST).unwrap(), Turn::Wait(FULL, 0));
    // A process that is killed gives nothing back, but its lock goes with it.
    let name = a.name.clone();
    a.alive.unlock().unwrap();
    assert_eq!(b.take(&wants, MOST).unwrap(), Turn::Now);
    assert!(!folder.path().join("living").join(name).exists());
}

#[test]
fn a_visit_goes_before_the_requests_of_crawls() {
    let folder = tempfile::tempdir().unwrap();
    let (crawl, visit) = (Shared::open(folder.path()).unwrap(), Shared::open(folder.path()).unwrap());
    let crawls = [want("http://a.cn", 50, 9), want("192.0.2.1", 25, 9)];
    let visits = crawls.clone().map(|want| Want { ahead: true, ..want });
    assert_eq!(crawl.take(&crawls, MOST).unwrap(), Turn::Now);
    is_wait(visit.take(&visits, MOST), 1, 50);
    std::thread::sleep(Duration::from_millis(55));
    is_wait(crawl.take(&crawls, MOST), 20, 20);
    assert_eq!(visit.take(&visits, MOST).unwrap(), Turn::Now);
    std::thread::sleep(Duration::from_millis(55));
    assert_eq!(crawl.take(&crawls, MOST).unwrap(), Turn::Now, "the place is given up with the turn");
    // Who waits and dies keeps nobody waiting for long.
    is_wait(visit.take(&visits, MOST), 1, 50);
    drop(visit);
    std::thread::sleep(Duration::from_millis(1_110));
    assert_eq!(crawl.take(&crawls, MOST).unwrap(), Turn::Now);
}

#[test]
fn what_is_torn_or_from_the_future_makes_nobody_wait_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let a = Shared::open(folder.path()).unwrap();
    let wants = [want("http://a.cn", 50, 2)];
    let file = folder.path().join(format!("{:02x}", number("http://a.cn")));
    for torn in [&b""[..], b"\0\0\0", b"{\"http://a.cn\":{\"at\":1", b"[]", &[b'x'; 5_000]] {
        std::fs::write(&file, torn).unwrap();
        assert_eq!(a.take(&wants, MOST).unwrap(), Turn::Now, "{torn:?}");
        a.free(&wants);
    }
    // Written an hour ahead by a clock that was set back since: the gap that was left then is left now.
    let now = crate::clock::micros();
    let mut entry = Entry::default();
    entry.pass(now + 3_600_000_000, &want("http://a.cn", 50, 2), "other", Held { count: 1, until: i64::MAX });
    std::fs::write(&file, serde_json::to_vec(&BTreeMap::from([("http://a.cn", entry)])).unwrap()).unwrap();
    is_wait(a.take(&wants, MOST), 1, 50);
    // The folder is cleared while we run.
    std::fs::remove_dir_all(folder.path()).unwrap();
    std::thread::sleep(Duration::from_millis(60));
    assert_eq!(a.take(&wants, MOST).unwrap(), Turn::Now);
    assert!(file.exists(), "locks are taken on what others see");
}

#[test]
fn files_stay_small() {
    let folder = tempfile::tempdir().unwrap();
    let a = Shared::open(folder.path()).unwrap();
    for n in 0..2_000 {
        let wants = [want(&format!("http://host-{n}.example.gov.cn"), 60_000, 2)];
        assert_eq!(a.take(&wants, MOST).unwrap(), Turn::Now);
        a.free(&wants);
    }
    let entries: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().filter(|e| e.path().is_file()).collect();
    assert!(entries.len() <= FILES as usize);
    assert!(entries.iter().all(|e| e.metadata().unwrap().len() < 100_000));
    // When nothing is left to say, a write says nothing.
    let mut entry = Entry::default();
    entry.at = 1;
    let old = BTreeMap::from([("k", entry)]);
    std::fs::write(folder.path().join(format!("{:02x}", number("k"))), serde_json::to_vec(&old).unwrap()).unwrap();
    a.close("k", Duration::ZERO);
    let text = std::fs::read_to_string(folder.path().join(format!("{:02x}", number("k")))).unwrap();
    assert!(!text.contains("\"k\""), "{text}");
}
