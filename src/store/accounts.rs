//! New-media accounts (政务新媒体): registry objects with marks that people enter or import, who and when. Never mixed with a site's score.

use super::{Store, damaged, failed, on, within};
use crate::error::Result;
use crate::registry::{Account, AccountState, Mark};
use jiff::civil::Date;

type AccountRow = (i64, String, String, String, String, Option<String>, Option<String>, String, Option<String>, Option<String>);

impl Store {
    /// Takes accounts in, all of them or none.
    pub async fn put_accounts(&self, accounts: &[Account]) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO account (id, unit_no, medium, name, number, address, state, filed_on, closed_on)
            VALUES ($1, (SELECT no FROM unit WHERE id = $2), $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (id) DO UPDATE SET unit_no = excluded.unit_no, medium = excluded.medium, name = excluded.name,
            number = excluded.number, address = excluded.address, state = excluded.state, filed_on = excluded.filed_on,
            closed_on = excluded.closed_on";
        for account in accounts {
            let (filed, closed) = (account.filed_on.map(|day| day.to_string()), account.closed_on.map(|day| day.to_string()));
            within!(&mut tx, conn => sqlx::query(sql)
                .bind(&account.id).bind(&account.unit).bind(&account.medium).bind(&account.name).bind(&account.number)
                .bind(&account.address).bind(account.state.word()).bind(filed).bind(closed).execute(conn).await.map(|_| ()))
            .map_err(failed)?;
        }
        tx.commit().await
    }

    /// All accounts with their numbers, by unit and name.
    pub async fn accounts(&self) -> Result<Vec<(i64, Account)>> {
        let sql = "SELECT a.no, a.id, u.id, a.medium, a.name, a.number, a.address, a.state, a.filed_on, a.closed_on
            FROM account a JOIN unit u ON u.no = a.unit_no ORDER BY u.id, a.medium, a.name, a.id";
        let rows: Vec<AccountRow> = on!(&self.db, pool => sqlx::query_as(sql).fetch_all(pool).await).map_err(failed)?;
        let day = |text: Option<String>| text.map(|text| text.parse::<Date>().map_err(|e| damaged("account", e))).transpose();
        rows.into_iter()
            .map(|(no, id, unit, medium, name, number, address, state, filed_on, closed_on)| {
                let state: AccountState = serde_json::from_value(state.into()).map_err(|e| damaged("account.state", e))?;
                let (filed_on, closed_on) = (day(filed_on)?, day(closed_on)?);
                Ok((no, Account { id, unit, medium, name, number, address, state, filed_on, closed_on }))
            })
            .collect()
    }

    /// Notes what a person or a run saw of an account: a last post, a last answer, a dead code image. The same said twice is said once.
    /// False: no such account.
    pub async fn mark_account(&self, account: &str, mark: &Mark) -> Result<bool> {
        let sql = "INSERT INTO account_mark (account_no, mark, on_day, said_by, said_at, note)
            SELECT a.no, $2, $3, $4, $5, $6 FROM account a WHERE a.id = $1 AND NOT EXISTS (SELECT 1 FROM account_mark m
            WHERE m.account_no = a.no AND m.mark = $2 AND m.on_day = $3 AND m.said_by = $4 AND m.said_at = $5)";
        let done = on!(&self.db, pool => sqlx::query(sql)
            .bind(account).bind(&mark.mark).bind(mark.on.to_string()).bind(&mark.by).bind(mark.at).bind(&mark.note)
            .execute(pool).await.map(|done| done.rows_affected()));
        if done.map_err(failed)? > 0 {
            return Ok(true);
        }
        let sql = "SELECT count(*) FROM account WHERE id = $1";
        let known: i64 = on!(&self.db, pool => sqlx::query_scalar(sql).bind(account).fetch_one(pool).await).map_err(failed)?;
        Ok(known > 0)
    }

    /// The newest mark of each kind of an account, as known at an instant.
    pub async fn marks(&self, account_no: i64, at: i64) -> Result<Vec<Mark>> {
        let sql = "SELECT mark, on_day, said_by, said_at, note FROM account_mark WHERE account_no = $1 AND said_at <= $2
            ORDER BY mark, on_day DESC, said_at DESC, no DESC";
        let rows: Vec<(String, String, String, i64, Option<String>)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(account_no).bind(at).fetch_all(pool).await).map_err(failed)?;
        let mut marks: Vec<Mark> = Vec::new();
        for (mark, on, by, at, note) in rows {
            if marks.last().is_none_or(|known| known.mark != mark) {
                marks.push(Mark { mark, on: on.parse().map_err(|e| damaged("account_mark", e))?, by, at, note });
            }
        }
        Ok(marks)
    }
}
