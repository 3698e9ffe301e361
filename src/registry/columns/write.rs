//! Writes the workbook: instructions, then a line for each column of each unit.

use super::{Field, HEADS, NO_DUTY, VERDICTS};
use crate::checklist::columns::{ColumnBook, ColumnClass};
use crate::error::{Error, Result};
use crate::registry::BindingState;
use crate::registry::book::{Book, Look, Value};
use crate::registry::propose::{Ground, Line, MOST_OF_ALIKE, SURE};

/// Rows of one sheet.
const MOST_ROWS: usize = 10_000;

/// What the office is told.
const INSTRUCTIONS: [&str; 22] = [
    "栏目对应表：怎样改",
    "本表由首次抓取自动提出：每个单位的每个栏目，对应哪一个公开要求的栏目。请核对黄色的列，改完存盘，再导入。",
    "#只看三种颜色",
    "“把握”一格为绿色：名称一致或是同义词，一般不用改。黄色：含义可能不止一种，请看一眼。红色：只是近似，或没有找到，请处理。",
    "#对应栏目",
    "从下拉表中选。这一栏目不承担公开要求的，写“无”。",
    "#确认",
    "“确认”：这一行说得对。“否定”：它不是“对应栏目”里写的那个栏目。“待定”：收回以前的确认。空着：还没有人看过，据此发现的问题都标为疑似。",
    "改了“对应栏目”“类别”“更新期限”或网址的行，等于确认，不必再写。",
    "#没有找到的栏目",
    "“状态”为“缺少”的行：清单要求而没有找到。栏目其实有的，把它的网址填进“网址”；确实没有的，不用动。",
    "#加一行",
    "漏掉的栏目可以在末尾加行：写单位、栏目名称、网址、对应栏目。",
    "#类别和更新期限",
    "类别：动态、通知、政策、年度、其他、静态、归档。更新期限是最长多少天要有新内容；空着表示不要求。本单位规定更严的，改小即可。",
    "#再次导入",
    "可以反复导出、修改、导入：已确认或否定的不会被以后的自动提议覆盖，新栏目作为提议加入。有一行写错，整张表都不导入，并逐行列出错处。",
    "",
    "#In English",
    "Each row says which required column (对应栏目) a column of a unit is. Yellow columns may be changed; a changed row counts as confirmed.",
    "确认: 确认 = right, 否定 = it is not that column, 待定 = take back what was said; empty = nobody has looked, findings stay suspected.",
    "Rows in the state 缺少 are required columns that were not found: write the address where there is one. One wrong row and nothing is imported.",
];

/// Writes the lines of all units; the same lines give the same bytes.
pub fn write_xlsx(lines: &[Line], columns: &ColumnBook) -> Result<Vec<u8>> {
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by(|a, b| (&a.unit_name, &a.unit).cmp(&(&b.unit_name, &b.unit)));
    let mut book = Book::new();
    book.text("说明", &INSTRUCTIONS.map(str::to_owned))?;
    let heads: Vec<(String, f64)> = HEADS.iter().map(|(_, head, width, _)| ((*head).to_owned(), *width)).collect();
    let mut names: Vec<String> = columns.entries.iter().map(|entry| entry.name.clone()).collect();
    names.insert(0, NO_DUTY.to_owned());
    let classes: Vec<String> = ColumnClass::ALL.map(|class| class.zh().to_owned()).to_vec();
    let verdicts: Vec<String> = VERDICTS.iter().filter_map(|(_, words)| words.first()).map(|word| (*word).to_owned()).collect();
    for (at, part) in lines.chunks(MOST_ROWS).enumerate() {
        let name = if at == 0 { "栏目".to_owned() } else { format!("栏目{}", at + 1) };
        let mut table = book.table(&name, &heads)?;
        for line in part {
            table.looking(&row(line, columns)?)?;
        }
        let place = |field: Field| HEADS.iter().position(|(known, ..)| *known == field).unwrap_or_default();
        table.choices(place(Field::Column), &names, false)?;
        table.choices(place(Field::Verdict), &verdicts, true)?;
        table.choices(place(Field::Class), &classes, true)?;
        table
            .note(place(Field::Verdict), "确认：这一行说得对。否定：不是这个栏目。待定：收回以前的确认。空着：还没有人看过。")?;
        table.note(place(Field::Column), "从下拉表中选；不承担公开要求的写“无”。改了就等于确认。")?;
        table.note(place(Field::Confidence), "0 到 1。0.8 以上一般不用改；0.5 以下只是近似。")?;
        for field in [Field::UnitId, Field::SiteId, Field::Original] {
            table.hide(place(field))?;
        }
        table.keep_in_sight(3)?;
        table.finish()?;
    }
    book.save()
}

