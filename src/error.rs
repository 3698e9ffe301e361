//! Errors that the user or the configuration caused: they end in `main` with exit code 2 and say what to do next.
//!
//! The other three kinds of trouble never become an [`Error`]: a page that could not be had is an
//! [`Unfetched`](crate::unfetched::Unfetched), a page that does not let us decide is
//! [`Outcome::CannotTell`](crate::finding::Outcome), and a bug is a panic caught around one rule.

use std::path::PathBuf;

/// What the user has to mend, with the place and a hint.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line or a value in it makes no sense.
    #[error("{message}{}", hint_suffix(.hint))]
    Usage {
        /// What is wrong, in Chinese and English as the caller wrote it.
        message: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// A file of the user's is wrong at a place.
    #[error("{}:{line}:{column}: {message}{}", .file.display(), hint_suffix(.hint))]
    Located {
        /// The file as the user named it.
        file: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong.
        message: String,
        /// The nearest known name, or what to do next.
        hint: Option<String>,
    },
    /// The operating system refused a file.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The path that was touched.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `--out` holds a run made by another plan.
    #[error("{} 属于另一份计划 / holds a run of another plan:\n{difference}\n换一个 --out，或用原来的参数继续 / choose another --out, or repeat the original options", .path.display())]
    OtherPlan {
        /// The run folder.
        path: PathBuf,
        /// One line per differing value: name, there, here.
        difference: String,
    },
    /// The user asked for an end before the crawl had one: nothing is lost, exit code 130.
    #[error("已停止，取得的内容都已保存。用同一命令加 --out {0} 继续 / stopped; everything obtained is kept. The same command with --out {0} goes on", .path.display())]
    Stopped {
        /// The run folder.
        path: PathBuf,
    },
    /// We have a bug: not the user's fault, exit code 70.
    #[error("内部错误 / internal error: {0}")]
    Internal(String),
}

fn hint_suffix(hint: &Option<String>) -> String {
    hint.as_ref().map(|h| format!("\n  → {h}")).unwrap_or_default()
}

impl Error {
    /// A usage error without a hint.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::Usage { message: message.into(), hint: None }
    }

    /// A usage error that says what to do next.
    pub fn usage_with(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Error::Usage { message: message.into(), hint: Some(hint.into()) }
    }

    /// Wraps an I/O error with the path it happened on.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Error::Io { path: path.into(), source }
    }
}

/// Short form used by everything that can fail by the user's doing.
pub type Result<T> = std::result::Result<T, Error>;
