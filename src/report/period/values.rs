//! Reports of periods as plain values.

mod daily;
mod quarterly;
mod semiannual;

pub use daily::*;
pub use quarterly::*;
pub use semiannual::*;
