//! A column holds something: items, sub-columns, or a note that says why there is nothing (情况说明).

use crate::exchange::Gathering;
use crate::facts::links::{Region, Role};
use crate::facts::page_kind::PageKind;
use crate::facts::site::Column;
use crate::facts::site::lookups::OF_TEMPLATE;
use crate::finding::{Location, Observation, RootCause};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ColumnEmpty {}

/// Pages of a site that hold links or forms by their nature, and are no columns.
const SERVICES: [&str; 9] = ["网站地图", "站点地图", "网站导航", "站点导航", "友情链接", "搜索", "检索", "登录", "注册"];

impl Rule for ColumnEmpty {
    type Subject = Column;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, column: &Column, context: &Context<'_>) -> Vec<Observation> {
        if !column.items.is_empty() || column.note.is_some() || !column.children.is_empty() {
            return vec![Observation::passed()];
        }
        if SERVICES.iter().any(|word| fold(&column.name).contains(word)) {
            return vec![Observation::inapplicable()];
        }
        let mut path = column.path.clone();
        path.push(column.name.clone());
        let location = Location { text: Some(column.name.clone()), column_path: path, ..Location::page(&column.url) };
        let place = |observation: Observation| {
            vec![observation.with("column", column.name.as_str()).seen(location.clone()).cause(RootCause::Column)]
        };
        if column.script_filled {
            return place(Observation::cannot_tell("scripted"));
        }
        if has_other_content(column, context) {
            return place(Observation::cannot_tell("other-content"));
        }
        if !column.complete {
            return place(Observation::untested("incomplete"));
        }
        let empty = Observation::failed("empty").prove("items", "0").prove("pages", column.pages.len().to_string());
        // Nobody has said yet that it is a column at all.
        place(if context.site.is_unbound(column) { empty.suspected() } else { empty })
    }
}

/// A picture, a frame, a file or a link in the body that is not the template's: an organisation chart, a list on another host.
fn has_other_content(column: &Column, context: &Context<'_>) -> bool {
    let mut own = column.pages.iter().flat_map(|page| context.site.own_targets(page)).filter(|t| t.pages < OF_TEMPLATE);
    own.any(|target| {
        // Links to other columns and to the home page are navigation, wherever they stand.
        let article = context.site.pages.get(&target.url).is_some_and(|page| page.kind == PageKind::Article);
        let leads = !target.own || target.attachment || article;
        target.sources.iter().any(|source| {
            source.region == Region::Main
                && (matches!(source.role, Role::Image | Role::Frame) || source.role == Role::Anchor && leads)
                && column.pages.contains(&source.page)
                && !column.pages.contains(&target.url)
        })
    })
}
