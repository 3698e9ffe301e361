//! Columns of sites bound to columns of the book: what a first crawl proposed and what a person said of it. A proposal never takes the
//! place of a person's word.

use super::registry::{read, written};
use super::{Store, failed, on, within};
use crate::error::{Error, Result};
use crate::registry::profile::Profile;
use crate::registry::{Binding, BindingState};

impl Store {
    /// Takes in what a crawl proposes: new columns are added, what nobody spoke of is renewed, what a person said stays. How many are new.
    pub async fn propose(&self, bindings: &[Binding], at: i64) -> Result<u64> {
        let mut tx = self.begin().await?;
        let count = "SELECT count(*) FROM binding";
        let (before,): (i64,) = within!(&mut tx, conn => sqlx::query_as(count).fetch_one(conn).await).map_err(failed)?;
        let sql = "INSERT INTO binding (site_no, unit_no, url, body, state, seen_at)
            VALUES ((SELECT no FROM site WHERE id = $1), (SELECT no FROM unit WHERE id = $2), $3, $4, 'proposed', $5)
            ON CONFLICT (site_no, unit_no, url) DO UPDATE SET
            body = CASE WHEN binding.state = 'proposed' THEN excluded.body ELSE binding.body END, seen_at = excluded.seen_at";
        for binding in bindings.iter().filter(|binding| binding.state == BindingState::Proposed) {
            let body = written(binding)?;
            within!(&mut tx, conn => sqlx::query(sql)
                .bind(&binding.site).bind(&binding.unit).bind(binding.url.as_str()).bind(body).bind(at)
                .execute(conn).await.map(|_| ()))
            .map_err(failed)?;
        }
        let (after,): (i64,) = within!(&mut tx, conn => sqlx::query_as(count).fetch_one(conn).await).map_err(failed)?;
        tx.commit().await?;
        Ok((after - before).max(0) as u64)
    }

    /// Takes in what a person said, all of it or nothing.
    pub async fn bind(&self, bindings: &[Binding], by: &str, at: i64) -> Result<u64> {
        if by.trim().is_empty() {
            return Err(Error::usage_with("没有写明是谁确认的 / who confirms is not said", "--by 姓名或处室 / --by NAME"));
        }
        let mut tx = self.begin().await?;
        let mut said = 0;
        let sql = "INSERT INTO binding (site_no, unit_no, url, body, state, said_by, said_at, seen_at)
            VALUES ((SELECT no FROM site WHERE id = $1), (SELECT no FROM unit WHERE id = $2), $3, $4, $5, $6, $7, $7)
            ON CONFLICT (site_no, unit_no, url) DO UPDATE SET body = excluded.body, state = excluded.state, said_by = excluded.said_by,
            said_at = excluded.said_at";
        for binding in bindings.iter().filter(|binding| binding.state != BindingState::Proposed) {
            let (body, state) = (written(binding)?, super::runs::word(&binding.state)?);
            within!(&mut tx, conn => sqlx::query(sql)
                .bind(&binding.site).bind(&binding.unit).bind(binding.url.as_str()).bind(body).bind(state).bind(by).bind(at)
                .execute(conn).await.map(|_| ()))
            .map_err(failed)?;
            said += 1;
        }
        tx.commit().await?;
        Ok(said)
    }

    /// Keeps the profile of the office: what country, regions, groups and units ask.
    pub async fn put_profile(&self, profile: &Profile, origin: &str, at: i64) -> Result<()> {
        let sql = "INSERT INTO profile (level, holder, body, origin, set_at) VALUES ('all', '', $1, $2, $3)
            ON CONFLICT (level, holder) DO UPDATE SET body = excluded.body, origin = excluded.origin, set_at = excluded.set_at";
        let body = written(profile)?;
        on!(&self.db, pool => sqlx::query(sql).bind(body).bind(origin).bind(at).execute(pool).await.map(|_| ())).map_err(failed)
    }

    /// The profile of the office; empty where none was taken in.
    pub async fn profile(&self) -> Result<Profile> {
        let sql = "SELECT body FROM profile WHERE level = 'all' AND holder = ''";
        let row: Option<(String,)> = on!(&self.db, pool => sqlx::query_as(sql).fetch_optional(pool).await).map_err(failed)?;
        row.map_or_else(|| Ok(Profile::default()), |(body,)| read("profile", &body))
    }

    /// Bindings of a site, or of all, by unit and URL.
    pub async fn bindings(&self, site_no: Option<i64>) -> Result<Vec<Binding>> {
        let sql = "SELECT b.body, b.state FROM binding b JOIN unit u ON u.no = b.unit_no WHERE ($1 = 0 OR b.site_no = $1)
            ORDER BY b.site_no, u.id, b.url";
        let rows: Vec<(String, String)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(site_no.unwrap_or(0)).fetch_all(pool).await).map_err(failed)?;
        rows.into_iter()
            .map(|(body, state)| {
                let mut binding: Binding = read("binding", &body)?;
                binding.state = read("binding.state", &format!("{state:?}"))?;
                Ok(binding)
            })
            .collect()
    }
}
