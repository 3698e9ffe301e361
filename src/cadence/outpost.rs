//! A machine on another network: it crawls and probes with a store of its own, and ships one signed file. The office verifies it, judges its
//! runs by its own plan of the past, and takes everything in once, however often the file comes.
//!
//! The file is a ZIP: `manifest.json` names every other entry with its SHA-256, `manifest.sig` is its Ed25519 signature, `rounds.json` holds
//! the visits, `runs/N/…` the run folders. Nothing in it is believed before the signature and the digests hold.

use super::office::Office;
use super::work::{self, Judged};
use crate::audit::Wishes;
use crate::checklist::Cadence;
use crate::error::{Error, Result};
use crate::facts::history::ProbeOutcome;
use crate::plan::Plan;
use crate::run::{RunFolder, State};
use crate::store::Store;
use crate::store::probes::{Round, Visit};
use crate::url::CanonicalUrl;
use crate::whole;
use data_encoding::{BASE64, HEXLOWER};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Schema word.
const SCHEMA: &str = "xuncha.shipment/1";
/// Entries of a file at most.
const MOST_ENTRIES: usize = 200_000;
/// Bytes of manifest and rounds at most.
const MOST_JSON: u64 = 512 << 20;
/// Bytes of one file of a run at most.
const MOST_FILE: u64 = 64 << 30;
/// Files of a run folder that are shipped: what judging needs, and the evidence.
const FILES: [&str; 4] = ["run.db", "run.db-wal", "plan.json", "capture.warc.gz"];
const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
const ROUNDS: &str = "rounds.json";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    schema: String,
    /// Name under which the office knows the sender: its vantage.
    outpost: String,
    made_at: i64,
    runs: Vec<ShippedRun>,
    /// SHA-256 and size by entry.
    entries: BTreeMap<String, (String, u64)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedRun {
    /// Run id.
    id: String,
    /// Site id: outpost and office share the registry's ids.
    site: String,
    cadence: Option<Cadence>,
    /// Its folder in the file.
    folder: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedRound {
    at: i64,
    valid: bool,
    controls: Vec<(String, String)>,
    visits: Vec<ShippedVisit>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedVisit {
    site: String,
    url: CanonicalUrl,
    at: i64,
    outcome: ProbeOutcome,
    millis: Option<i64>,
    status: Option<u16>,
    cause: Option<String>,
}

/// What was taken in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Runs that are new.
    pub runs: u64,
    /// Runs that were there.
    pub known_runs: u64,
    /// Rounds that are new.
    pub rounds: u64,
    /// Rounds that were there.
    pub known_rounds: u64,
}

/// Makes a key pair in a file that nobody else can read; returns the public key.
pub fn make_key(file: &Path) -> Result<String> {
    let random = ring::rand::SystemRandom::new();
    let pair = Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| Error::Internal("no random numbers".into()))?;
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).map_err(|e| Error::io(file, e))?;
    out.write_all(BASE64.encode(pair.as_ref()).as_bytes()).and_then(|()| out.write_all(b"\n")).map_err(|e| Error::io(file, e))?;
    Ok(public_key(&read_key(file)?))
}

fn public_key(pair: &Ed25519KeyPair) -> String {
    BASE64.encode(pair.public_key().as_ref())
}

fn read_key(file: &Path) -> Result<Ed25519KeyPair> {
    let wrong =
        || Error::usage_with(format!("{}: 不是密钥文件 / is no key file", file.display()), "xuncha outpost key --out FILE");
    let text = fs::read_to_string(file).map_err(|e| Error::io(file, e))?;
    let bytes = BASE64.decode(text.trim().as_bytes()).map_err(|_| wrong())?;
    Ed25519KeyPair::from_pkcs8(&bytes).map_err(|_| wrong())
}

