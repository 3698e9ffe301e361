//! The site's own search finds what the site published: up to five of its titles were asked for by its own form.

use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::probes::Search;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SearchWorks {
    /// Fewest titles that have to be asked for before anything is said.
    at_least: usize,
}

impl Default for SearchWorks {
    fn default() -> Self {
        SearchWorks { at_least: 3 }
    }
}

impl Rule for SearchWorks {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages, Gathering::Search];

    fn observe(&self, site: &Site, _: &Context<'_>) -> Vec<Observation> {
        let searches = &site.probes.searches;
        if searches.is_empty() {
            return vec![Observation::untested("unseen")];
        }
        let answered: Vec<&Search> = searches.iter().filter(|search| search.status == 200).collect();
        let found = answered.iter().filter(|search| search.found).count();
        let missed: Vec<&&Search> = answered.iter().filter(|search| !search.found && !search.script_filled).collect();
        let place = |observation: Observation| {
            let named = observation
                .at(Locus::Name("search".to_owned()))
                .with("asked", searches.len())
                .with("found", found)
                .prove("titles", searches.iter().map(|search| search.title.as_str()).collect::<Vec<_>>().join(" | "));
            searches
                .iter()
                .fold(named, |observation, search| observation.seen(Location::text(&search.url, search.title.as_str())))
        };
        let broken = searches.iter().filter(|search| search.status == 404 || search.status >= 500).count();
        let answer = if broken == searches.len() && broken >= self.at_least {
            Observation::failed("broken").with("status", searches.first().map_or(0, |search| search.status))
        } else if found > 0 && (missed.is_empty() || found * 2 >= answered.len()) {
            return vec![Observation::passed()];
        } else if missed.len() >= self.at_least {
            // Another spelling, an index of its own: a person should search once.
            Observation::failed("not-found").suspected()
        } else {
            Observation::cannot_tell("unsure")
        };
        vec![place(answer)]
    }
}
