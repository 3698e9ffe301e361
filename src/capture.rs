//! The capture: a WARC/1.1 file with everything that a run received, and the reader for ours and other tools' files.
//!
//! What we write, in order:
//!
//! 1. `warcinfo` (`application/warc-fields`): `software`, `format`, `conformsTo`, and of the run `run-id`, `started`, `plan-sha256`,
//!    `as-of`, `gatherings`, `seed` (one line each). No host name, user or path of the machine.
//! 2. `metadata` (`application/json`, refers to the warcinfo): what the run was planned to gather, so that the file alone can be judged.
//! 3. For every exchange a `request` and a `response` record (`application/http`), each naming the other in `WARC-Concurrent-To`.
//!    Both carry `WARC-Block-Digest` and `WARC-Payload-Digest` (SHA-1, base32). Named extension fields hold what WARC has no field
//!    for: `Xuncha-Gathering`, `Xuncha-Method`, `Xuncha-Hops`, `Xuncha-Via`, `Xuncha-Attempts`, `Xuncha-Look`,
//!    and where they are known `Xuncha-Elapsed` (milliseconds) and `Xuncha-Profile` (as whom we asked).
//!    Where the body is that of an earlier run's record, a `revisit` stands in place of the `response`: `WARC-Profile`
//!    server-not-modified (its block is the head of the `304`) or identical-payload-digest, `WARC-Refers-To`, `-Target-URI` and
//!    `-Date` of the original record, `Xuncha-Refers-To-Run` and `Xuncha-Refers-To-Capture` (SHA-256) of its capture. Without that
//!    capture such a page is untested; `xuncha capture pack` puts the originals in.
//! 4. For every URL without a response a `metadata` record (`application/warc-fields`): `reason`, `detail`, `attempts`, `gathering`,
//!    `look`, and the customary `via` and `hopsFromSeed`.
//! 5. For every certificate and look-up of addresses a `metadata` record (`application/json`, `Xuncha-Record: looked`).
//! 6. Last a `metadata` record that refers to the warcinfo: `complete`, `finished`, `responses`, `unfetched`, `unfetched-REASON`,
//!    and of a run that got far fewer pages than the one before `pages-before`, `pages-now`.
//!
//! Bodies are as received without transfer coding, still in their content coding. Therefore the stored head must not announce a
//! transfer coding or another length: `Transfer-Encoding` and a `Content-Length` that does not fit are kept under the names
//! `X-Archive-Orig-Transfer-Encoding` and `X-Archive-Orig-Content-Length` (as web archives do), in their place; the reader turns
//! them back. The answer to a HEAD request keeps its `Content-Length`. The status line is always written as HTTP/1.1 with the usual
//! reason phrase, field names in lower case: that is all an [`Exchange`](crate::exchange::Exchange) knows. A request record holds the
//! request line, `Host` and, when known, `User-Agent`.
//!
//! Every record is a gzip member of its own, unless the file is named `*.warc`.

pub mod challenge;
pub mod draft;
pub mod entry;
pub mod fields;
pub mod http_message;
pub mod kill;
pub mod member;
pub mod read;
pub mod rendered;
pub mod write;

pub use entry::{Entry, Last, Origin, Original, Shrunk};
pub use read::{Broken, Reader};
pub use rendered::Rendered;
pub use write::{Writer, Written};

/// What replay may hold in memory of one record beyond the body limit: its WARC and HTTP heads.
pub const HEAD_LIMIT: usize = 256 << 10;