/// Writes what happened after `from` up to and with `to` into one signed file.
pub async fn export(store: &Store, office: &Office, key: &Path, (from, to): (i64, i64), out: &Path) -> Result<(u64, u64)> {
    let pair = read_key(key)?;
    let sites: BTreeMap<i64, String> = store.sites().await?.into_iter().map(|(no, site)| (no, site.id)).collect();
    let rounds = store.rounds(&office.vantage, from, to).await?;
    let runs = store.runs(&[Cadence::Daily, Cadence::Quarterly, Cadence::Semiannual], from, to).await?;
    let mut found = Vec::new();
    for run in runs {
        let (Some(site), Some(folder)) = (sites.get(&run.site_no), run.folder.as_ref().map(PathBuf::from)) else { continue };
        if folder.join("run.db").is_file() {
            found.push((
                ShippedRun {
                    id: run.id,
                    site: site.clone(),
                    cadence: store.cadence_of(run.no).await?,
                    folder: format!("runs/{}", found.len()),
                },
                folder,
            ));
        }
    }
    let shipped: Vec<ShippedRound> = rounds.into_iter().map(|round| shipped(round, &sites)).collect();
    whole::write(out, |file| pack(office, &pair, &shipped, found, file, out))
}

/// Packs and signs it.
fn pack(
    office: &Office,
    pair: &Ed25519KeyPair,
    rounds: &[ShippedRound],
    runs: Vec<(ShippedRun, PathBuf)>,
    file: &mut BufWriter<File>,
    out: &Path,
) -> Result<(u64, u64)> {
    let mut zip = ZipWriter::new(file);
    let mut manifest = Manifest {
        schema: SCHEMA.to_owned(),
        outpost: office.vantage.clone(),
        made_at: crate::clock::now().as_second(),
        runs: Vec::new(),
        entries: BTreeMap::new(),
    };
    let text = serde_json::to_vec(rounds).map_err(|e| Error::Internal(e.to_string()))?;
    put(&mut zip, &mut manifest, ROUNDS, &mut text.as_slice(), out)?;
    for (run, folder) in runs {
        for name in FILES {
            let path = folder.join(name);
            if path.is_file() {
                let mut input = File::open(&path).map_err(|e| Error::io(&path, e))?;
                put(&mut zip, &mut manifest, &format!("{}/{name}", run.folder), &mut input, out)?;
            }
        }
        manifest.runs.push(run);
    }
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| Error::Internal(e.to_string()))?;
    let signature = pair.sign(&text);
    for (name, bytes) in [(MANIFEST, text.as_slice()), (SIGNATURE, signature.as_ref())] {
        zip.start_file(name, options()).map_err(|e| packing(out, &e))?;
        zip.write_all(bytes).map_err(|e| Error::io(out, e))?;
    }
    zip.finish().map_err(|e| packing(out, &e))?;
    Ok((manifest.runs.len() as u64, rounds.len() as u64))
}

fn shipped(round: Round, sites: &BTreeMap<i64, String>) -> ShippedRound {
    let visit = |visit: Visit| {
        let Visit { site_no, url, at, outcome, millis, status, cause } = visit;
        Some(ShippedVisit { site: sites.get(&site_no)?.clone(), url, at, outcome, millis, status, cause })
    };
    ShippedRound {
        at: round.at,
        valid: round.valid,
        controls: round.controls,
        visits: round.visits.into_iter().filter_map(visit).collect(),
    }
}

fn options() -> SimpleFileOptions {
    // Facts are packed already, captures too.
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1)).large_file(true)
}

fn packing(file: &Path, e: &zip::result::ZipError) -> Error {
    Error::usage(format!("{}: {e}", file.display()))
}

/// Adds an entry and notes its digest.
fn put<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    manifest: &mut Manifest,
    name: &str,
    input: &mut dyn Read,
    out: &Path,
) -> Result<()> {
    zip.start_file(name, options()).map_err(|e| packing(out, &e))?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0u64, vec![0; 1 << 16]);
    loop {
        let read = input.read(&mut buffer).map_err(|e| Error::io(out, e))?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        size += read as u64;
        zip.write_all(&buffer[..read]).map_err(|e| Error::io(out, e))?;
    }
    manifest.entries.insert(name.to_owned(), (HEXLOWER.encode(&hash.finalize()), size));
    Ok(())
}

