//! Points as whole ten-thousandths, so that 59.99, 60.00, 80.00 and 80.01 are never a matter of binary fractions.
//!
//! The scoring tables of the offices print up to four decimals (regulations.md 1.9); nothing finer exists here. A scaled score is cut, not
//! rounded, to four decimals: what is compared with a line is exactly what is printed, and no score is lifted over a line by rounding.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// Ten-thousandths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Marks(i64);

/// One point.
const POINT: i64 = 10_000;
/// No checklist has a mark beyond this; larger figures in a file are cut to it, so that products fit.
const LIMIT: f64 = 1.0e9;

impl Marks {
    /// No points.
    pub const ZERO: Marks = Marks(0);

    /// Reads a figure of a checklist to the nearest ten-thousandth. What is no number is nothing.
    pub fn of(points: f64) -> Self {
        if points.is_finite() { Marks((points.clamp(-LIMIT, LIMIT) * POINT as f64).round() as i64) } else { Marks::ZERO }
    }

    /// The figure to print; the double nearest to the decimal, so it prints with four decimals at most.
    pub fn points(self) -> f64 {
        self.0 as f64 / POINT as f64
    }

    /// Never below nothing.
    pub fn floor(self) -> Self {
        self.max(Marks::ZERO)
    }

    /// `self × part / whole`, half up; nothing when `whole` is nothing.
    pub fn share(self, part: i64, whole: i64) -> Self {
        if whole <= 0 {
            return Marks::ZERO;
        }
        let product = i128::from(self.0) * i128::from(part) * 2 + i128::from(whole);
        Marks(clamp(product.div_euclid(i128::from(whole) * 2)))
    }

    /// `self × part / whole`, cut to four decimals.
    pub fn cut(self, part: Marks, whole: Marks) -> Self {
        if whole.0 <= 0 {
            return Marks::ZERO;
        }
        Marks(clamp((i128::from(self.0) * i128::from(part.0)).div_euclid(i128::from(whole.0))))
    }

    /// What is lost when this share (0 to 1) of the points is kept.
    pub fn lost(self, kept: f64) -> Self {
        let kept = if kept.is_finite() { (kept.clamp(0.0, 1.0) * POINT as f64).round() as i64 } else { 0 };
        self.share(POINT - kept, POINT)
    }

    /// The even part of one among `count`, cut; the rest is lost on nobody: it stays with the caller.
    pub fn spread(self, count: u64) -> Self {
        i64::try_from(count).ok().filter(|n| *n > 0).map_or(Marks::ZERO, |n| Marks(self.0 / n))
    }

    /// Whole ten-thousandths, for ratios.
    pub fn raw(self) -> i64 {
        self.0
    }
}

fn clamp(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

impl Add for Marks {
    type Output = Marks;
    fn add(self, other: Marks) -> Marks {
        Marks(self.0.saturating_add(other.0))
    }
}
impl Sub for Marks {
    type Output = Marks;
    fn sub(self, other: Marks) -> Marks {
        Marks(self.0.saturating_sub(other.0))
    }
}
impl AddAssign for Marks {
    fn add_assign(&mut self, other: Marks) {
        *self = *self + other;
    }
}
impl SubAssign for Marks {
    fn sub_assign(&mut self, other: Marks) {
        *self = *self - other;
    }
}
impl Sum for Marks {
    fn sum<I: Iterator<Item = Marks>>(all: I) -> Marks {
        all.fold(Marks::ZERO, Add::add)
    }
}

/// A share from 0 to 1 in whole millionths; what is no number is nothing.
pub fn millionths(share: f64) -> u64 {
    if share.is_finite() { (share.clamp(0.0, 1.0) * 1.0e6).round() as u64 } else { 0 }
}

/// `part / whole` in whole millionths, cut: a share never passes a line by rounding. None of nothing.
pub fn ratio(part: u64, whole: u64) -> Option<u64> {
    (whole > 0).then(|| u64::try_from(u128::from(part) * 1_000_000 / u128::from(whole)).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_add_up() {
        let sum: Marks = std::iter::repeat_n(Marks::of(0.1), 400).sum();
        assert_eq!(Marks::of(100.0) - sum, Marks::of(60.0));
        assert_eq!((Marks::of(100.0) - Marks::of(40.01)).points(), 59.99);
    }

    #[test]
    fn scaling_cuts_and_never_lifts() {
        let (full, reach) = (Marks::of(100.0), Marks::of(75.0));
        assert_eq!(Marks::of(45.0).cut(full, reach), Marks::of(60.0));
        assert_eq!(Marks::of(44.9999).cut(full, reach).points(), 59.9998);
        assert_eq!(Marks::of(1.0).cut(full, Marks::ZERO), Marks::ZERO);
    }

    #[test]
    fn ladders_keep_their_share() {
        assert_eq!(Marks::of(3.0).lost(0.6), Marks::of(1.2));
        assert_eq!(Marks::of(3.0).lost(0.0), Marks::of(3.0));
        assert_eq!(Marks::of(f64::NAN), Marks::ZERO);
    }
}
