//! Attachments: every format read from real bytes, hostile files held within their limits, and a whole audit with its replay.

#[path = "attachments/auditing.rs"]
mod auditing;
#[path = "server/fault.rs"]
mod fault;
#[path = "attachments/hostile.rs"]
mod hostile;
#[path = "attachments/keeping.rs"]
mod keeping;
#[path = "attachments/made.rs"]
mod made;
#[path = "attachments/reading.rs"]
mod reading;
