//! Facts that another version read, and files that nobody has read: read again from the captures. States stay.

use super::{BATCH, Gone, Summary, Wanted, absent, read_file, read_page, readers};
use crate::capture::challenge;
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering};
use crate::facts::site::{Look, UrlState};
use crate::run::originals::Originals;
use crate::run::rows::Kept;
use crate::run::{RunFolder, files, not_answered};
use crate::unfetched::Reason;
use std::collections::HashSet;
use std::path::PathBuf;

/// Page facts of another extractor version, read again; states stay.
pub(in crate::run) async fn read_facts_anew(folder: &mut RunFolder, warcs: &[PathBuf]) -> Result<()> {
    let (sender, mut rows) = tokio::sync::mpsc::channel::<Kept>(BATCH);
    let (files, limit, reading_with) = (warcs.to_vec(), folder.block_limit, folder.reading.clone());
    let captures: Vec<PathBuf> =
        folder.since.iter().flat_map(|since| since.captures.values().map(|capture| capture.path.clone())).collect();
    let replayed = folder.own_capture.is_none();
    folder.db.get_mut().clear(true).await?;
    let reading = tokio::task::spawn_blocking(move || {
        let mut summary = Summary::default();
        let mut take = |exchange: &Exchange, has_body| {
            let (row, _) = read_page(exchange, has_body, &reading_with)?;
            Ok(sender.blocking_send(row).is_ok())
        };
        let mut elsewhere = Vec::new();
        files.iter().try_for_each(|file| {
            read_file(file, limit, &mut summary, &mut take, &mut |gone| {
                match gone {
                    Gone::Elsewhere(exchange, original) if exchange.gathering == Gathering::Pages => {
                        elsewhere.push((*exchange, *original));
                    }
                    Gone::Rendered(rendered) => {
                        let named = replayed.then_some(file.as_path());
                        return sender.blocking_send(Kept::rendered(*rendered, named, &reading_with)).is_ok();
                    }
                    Gone::Elsewhere(..) | Gone::Unfetched(_) => {}
                }
                true
            })
        })?;
        let wanted = elsewhere.iter().map(|(_, original)| original.record.clone()).collect();
        let originals = Originals::find(&captures, &wanted, limit)?;
        for (exchange, original) in elsewhere {
            let row = match originals.whole(&exchange, &original.record) {
                Some(whole) => read_page(&whole, true, &reading_with)?.0,
                None => Kept::of(not_answered(&absent(&exchange, &original))),
            };
            if sender.blocking_send(row).is_err() {
                break;
            }
        }
        Ok::<_, Error>(summary.probes)
    });
    while let Some(kept) = rows.recv().await {
        if let Some(row) = &kept.rendered {
            folder.db.get_mut().keep_rendered(row, true).await?;
            continue;
        }
        // The capture with its original is gone: it is untested now.
        if let Some((number, state)) = kept.look.as_ref().filter(|(_, state)| is_absent(state)) {
            folder.db.get_mut().forget(*number, state).await?;
            continue;
        }
        if let Some((_, state)) = kept.look.filter(|(_, state)| state.gathering == Gathering::Pages) {
            folder.db.get_mut().renew_page(&state.url, kept.page.as_ref()).await?;
        }
    }
    let probes = reading.await.map_err(|e| Error::Internal(format!("replay: {e}")))??;
    folder.db.get_mut().keep_probes(&probes).await?;
    // All at once: a kill in between leaves the facts as they were.
    folder.db.get_mut().commit(None).await
}

/// Reads the files whose contents are missing: those of a run that was killed in between, and those that another version has read.
pub(in crate::run) async fn read_files_left(folder: &mut RunFolder, warcs: &[PathBuf]) -> Result<()> {
    let wanted = Wanted::of(folder);
    if wanted.extractor.is_none() || warcs.is_empty() {
        return Ok(());
    }
    let left: HashSet<String> = folder.db.get_mut().unread().await?.into_iter().collect();
    if left.is_empty() {
        return Ok(());
    }
    let (sender, mut rows) = tokio::sync::mpsc::channel::<Kept>(BATCH);
    let files = warcs.to_vec();
    let reading = tokio::task::spawn_blocking(move || {
        let mut summary = Summary::default();
        readers::with(&wanted, &sender, |readers| {
            let mut done = HashSet::new();
            let mut take = |exchange: &Exchange, has_body| {
                let challenge = challenge::sign(exchange);
                if has_body && let Some(body) = files::body_of_file(exchange, challenge.as_deref(), false, wanted.limit) {
                    let digest = crate::extract::digest(&body);
                    if left.contains(&digest) && done.insert(digest.clone()) {
                        readers.read(digest, body);
                    }
                }
                Ok(true)
            };
            files.iter().try_for_each(|file| read_file(file, wanted.limit, &mut summary, &mut take, &mut |_| true))
        })
    });
    while let Some(kept) = rows.recv().await {
        if let Some(content) = &kept.content {
            folder.db.get_mut().put_contents(content).await?;
            folder.db.get_mut().commit(None).await?;
        }
    }
    reading.await.map_err(|e| Error::Internal(format!("replay: {e}")))?
}

fn is_absent(state: &UrlState) -> bool {
    matches!(state.looks.as_slice(), [Look::Unfetched { reason: Reason::NotInCapture, .. }])
}
