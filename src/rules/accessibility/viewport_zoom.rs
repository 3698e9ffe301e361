//! The page does not keep visitors from enlarging it (WCAG 1.4.4).

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, spots};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ViewportZoom {}

impl Rule for ViewportZoom {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let Some(viewport) = page.accessibility.viewport.as_deref().filter(|_| spots::concerns(page)) else {
            return vec![Observation::inapplicable()];
        };
        if !forbids_zoom(viewport) {
            return vec![Observation::passed()];
        }
        vec![
            Observation::failed("forbidden")
                .at(Locus::Name("viewport".to_owned()))
                .with("viewport", viewport)
                .prove("viewport", viewport)
                .seen(Location::text(&page.url, viewport)),
        ]
    }
}

/// `user-scalable=no`, or a largest scale below the 200 % that the criterion asks for.
fn forbids_zoom(viewport: &str) -> bool {
    viewport.split([',', ';', ' ']).filter_map(|part| part.split_once('=')).any(|(name, value)| {
        let value = value.trim().to_ascii_lowercase();
        match name.trim().to_ascii_lowercase().as_str() {
            "user-scalable" => matches!(value.as_str(), "no" | "0" | "false"),
            "maximum-scale" => value.parse::<f64>().is_ok_and(|scale| (0.0..2.0).contains(&scale)),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::forbids_zoom;

    #[test]
    fn what_forbids() {
        for text in [
            "width=device-width, user-scalable=no",
            "maximum-scale=1.0,width=1",
            "user-scalable=0",
            "initial-scale=1 maximum-scale=1",
        ] {
            assert!(forbids_zoom(text), "{text}");
        }
        for text in
            ["width=device-width, initial-scale=1", "maximum-scale=5", "user-scalable=yes", "maximum-scale=-1", "maximum-scale=x"]
        {
            assert!(!forbids_zoom(text), "{text}");
        }
    }
}
