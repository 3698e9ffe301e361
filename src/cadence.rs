//! Daily, quarterly, semiannual: what each runs and reports, and the scheduler that never loses or doubles a run
//! (每日实时监测，每季度深度扫描，每半年提前预评估).

pub mod alerts;
pub mod calendar;
pub mod daily;
pub mod feasible;
pub mod listing;
pub mod movement;
pub mod office;
pub mod outbox;
pub mod outpost;
pub mod period;
pub mod prepare;
pub mod publish;
pub mod quarterly;
pub mod scheduler;
pub mod seen;
pub mod semiannual;
pub mod unit;
pub mod watch;
pub mod work;