/// Takes a file in, all that is new of it. Signature and digests are checked before anything is written.
pub async fn import(store: &Store, office: &Office, file: &Path) -> Result<Taken> {
    let sha256 = digest_of(file)?;
    let mut zip = open(file)?;
    let manifest = verified(store, &mut zip, file).await?;
    let sites: BTreeMap<String, crate::store::registry::Watched> =
        store.watched().await?.into_iter().map(|site| (site.site.id.clone(), site)).collect();
    let mut unknown: Vec<&str> =
        manifest.runs.iter().map(|run| run.site.as_str()).filter(|id| !sites.contains_key(*id)).collect();
    let rounds: Vec<ShippedRound> = serde_json::from_slice(&entry(&mut zip, &manifest, ROUNDS, file)?)
        .map_err(|e| refused(file, &format!("{ROUNDS}: {e}")))?;
    unknown.extend(rounds.iter().flat_map(|round| &round.visits).map(|v| v.site.as_str()).filter(|id| !sites.contains_key(*id)));
    unknown.sort_unstable();
    unknown.dedup();
    if !unknown.is_empty() {
        return Err(Error::usage_with(
            format!("{}: 名册中没有这些网站 / the registry has no such sites: {}", file.display(), unknown.join(", ")),
            "先导入名册；什么也没有导入 / import the registry first; nothing was taken",
        ));
    }
    let mut taken = Taken::default();
    let probes = rounds.iter().map(|round| round.visits.len() as u64).sum();
    for round in rounds {
        let visit = |visit: ShippedVisit| {
            let ShippedVisit { site, url, at, outcome, millis, status, cause } = visit;
            Some(Visit { site_no: sites.get(&site)?.no, url, at, outcome, millis, status, cause })
        };
        let (at, valid, controls) = (round.at, round.valid, round.controls);
        let visits = round.visits.into_iter().filter_map(visit).collect();
        let new = store.put_round(&Round { vantage: manifest.outpost.clone(), at, valid, controls, visits }).await?;
        *(if new { &mut taken.rounds } else { &mut taken.known_rounds }) += 1;
    }
    for run in &manifest.runs {
        let Some(site) = sites.get(&run.site) else { continue };
        if store.knows_run(site.no, &run.id).await? {
            taken.known_runs += 1;
            continue;
        }
        let folder = office.runs.join("outposts").join(safe(&manifest.outpost)).join(safe(&run.id));
        unpack(&mut zip, &manifest, run, &folder, file)?;
        let (plan, done) = read_run(&folder).await?;
        let begun = done.info().map(|info| info.started_at.as_second()).unwrap_or_default();
        let bindings = store.bindings(Some(site.no)).await?;
        let given = work::given(store, site.no, begun).await?;
        let judged = tokio::task::spawn_blocking(move || Judged::of(plan, done, &Wishes::default(), given, &bindings)).await;
        let judged = judged.map_err(|e| Error::Internal(format!("a run panicked: {e}")))??;
        work::keep(store, site, run.cadence, &manifest.outpost, Some(&folder), &judged).await?;
        taken.runs += 1;
    }
    let made_at = manifest.made_at;
    store.note_shipment(&manifest.outpost, &sha256, made_at, crate::clock::now().as_second(), (taken.runs, probes)).await?;
    Ok(taken)
}

async fn read_run(folder: &Path) -> Result<(Plan, RunFolder)> {
    let file = folder.join("plan.json");
    let text = fs::read(&file).map_err(|e| Error::io(&file, e))?;
    let plan: Plan = serde_json::from_slice(&text).map_err(|e| refused(&file, &e.to_string()))?;
    let (run, state) = RunFolder::open(folder, &plan).await?;
    if state != State::Complete {
        return Err(refused(folder, "运行尚未完成 / the run is not finished"));
    }
    Ok((plan, run))
}

fn refused(file: &Path, why: &str) -> Error {
    Error::usage_with(
        format!("{}: {why}", file.display()),
        "请前哨重新导出；什么也没有导入 / have the outpost export it again; nothing was taken",
    )
}

fn open(file: &Path) -> Result<ZipArchive<File>> {
    let input = File::open(file).map_err(|e| Error::io(file, e))?;
    let zip = ZipArchive::new(input).map_err(|e| refused(file, &e.to_string()))?;
    if zip.len() > MOST_ENTRIES {
        return Err(refused(file, "条目过多 / too many entries"));
    }
    Ok(zip)
}

