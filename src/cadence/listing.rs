//! What the matrix pages (政务新媒体矩阵) of a run show of the accounts of the registry, noted as marks in the store.

use crate::checklist::Cadence;
use crate::error::Result;
use crate::facts::Site;
use crate::judge::RunInfo;
use crate::plan::Plan;
use crate::registry::matrix::{self, Listed, Matrix, is_matrix};
use crate::registry::{Account, Mark};
use crate::run::RunFolder;
use crate::store::Store;
use crate::store::registry::Watched;
use std::collections::BTreeSet;

/// The matrix pages of a run.
#[derive(Debug)]
pub struct Listing {
    matrix: Matrix,
    /// Was everything fetched, within all hops?
    whole: bool,
    run: String,
    at: jiff::Timestamp,
}

impl Listing {
    /// None: the run saw no such page.
    pub fn of(plan: &Plan, run: &RunFolder, info: &RunInfo, site: &Site) -> Result<Option<Self>> {
        let mut matrix = Matrix::default();
        run.for_each_page_wanted(&mut is_matrix, &mut |page| {
            matrix.add(&page, site);
            Ok(())
        })?;
        // A daily look goes one link deep.
        let whole = info.complete && plan.cadence != Some(Cadence::Daily);
        Ok((!matrix.pages.is_empty()).then(|| Listing { matrix, whole, run: info.id.clone(), at: info.finished_at }))
    }

    /// Marks the accounts of the site's units, and of those right below its operator.
    pub async fn note(&self, store: &Store, site: &Watched) -> Result<()> {
        let mut own: BTreeSet<&str> = site.units.iter().map(|(unit, _)| unit.id.as_str()).collect();
        let operator = site.operator.as_ref().map(|unit| unit.id.as_str());
        own.extend(operator);
        let registry = store.registry().await?;
        let below = registry.units.iter().filter(|unit| operator.is_some() && unit.superior.as_deref() == operator);
        let compared: BTreeSet<&str> = own.iter().copied().chain(below.map(|unit| unit.id.as_str())).collect();
        let accounts = store.accounts().await?.into_iter().map(|(_, account)| account);
        let accounts: Vec<Account> = accounts.filter(|account| compared.contains(account.unit.as_str())).collect();
        for (account, listed) in matrix::compare(&accounts, &self.matrix, &own, self.whole) {
            if listed != Listed::Missing {
                store.mark_account(&account, &self.mark(Listed::Shown)).await?;
            }
            if listed != Listed::Shown {
                store.mark_account(&account, &self.mark(listed)).await?;
            }
        }
        Ok(())
    }

    fn mark(&self, listed: Listed) -> Mark {
        Mark {
            mark: listed.word().to_owned(),
            on: crate::clock::date_of(self.at),
            by: format!("xuncha {}", self.run),
            at: self.at.as_second(),
            note: self.matrix.pages.first().map(ToString::to_string),
        }
    }
}
