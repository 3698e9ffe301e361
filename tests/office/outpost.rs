//! What a machine on another network ships: taken in once however often it comes, and not at all when one byte is another.

use crate::bench::{each, folder_run, site};
use std::path::Path;
use xuncha::cadence::office::Office;
use xuncha::cadence::{outpost, work};
use xuncha::checklist::Cadence;
use xuncha::facts::history::ProbeOutcome;
use xuncha::store::Store;
use xuncha::store::probes::{Round, Visit};

fn office(folder: &Path, vantage: &str) -> Office {
    Office { vantage: vantage.into(), runs: folder.join(vantage), ..Office::default() }
}

/// An outpost with a run, two rounds and a key; its signed file and public key.
async fn shipped(folder: &Path) -> (std::path::PathBuf, String, usize) {
    let store = Store::open(&folder.join("outpost.db").display().to_string()).await.expect("made");
    store.put_registry(&site("gaj", "http://localhost/")).await.expect("made");
    let watched = store.watched().await.expect("made").remove(0);
    let (run, judged) = folder_run(&store, &watched, true).await;
    work::keep(&store, &watched, Some(Cadence::Daily), "outpost", Some(&run.path().join("run")), &judged).await.expect("made");
    let now = xuncha::clock::now().as_second();
    for (at, outcome) in [(now - 20, ProbeOutcome::Answered), (now - 10, ProbeOutcome::Failed)] {
        let visit = Visit {
            site_no: watched.no,
            url: watched.site.addresses[0].clone(),
            at,
            outcome,
            millis: Some(80),
            status: Some(200),
            cause: None,
        };
        let round = Round { vantage: "outpost".into(), at, valid: true, controls: Vec::new(), visits: vec![visit] };
        assert!(store.put_round(&round).await.expect("made"));
    }
    let key = folder.join("outpost.key");
    let public = outpost::make_key(&key).expect("made");
    assert!(outpost::make_key(&key).is_err(), "a key is never written over");
    let out = folder.join("shipment.zip");
    let told = outpost::export(&store, &office(folder, "outpost"), &key, (0, now + 60), &out).await.expect("made");
    assert_eq!(told, (1, 2));
    store.close().await;
    (out, public, judged.audited.report.findings.len())
}

#[test]
fn a_signed_file_is_taken_in_once_however_often_it_comes() {
    each("outpost", async |store: Store| {
        let folder = tempfile::tempdir().unwrap();
        let (file, public, findings) = shipped(folder.path()).await;
        let office = office(folder.path(), "office");
        let refused = outpost::import(&store, &office, &file).await.unwrap_err().to_string();
        assert!(refused.contains("outpost add"), "{refused}");
        store.add_outpost("outpost", &public, Some("张三"), 1).await.unwrap();
        let refused = outpost::import(&store, &office, &file).await.unwrap_err().to_string();
        assert!(refused.contains("gaj-site"), "a site that the registry does not know: {refused}");
        store.put_registry(&site("gaj", "http://localhost/")).await.unwrap();
        let first = outpost::import(&store, &office, &file).await.unwrap();
        assert_eq!((first.runs, first.known_runs, first.rounds, first.known_rounds), (1, 0, 2, 0));
        let again = outpost::import(&store, &office, &file).await.unwrap();
        assert_eq!((again.runs, again.known_runs, again.rounds, again.known_rounds), (0, 1, 0, 2));
        assert_eq!(store.events(0, i64::MAX).await.unwrap().len(), findings, "nothing is doubled");
        let counts = store.visit_counts(0, i64::MAX).await.unwrap();
        assert_eq!((counts[0].1.as_str(), counts[0].2.answered, counts[0].2.failed), ("outpost", 1, 1));
        let runs = store.newest_runs(&[Cadence::Daily], "office", 0, i64::MAX).await.unwrap();
        assert_eq!(runs[0].vantage, "outpost", "its run stands where the office has none");
        assert!(Path::new(runs[0].folder.as_ref().unwrap()).join("capture.warc.gz").is_file(), "with its evidence");
    });
}

#[test]
fn one_other_byte_and_nothing_is_taken() {
    each("tampered", async |store: Store| {
        let folder = tempfile::tempdir().unwrap();
        let (file, public, findings) = shipped(folder.path()).await;
        let office = office(folder.path(), "office");
        store.put_registry(&site("gaj", "http://localhost/")).await.unwrap();
        store.add_outpost("outpost", &public, None, 1).await.unwrap();
        let whole = std::fs::read(&file).unwrap();
        let bad = folder.path().join("bad.zip");
        // Every place of the file's last third (manifest, signature, directory) and some of the rest.
        for at in (0..whole.len()).step_by(whole.len() / 97 + 1).chain(whole.len() - 400..whole.len()) {
            let mut other = whole.clone();
            other[at] ^= 1;
            std::fs::write(&bad, &other).unwrap();
            // A byte of the archive that holds no content (a time stamp, an attribute) may differ: then all of it is as it was signed.
            let _ = outpost::import(&store, &office, &bad).await;
            let events = store.events(0, i64::MAX).await.unwrap().len();
            assert!(events == 0 || events == findings, "{at}: all that was signed, or nothing");
        }
        for cut in [0, 1, 30, whole.len() / 2, whole.len() - 1] {
            std::fs::write(&bad, &whole[..cut]).unwrap();
            assert!(outpost::import(&store, &office, &bad).await.is_err(), "cut at {cut}");
        }
        let other_key = outpost::make_key(&folder.path().join("other.key")).unwrap();
        store.add_outpost("outpost", &other_key, None, 2).await.unwrap();
        let refused = outpost::import(&store, &office, &file).await.unwrap_err().to_string();
        assert!(refused.contains("signature"), "{refused}");
    });
}
