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
