//! What became of findings in a period, reckoned from their events alone.

use crate::report::period::{Movement, Ratio};
use crate::store::findings::{Event, Stood, severity_of};
use std::collections::BTreeSet;

/// Findings of a period: its events, and how all that was known stood at its begin and at its end.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    /// Events in it, in order.
    pub events: Vec<Event>,
    /// Before it.
    pub before: Vec<Stood>,
    /// At its end.
    pub after: Vec<Stood>,
}

impl Moved {
    /// Of findings that a test takes, by site and unit number.
    pub fn movement(&self, takes: &dyn Fn(i64, i64) -> bool) -> Movement {
        let mut movement = Movement::default();
        for event in self.events.iter().filter(|event| takes(event.site_no, event.unit_no)) {
            match event.kind.as_str() {
                "appeared" => movement.appeared += 1,
                "returned" => movement.returned += 1,
                "gone" => movement.gone += 1,
                _ => {}
            }
        }
        for stood in self.after.iter().filter(|stood| stood.open && takes(stood.site_no, stood.unit_no)) {
            movement.open.add(severity_of(stood.severity), 1);
            movement.suspected += u64::from(!stood.certain);
        }
        movement
    }

    /// 整改率: of the findings that were open at any time in the period, those that are mended at its end. What was waived or rejected
    /// meanwhile is neither.
    pub fn rectified(&self, takes: &dyn Fn(i64, i64) -> bool) -> Ratio {
        let open_before =
            self.before.iter().filter(|stood| stood.open && takes(stood.site_no, stood.unit_no)).map(|stood| stood.no);
        let opened =
            self.events.iter().filter(|e| takes(e.site_no, e.unit_no) && matches!(e.kind.as_str(), "appeared" | "returned"));
        let known: BTreeSet<i64> = open_before.chain(opened.map(|event| event.finding_no)).collect();
        let (mut mended, mut of) = (0, 0);
        for stood in self.after.iter().filter(|stood| known.contains(&stood.no)) {
            let is_gone = !stood.open && self.last_kind(stood.no) == Some("gone");
            if stood.open || is_gone {
                of += 1;
                mended += u64::from(is_gone);
            }
        }
        Ratio::new(mended, of)
    }

    fn last_kind(&self, finding_no: i64) -> Option<&str> {
        self.events.iter().rev().find(|event| event.finding_no == finding_no).map(|event| event.kind.as_str())
    }

    /// 复发率: of the findings that went or came back in the period, those that came back.
    pub fn recurred(&self, takes: &dyn Fn(i64, i64) -> bool) -> Ratio {
        let of = |kinds: &[&str]| -> BTreeSet<i64> {
            let some = self.events.iter().filter(|e| takes(e.site_no, e.unit_no) && kinds.contains(&e.kind.as_str()));
            some.map(|event| event.finding_no).collect()
        };
        Ratio::new(of(&["returned"]).len() as u64, of(&["returned", "gone"]).len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(finding_no: i64, at: i64, kind: &str) -> Event {
        Event {
            finding_no,
            site_no: 1,
            unit_no: 1,
            at,
            kind: kind.into(),
            rule: "r".into(),
            severity: 2,
            certain: true,
            url: String::new(),
            message: Default::default(),
        }
    }

    fn stood(no: i64, open: bool) -> Stood {
        Stood { no, site_no: 1, unit_no: 1, rule: "r".into(), severity: 2, certain: true, first_at: 0, open }
    }

    #[test]
    fn mended_is_what_is_gone_at_the_end() {
        // 1 was open and goes; 2 appears and stays; 3 appears, goes, comes back; 4 was gone and comes back; 5 is waived.
        let moved = Moved {
            events: vec![
                event(1, 1, "gone"),
                event(2, 2, "appeared"),
                event(3, 2, "appeared"),
                event(3, 3, "gone"),
                event(3, 4, "returned"),
                event(4, 4, "returned"),
                event(4, 5, "gone"),
                event(5, 5, "appeared"),
                event(5, 6, "waived"),
            ],
            before: vec![stood(1, true), stood(4, false)],
            after: vec![stood(1, false), stood(2, true), stood(3, true), stood(4, false), stood(5, false)],
        };
        let all = |_: i64, _: i64| true;
        assert_eq!(moved.rectified(&all), Ratio::new(2, 4));
        assert_eq!(moved.recurred(&all), Ratio::new(2, 3));
        let movement = moved.movement(&all);
        assert_eq!((movement.appeared, movement.returned, movement.gone, movement.open.error), (3, 2, 3, 2));
        assert_eq!(moved.rectified(&|site, _| site == 2), Ratio::new(0, 0));
    }
}
