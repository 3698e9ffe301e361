//! Which finding takes how many points: per finding, subject or once, by the ladder, up to the cap. What the findings took adds up to
//! what the item lost; nothing is lost without a finding that shows why.

use super::marks::Marks;
use crate::checklist::{Confidence, Item, Per};
use crate::finding::{Certainty, Finding};
use std::collections::BTreeMap;

/// Points of an item, when it has any that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Taken per finding, subject or once.
    pub each: Marks,
    /// Most that can be taken.
    pub cap: Option<Marks>,
    /// What the item is worth within the full mark; none for an open-ended price without a cap.
    pub weight: Option<Marks>,
}

/// The price of an item. None: it has no points, or its source does not allow them (unverified, and no office answers for it).
pub fn price(item: &Item, authority: bool) -> Option<Price> {
    if item.confidence == Confidence::Unverified && !authority {
        return None;
    }
    let worth = |value: Option<f64>| value.filter(|v| v.is_finite() && *v >= 0.0).map(Marks::of);
    let (points, cap) = (worth(item.points), worth(item.cap));
    let each = points.or(cap)?;
    // One mark for the whole item: with a ladder, or taken once, it can never lose more than it is worth.
    let whole = (item.per == Per::Once || points.is_none()).then_some(each);
    Some(Price { each, cap: cap.or(whole), weight: cap.or(whole) })
}

/// A finding under the item, in canonical order.
#[derive(Debug)]
pub struct Claim<'a> {
    /// Subjects it stands for.
    pub subjects: &'a [String],
}

/// May this finding take points at all? Suspected never does (design.md 2.4), a waived one neither.
pub fn takes(finding: &Finding) -> bool {
    finding.certainty == Certainty::Certain && !matches!(finding.state.as_deref(), Some("waived" | "rejected"))
}

/// Points taken by each claim, in their order. `counted` are the failed subjects that count, with the key of their worst message.
pub fn taken(item: &Item, price: Price, claims: &[Claim<'_>], counted: &BTreeMap<&str, &str>) -> Vec<Marks> {
    let lost = |message: &str| item.ladder.get(message).map_or(price.each, |kept| price.each.lost(*kept));
    let of_claim = |claim: &Claim<'_>| {
        let live = claim.subjects.iter().filter_map(|key| counted.get(key.as_str())).map(|message| lost(message)).max();
        // A finding whose subjects nobody listed still stands for itself.
        if claim.subjects.is_empty() { price.each } else { live.unwrap_or(Marks::ZERO) }
    };
    let mut amounts = vec![Marks::ZERO; claims.len()];
    match item.per {
        Per::Finding => amounts.iter_mut().zip(claims).for_each(|(amount, claim)| *amount = of_claim(claim)),
        Per::Once => {
            let worst = claims.iter().map(of_claim).max().unwrap_or_default();
            if let Some(first) = claims.iter().position(|claim| of_claim(claim) == worst) {
                amounts[first] = worst;
            }
        }
        Per::Subject => {
            let mut owner: BTreeMap<&str, usize> = BTreeMap::new();
            for (index, claim) in claims.iter().enumerate() {
                for key in claim.subjects {
                    owner.entry(key.as_str()).or_insert(index);
                }
            }
            for (key, message) in counted {
                let index = owner.get(key).copied().or((!claims.is_empty()).then_some(0));
                if let Some(amount) = index.and_then(|index| amounts.get_mut(index)) {
                    *amount += lost(message);
                }
            }
        }
    }
    if let Some(cap) = price.cap {
        let mut left = cap;
        for amount in &mut amounts {
            *amount = (*amount).min(left);
            left -= *amount;
        }
    }
    amounts
}

/// Scales what was taken so that it adds up to `total` exactly: each by its share, the last that took anything bears the rest.
pub fn rescale(amounts: &mut [Marks], total: Marks) {
    let sum: Marks = amounts.iter().copied().sum();
    if sum == total || sum == Marks::ZERO {
        return;
    }
    let last = amounts.iter().rposition(|a| *a > Marks::ZERO);
    let mut left = total;
    for (index, amount) in amounts.iter_mut().enumerate() {
        *amount = if Some(index) == last { left } else { amount.share(total.raw(), sum.raw()).min(left) };
        left -= *amount;
    }
}