fn row(line: &Line, columns: &ColumnBook) -> Result<Vec<(Value, Look)>> {
    let binding = line.binding.as_ref();
    let state = binding.map(|binding| binding.state);
    let settled = state.is_some_and(|state| state != BindingState::Proposed);
    let sureness = match binding {
        _ if settled => Look::Settled,
        None => Look::Bad,
        Some(binding) if binding.confidence >= SURE => Look::Good,
        // Of a column without duty nothing has to be decided.
        Some(_) if line.ground == Ground::Nothing => Look::Plain,
        Some(binding) if binding.confidence > MOST_OF_ALIKE => Look::Doubtful,
        Some(_) => Look::Bad,
    };
    let name = |id: &str| columns.find(id).map_or_else(|| id.to_owned(), |entry| entry.name.clone());
    let asked = binding.and_then(|binding| binding.column.as_deref()).or(line.missing.as_deref());
    let class = binding.and_then(|binding| binding.class.as_deref()).and_then(ColumnClass::of_word);
    let original = match binding {
        Some(binding) => serde_json::to_string(binding).map_err(|e| Error::Internal(format!("binding: {e}")))?,
        None => String::new(),
    };
    let text = |text: String| Value::Text(text);
    let number = |number: Option<f64>| number.map_or_else(|| Value::Text(String::new()), Value::Number);
    let cells = HEADS.iter().map(|(field, _, _, open)| {
        let value = match field {
            Field::Unit => text(line.unit_name.clone()),
            Field::Path => text(binding.map(|binding| binding.path.join(" › ")).unwrap_or_default()),
            Field::Name => text(match binding {
                Some(binding) => binding.name.clone(),
                None => String::new(),
            }),
            Field::Url => text(binding.map(|binding| binding.url.to_string()).unwrap_or_default()),
            Field::Column => text(asked.map_or_else(|| NO_DUTY.to_owned(), name)),
            Field::Verdict => text(match state {
                Some(BindingState::Confirmed) => "确认".to_owned(),
                Some(BindingState::Rejected) => "否定".to_owned(),
                _ => String::new(),
            }),
            Field::Class => text(class.map(|class| class.zh().to_owned()).unwrap_or_default()),
            Field::Window => number(binding.and_then(|binding| binding.window_days).map(f64::from)),
            Field::Confidence => number(binding.map(|binding| binding.confidence)),
            Field::Basis => text(basis(line, &name)),
            Field::Items => number(binding.filter(|_| line.items > 0).map(|_| line.items as f64)),
            Field::Newest => text(line.newest.map(|day| day.to_string()).unwrap_or_default()),
            Field::Required => text(if line.required { "是".to_owned() } else { String::new() }),
            Field::State => text(
                match state {
                    None => "缺少",
                    Some(BindingState::Proposed) => "提议",
                    Some(BindingState::Confirmed) => "已确认",
                    Some(BindingState::Rejected) => "已否定",
                }
                .to_owned(),
            ),
            Field::Remark => text(String::new()),
            Field::UnitId => text(line.unit.clone()),
            Field::SiteId => text(line.site.clone()),
            Field::Original => text(original.clone()),
        };
        let look = match field {
            Field::Confidence | Field::State => sureness,
            _ if *open => Look::Open,
            _ => Look::Plain,
        };
        (value, look)
    });
    Ok(cells.collect())
}

/// Why it is proposed, in words.
fn basis(line: &Line, name: &dyn Fn(&str) -> String) -> String {
    let Some(binding) = &line.binding else { return "清单要求，没有找到".to_owned() };
    match binding.state {
        BindingState::Confirmed => return "有人确认过".to_owned(),
        BindingState::Rejected => return "有人否定过".to_owned(),
        BindingState::Proposed => {}
    }
    let matched = binding.matched.as_deref().unwrap_or_default();
    match line.ground {
        Ground::Nothing => "没有相应的要求".to_owned(),
        Ground::Alike if line.near.is_empty() => "名称相同，但这类单位一般没有".to_owned(),
        Ground::Alike => format!("仅近似：{}", line.near.iter().map(|id| name(id)).collect::<Vec<_>>().join("、")),
        Ground::OwnName => format!("含本单位名称，即“{matched}”"),
        Ground::Synonym if matched.is_empty() => "同义名称".to_owned(),
        Ground::Synonym => format!("同义名称“{matched}”"),
        Ground::Name => "名称一致".to_owned(),
        Ground::UnderParent => format!("在其上级栏目下称“{matched}”"),
    }
}
