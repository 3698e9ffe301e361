//! Reports of periods as plain values.

mod daily;
mod quarterly;
mod semiannual;
mod unit;

pub use daily::*;
pub use quarterly::*;
pub use semiannual::*;
pub use unit::*;
