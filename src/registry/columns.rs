//! The workbook of columns: proposals for every unit, which an office corrects, and what it says then.

mod read;
mod write;

pub use read::{Corrected, Taken, read, read_bytes};
pub use write::write_xlsx;

use super::propose::{Ground, Line};
use super::{Binding, BindingState};
use crate::text::fold;
use std::collections::BTreeMap;

/// What a column of the workbook says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Unit,
    Path,
    Name,
    Url,
    Column,
    Verdict,
    Class,
    Window,
    Confidence,
    Basis,
    Items,
    Newest,
    Required,
    State,
    Remark,
    UnitId,
    SiteId,
    Original,
}

/// Every field with its head, its width in characters, and whether the office fills it in.
const HEADS: [(Field, &str, f64, bool); 18] = [
    (Field::Unit, "单位", 22.0, false),
    (Field::Path, "上级栏目", 26.0, false),
    (Field::Name, "栏目名称", 22.0, false),
    (Field::Url, "网址", 48.0, true),
    (Field::Column, "对应栏目", 20.0, true),
    (Field::Verdict, "确认", 8.0, true),
    (Field::Class, "类别", 8.0, true),
    (Field::Window, "更新期限（天）", 15.0, true),
    (Field::Confidence, "把握", 7.0, false),
    (Field::Basis, "依据", 30.0, false),
    (Field::Items, "条数", 7.0, false),
    (Field::Newest, "最新日期", 12.0, false),
    (Field::Required, "清单要求", 9.0, false),
    (Field::State, "状态", 9.0, false),
    (Field::Remark, "备注", 20.0, true),
    (Field::UnitId, "单位编码", 14.0, false),
    (Field::SiteId, "网站编码", 14.0, false),
    (Field::Original, "原值（勿改）", 14.0, false),
];

/// The word in the column 对应栏目 for a column that no duty names.
const NO_DUTY: &str = "无";
/// Words of the verdicts, as they are written first.
const VERDICTS: [(BindingState, &[&str]); 3] = [
    (BindingState::Confirmed, &["确认", "是", "对", "√", "yes", "y", "confirmed"]),
    (BindingState::Rejected, &["否定", "否", "不是", "不对", "×", "x", "no", "n", "rejected"]),
    (BindingState::Proposed, &["待定", "不确定", "?", "proposed"]),
];

impl Field {
    fn of(head: &str) -> Option<Field> {
        let folded = fold(head);
        let plain = |text: &str| fold(text).split('(').next().unwrap_or_default().to_owned();
        HEADS.iter().find(|(_, name, ..)| plain(name) == plain(&folded)).map(|(field, ..)| *field)
    }

    fn head(self) -> &'static str {
        HEADS.iter().find(|(field, ..)| *field == self).map_or("", |(_, head, ..)| head)
    }
}

/// What a binding is known by: a list is one column of a unit.
fn key(binding: &Binding) -> (String, String) {
    (binding.unit.clone(), binding.url.key())
}

/// Bindings after something new was heard. What a person `said` wins; what is only `proposed` comes in where nobody has said anything,
/// and renews what was proposed before; nothing is lost. In canonical order.
pub fn merge(known: Vec<Binding>, said: Vec<Binding>, proposed: Vec<Binding>) -> Vec<Binding> {
    let mut all: BTreeMap<(String, String), Binding> = known.into_iter().map(|binding| (key(&binding), binding)).collect();
    for binding in proposed {
        let key = key(&binding);
        if all.get(&key).is_none_or(|known| known.state == BindingState::Proposed) {
            all.insert(key, binding);
        }
    }
    all.extend(said.into_iter().map(|binding| (key(&binding), binding)));
    all.into_values().collect()
}

/// Lines with what is known already: what a person said stands in the place of the proposal, known columns that the run did not show
/// are added, and a column that is confirmed somewhere is not missing.
pub fn with_known(mut lines: Vec<Line>, known: &[Binding]) -> Vec<Line> {
    let mut left: BTreeMap<(String, String), &Binding> = known.iter().map(|binding| (key(binding), binding)).collect();
    for line in &mut lines {
        if let Some(binding) = &mut line.binding
            && let Some(said) = left.remove(&key(binding))
            && said.state != BindingState::Proposed
        {
            *binding = said.clone();
        }
    }
    for binding in left.into_values() {
        let of_unit = lines.iter().find(|line| line.unit == binding.unit);
        lines.push(Line {
            unit: binding.unit.clone(),
            unit_name: of_unit.map_or_else(|| binding.unit.clone(), |line| line.unit_name.clone()),
            site: binding.site.clone(),
            binding: Some(binding.clone()),
            missing: None,
            near: Vec::new(),
            ground: Ground::Nothing,
            items: 0,
            newest: None,
            required: false,
        });
    }
    let bound = |unit: &str, id: &str| {
        let confirmed = |binding: &&Binding| binding.unit == unit && binding.state == BindingState::Confirmed;
        known.iter().filter(confirmed).any(|binding| binding.column.as_deref() == Some(id))
    };
    lines.retain(|line| line.missing.as_deref().is_none_or(|id| !bound(&line.unit, id)));
    lines
}
