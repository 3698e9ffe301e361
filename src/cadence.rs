//! Daily, quarterly, semiannual: what each runs and reports, and the scheduler that never loses or doubles a run
//! (每日实时监测，每季度深度扫描，每半年提前预评估).

pub mod period;
pub mod prepare;
pub mod work;