/// The manifest, when its signature is that of a registered outpost and every entry is as it says.
async fn verified(store: &Store, zip: &mut ZipArchive<File>, file: &Path) -> Result<Manifest> {
    let text = bytes(zip, MANIFEST, MOST_JSON, file)?;
    let signature = bytes(zip, SIGNATURE, 4_096, file)?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|e| refused(file, &format!("{MANIFEST}: {e}")))?;
    if manifest.schema != SCHEMA {
        return Err(refused(file, &format!("schema {:?}", manifest.schema)));
    }
    let known = store.outposts().await?;
    let Some((_, key)) = known.iter().find(|(name, _)| *name == manifest.outpost) else {
        return Err(Error::usage_with(
            format!("{}: 前哨 {:?} 未登记 / the outpost is not registered", file.display(), manifest.outpost),
            "xuncha outpost add NAME PUBLIC_KEY",
        ));
    };
    let key = BASE64.decode(key.as_bytes()).map_err(|_| refused(file, "public key"))?;
    if UnparsedPublicKey::new(&ED25519, &key).verify(&text, &signature).is_err() {
        return Err(refused(file, "签名不符 / the signature does not hold"));
    }
    for (name, (sha256, size)) in &manifest.entries {
        if *size > MOST_FILE {
            return Err(refused(file, &format!("{name}: {size} bytes")));
        }
        let mut entry = zip.by_name(name).map_err(|e| refused(file, &format!("{name}: {e}")))?;
        let mut hash = Sha256::new();
        let copied = std::io::copy(&mut (&mut entry).take(*size + 1), &mut Hashing(&mut hash))
            .map_err(|e| refused(file, &format!("{name}: {e}")))?;
        if copied != *size || HEXLOWER.encode(&hash.finalize()) != *sha256 {
            return Err(refused(file, &format!("{name}: 内容与清单不符 / is not what the manifest says")));
        }
    }
    Ok(manifest)
}

struct Hashing<'a>(&'a mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn bytes(zip: &mut ZipArchive<File>, name: &str, most: u64, file: &Path) -> Result<Vec<u8>> {
    let entry = zip.by_name(name).map_err(|e| refused(file, &format!("{name}: {e}")))?;
    let mut bytes = Vec::new();
    entry.take(most + 1).read_to_end(&mut bytes).map_err(|e| refused(file, &format!("{name}: {e}")))?;
    if bytes.len() as u64 > most {
        return Err(refused(file, &format!("{name}: 过大 / too large")));
    }
    Ok(bytes)
}

/// An entry that the manifest names.
fn entry(zip: &mut ZipArchive<File>, manifest: &Manifest, name: &str, file: &Path) -> Result<Vec<u8>> {
    if !manifest.entries.contains_key(name) {
        return Err(refused(file, &format!("{name}: 清单中没有 / is not in the manifest")));
    }
    bytes(zip, name, MOST_JSON, file)
}

/// Puts the files of a run where the office keeps runs of outposts. What an earlier attempt left is written over.
fn unpack(zip: &mut ZipArchive<File>, manifest: &Manifest, run: &ShippedRun, folder: &Path, file: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    }
    fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    for name in FILES {
        let place = format!("{}/{name}", run.folder);
        let Some((_, size)) = manifest.entries.get(&place) else { continue };
        let entry = zip.by_name(&place).map_err(|e| refused(file, &format!("{place}: {e}")))?;
        let path = folder.join(name);
        let mut out = File::create(&path).map_err(|e| Error::io(&path, e))?;
        std::io::copy(&mut entry.take(*size), &mut out).map_err(|e| Error::io(&path, e))?;
    }
    Ok(())
}

/// A name as a folder of ours.
fn safe(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).take(120).collect();
    if kept.is_empty() { "_".to_owned() } else { kept }
}

fn digest_of(file: &Path) -> Result<String> {
    let mut input = File::open(file).map_err(|e| Error::io(file, e))?;
    let mut hash = Sha256::new();
    std::io::copy(&mut input, &mut Hashing(&mut hash)).map_err(|e| Error::io(file, e))?;
    Ok(HEXLOWER.encode(&hash.finalize()))
}
