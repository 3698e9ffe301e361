//! Statements that go to the thread of the connection in one message. Each message and its answer cost two changes of thread, which is more
//! than what a row costs.

use serde::Serialize;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments as _, Encode, Sqlite, Type};

/// Statements with their values, in order. They are prepared once for each shape that a message has, so shapes are few: what comes in any
/// number is one value ([`Together::rows`]).
#[derive(Default)]
pub(super) struct Together {
    sql: String,
    values: SqliteArguments,
    /// A value that could not be written.
    failed: Option<sqlx::Error>,
}

impl Together {
    /// One more statement; its `?` take the values that are bound from here on.
    pub(super) fn say(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// The value of the next `?`.
    pub(super) fn bind<'t, T: Encode<'t, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> &mut Self {
        if let Err(why) = self.values.add(value) {
            self.failed = Some(sqlx::Error::Encode(why));
        }
        self
    }

    /// Rows as the value of the next `?`, which stands in `json_each(?)`; column n of one is `value ->> n`.
    pub(super) fn rows(&mut self, rows: &[impl Serialize]) -> &mut Self {
        match serde_json::to_string(rows) {
            Ok(json) => self.bind(json),
            Err(why) => {
                self.failed = Some(sqlx::Error::Encode(why.into()));
                self
            }
        }
    }

    /// Sends them.
    pub(super) async fn execute(self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        if self.sql.is_empty() {
            return Ok(());
        }
        // Only our own words are in it: what comes from a site is bound.
        sqlx::query_with(sqlx::AssertSqlSafe(self.sql), self.values).execute(connection).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Connection;

    async fn connection() -> SqliteConnection {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("a database in memory");
        let table = "CREATE TABLE t (name TEXT PRIMARY KEY, via TEXT, hops INTEGER NOT NULL)";
        sqlx::raw_sql(table).execute(&mut connection).await.expect("a table");
        connection
    }

    async fn rows(connection: &mut SqliteConnection) -> Vec<(String, Option<String>, i64)> {
        sqlx::query_as("SELECT name, via, hops FROM t ORDER BY name").fetch_all(connection).await.expect("its rows")
    }

    #[tokio::test]
    async fn each_statement_takes_its_own_values_in_order() {
        let mut connection = connection().await;
        let mut together = Together::default();
        together.say("INSERT INTO t VALUES (?, ?, ?);").bind("a'; DROP TABLE t; --").bind(None::<&str>).bind(1);
        together
            .say("INSERT INTO t SELECT value ->> 0, value ->> 1, ? FROM json_each(?);")
            .bind(2)
            .rows(&[("b", Some("\"a\"\n")), ("c", None)]);
        together.say("UPDATE t SET hops = hops + ? WHERE name = ?;").bind(10).bind("c");
        together.execute(&mut connection).await.expect("all are carried out");
        let row = |name: &str, via: Option<&str>, hops| (name.to_owned(), via.map(str::to_owned), hops);
        let told = [row("a'; DROP TABLE t; --", None, 1), row("b", Some("\"a\"\n"), 2), row("c", None, 12)];
        assert_eq!(rows(&mut connection).await, told);
    }

    #[tokio::test]
    async fn one_that_fails_is_told_wherever_it_stands() {
        let mut connection = connection().await;
        for values in [[Some(1), None], [None, Some(1)]] {
            let mut together = Together::default();
            for (name, hops) in ["a", "b"].into_iter().zip(values) {
                together.say("INSERT OR REPLACE INTO t (name, hops) VALUES (?, ?);").bind(name).bind(hops);
            }
            assert!(together.execute(&mut connection).await.is_err(), "{values:?}");
        }
        assert!(Together::default().execute(&mut connection).await.is_ok(), "nothing to say is no failure");
    }
}
