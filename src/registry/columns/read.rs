//! Reads the workbook that an office corrected: whole or not at all.

use super::{Field, NO_DUTY, VERDICTS, key};
use crate::checklist::columns::{ColumnBook, ColumnClass, ColumnMatch};
use crate::checklist::place;
use crate::error::{Error, Result};
use crate::finding::Text;
use crate::registry::fault::Fault;
use crate::registry::sheet::{self, Sheet};
use crate::registry::{Binding, BindingState, Registry};
use crate::text::{fold, squeeze};
use crate::url::CanonicalUrl;
use std::collections::BTreeMap;
use std::path::Path;

/// What became of a workbook.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// It is right.
    Whole(Corrected),
    /// It is wrong at these places, and nothing of it is taken.
    Nothing(Vec<Fault>),
}

/// What the office says, for [`merge`](super::merge).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Corrected {
    /// What a person said: confirmed, rejected, or taken back.
    pub said: Vec<Binding>,
    /// Rows that nobody touched.
    pub proposed: Vec<Binding>,
}

/// Longest window, in days.
const LONGEST_WINDOW: u32 = 3_660;
/// A row of heads names so many columns at least.
const LEAST_HEADS: usize = 4;

/// Reads a workbook. Units and sites that only a name tells are looked up in `known`.
pub fn read(file: &Path, book: &ColumnBook, known: &Registry) -> Result<Taken> {
    of_sheets(file, &sheet::read(file)?, book, known)
}

/// Reads a workbook out of its bytes.
pub fn read_bytes(file: &Path, bytes: &[u8], book: &ColumnBook, known: &Registry) -> Result<Taken> {
    of_sheets(file, &sheet::read_bytes(file, bytes)?, book, known)
}

/// A row with its cells by field.
struct Row<'s> {
    sheet: &'s str,
    number: u32,
    cells: BTreeMap<Field, &'s str>,
    /// What was proposed or said when the workbook was written.
    original: Option<Binding>,
}

impl Row<'_> {
    fn text(&self, field: Field) -> String {
        self.cells.get(&field).map(|text| squeeze(text)).unwrap_or_default()
    }

    fn fault(&self, field: Field, message: Text, hint: Text) -> Fault {
        let mut fault = Fault::new(self.number, field.head(), &self.text(field), message, hint);
        fault.sheet = self.sheet.to_owned();
        fault
    }
}

fn of_sheets(file: &Path, sheets: &[Sheet], book: &ColumnBook, known: &Registry) -> Result<Taken> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut faults = Vec::new();
    let mut found = false;
    for sheet in sheets {
        let Some(head) = sheet::head(sheet, LEAST_HEADS, Field::of) else { continue };
        let heads = sheet.rows.get(&head).into_iter().flatten();
        let fields: BTreeMap<u32, Field> = heads.filter_map(|(at, text)| Some((*at, Field::of(&squeeze(text))?))).collect();
        for field in [Field::Unit, Field::Url, Field::Column] {
            if !fields.values().any(|known| *known == field) {
                let message = Text {
                    zh: format!("缺少“{}”列", field.head()),
                    en: format!("the column `{}` is missing", field.head()),
                };
                let mut fault = Fault::new(head, field.head(), "", message, Text::both("不要删列", "do not remove columns"));
                fault.sheet.clone_from(&sheet.name);
                faults.push(fault);
            }
        }
        found = true;
        for (number, cells) in sheet.rows.range(head + 1..) {
            let cells: BTreeMap<Field, &str> =
                cells.iter().filter_map(|(at, text)| Some((*fields.get(at)?, text.as_str()))).collect();
            let original = cells.get(&Field::Original).and_then(|text| serde_json::from_str(text).ok());
            rows.push(Row { sheet: &sheet.name, number: *number, cells, original });
        }
    }
    if !found {
        return Err(Error::usage_with(
            format!("{}: 不是栏目对应表 / is no workbook of columns", file.display()),
            "用 xuncha sites propose 写出的表 / use one that `xuncha sites propose` wrote",
        ));
    }
    let places = Places::of(&rows, known);
    let mut met: BTreeMap<(String, String), (usize, Binding)> = BTreeMap::new();
    let mut corrected = Corrected::default();
    for (at, row) in rows.iter().enumerate() {
        let mut wrong = Vec::new();
        let said = binding(row, book, &places, &mut wrong);
        let failed = !wrong.is_empty();
        faults.append(&mut wrong);
        let Some((binding, by_person)) = said.filter(|_| !failed) else { continue };
        if let Some((first, known)) = met.get(&key(&binding)) {
            if *known != binding {
                let first = &rows[*first];
                faults.push(row.fault(
                    Field::Url,
                    Text {
                        zh: format!("与 {} 第 {} 行是同一单位的同一网址，说法不同", first.sheet, first.number),
                        en: format!("row {} of {} says something else of the same address", first.number, first.sheet),
                    },
                    Text::both("只留一行", "keep one of them"),
                ));
            }
            continue;
        }
        met.insert(key(&binding), (at, binding.clone()));
        if by_person { corrected.said.push(binding) } else { corrected.proposed.push(binding) }
    }
    if faults.is_empty() {
        return Ok(Taken::Whole(corrected));
    }
    faults.sort_by(|a, b| (&a.sheet, a.row, &a.column).cmp(&(&b.sheet, b.row, &b.column)));
    faults.dedup();
    Ok(Taken::Nothing(faults))
}

/// Units and sites, as the rows and the registry know them.
struct Places {
    /// Ids of units by folded name.
    units: BTreeMap<String, Vec<String>>,
    /// Sites of a unit with their hosts.
    sites: BTreeMap<String, Vec<(String, Vec<String>)>>,
}

impl Places {
    fn of(rows: &[Row<'_>], known: &Registry) -> Self {
        let mut places = Places { units: BTreeMap::new(), sites: BTreeMap::new() };
        fn add<T: PartialEq>(list: &mut Vec<T>, one: T) {
            if !list.contains(&one) {
                list.push(one);
            }
        }
        for unit in &known.units {
            add(places.units.entry(fold(&unit.name)).or_default(), unit.id.clone());
        }
        let sites: BTreeMap<&str, Vec<String>> = (known.sites.iter())
            .map(|site| (site.id.as_str(), site.addresses.iter().map(|url| url.authority().to_owned()).collect()))
            .collect();
        for held in &known.holdings {
            let hosts = sites.get(held.site.as_str()).cloned().unwrap_or_default();
            add(places.sites.entry(held.unit.clone()).or_default(), (held.site.clone(), hosts));
        }
        for row in rows {
            let (id, name, site) = (row.text(Field::UnitId), row.text(Field::Unit), row.text(Field::SiteId));
            if !id.is_empty() && !name.is_empty() {
                add(places.units.entry(fold(&name)).or_default(), id.clone());
            }
            if !id.is_empty() && !site.is_empty() {
                let host = CanonicalUrl::parse(&row.text(Field::Url)).ok().map(|url| url.authority().to_owned());
                let list = places.sites.entry(id).or_default();
                match list.iter_mut().find(|(known, _)| *known == site) {
                    Some((_, hosts)) => host.into_iter().for_each(|host| add(hosts, host)),
                    None => list.push((site, host.into_iter().collect())),
                }
            }
        }
        places
    }

    fn site(&self, unit: &str, url: &CanonicalUrl) -> Option<&str> {
        let list = self.sites.get(unit)?;
        let of_host = list.iter().find(|(_, hosts)| hosts.iter().any(|host| host == url.authority()));
        let only = match list.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        of_host.or(only).map(|(site, _)| site.as_str())
    }
}

/// What a row says, and whether a person said it; none where it says nothing.
fn binding(row: &Row<'_>, book: &ColumnBook, places: &Places, faults: &mut Vec<Fault>) -> Option<(Binding, bool)> {
    if row.cells.keys().all(|field| *field == Field::Remark) {
        return None;
    }
    let verdict = verdict(row, faults);
    let url = row.text(Field::Url);
    if url.is_empty() {
        if verdict == Some(BindingState::Confirmed) {
            let hint =
                Text::both("填栏目的网址；确实没有的，把“确认”空着", "write its address; where there is none, leave 确认 empty");
            faults.push(row.fault(
                Field::Url,
                Text::both("没有网址，无法确认", "without an address nothing can be confirmed"),
                hint,
            ));
        }
        return None;
    }
    let column = column(row, book, faults);
    let class = class(row, faults);
    let window_days = window(row, faults);
    let Ok(url) = CanonicalUrl::parse(&url) else {
        let hint =
            Text::both("写完整网址，如 https://www.example.gov.cn/tzgg/", "write it whole: https://www.example.gov.cn/tzgg/");
        faults.push(row.fault(Field::Url, Text::both("不是网址", "is no web address"), hint));
        return None;
    };
    let unit = unit(row, places, faults)?;
    let name = row.text(Field::Name);
    if let Some(c) = row.cells.values().flat_map(|text| text.chars()).find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        let hint = Text::both("重新输入这一格", "type the cell anew");
        faults.push(row.fault(
            Field::Name,
            Text { zh: format!("含有控制字符 {c:?}"), en: format!("holds a control character {c:?}") },
            hint,
        ));
        return None;
    }
    let before = row.original.as_ref().filter(|before| before.unit == unit && before.url == url);
    let site = match before.map(|before| before.site.clone()).or_else(|| places.site(&unit, &url).map(str::to_owned)) {
        Some(site) => site,
        None => {
            let hint = Text::both("先把网站加进名录", "add the site to the registry first");
            faults.push(row.fault(
                Field::Url,
                Text::both("不知道是这个单位的哪一个网站", "which site of the unit it is on is not known"),
                hint,
            ));
            return None;
        }
    };
    let same = before.is_some_and(|before| before.column == column && before.class == class && before.window_days == window_days);
    let of_book = || column.as_deref().and_then(|id| book.find(id));
    // Another column has its own class and window, where the person left those of the first one.
    let moved =
        before.is_some_and(|before| before.column != column && before.class == class && before.window_days == window_days);
    let (class, window_days) = match moved || before.is_none() && class.is_none() {
        true => (
            of_book().map(|entry| entry.class.word().to_owned()).or(class),
            window_days.filter(|_| !moved).or_else(|| of_book()?.window()),
        ),
        false => (class, window_days),
    };
    let (state, by_person) = match (verdict, before) {
        (Some(BindingState::Rejected), before) => {
            if column.is_none() || before.is_some_and(|before| before.column != column) {
                let hint = Text::both(
                    "否定时保留原来的“对应栏目”；改了对应栏目就不写否定",
                    "keep the column that you reject, or change it and do not reject",
                );
                faults.push(row.fault(
                    Field::Verdict,
                    Text::both("不知道否定的是哪个栏目", "which column is rejected is not known"),
                    hint,
                ));
            }
            (BindingState::Rejected, before.is_none_or(|before| before.state != BindingState::Rejected || !same))
        }
        (Some(state), Some(before)) if same && before.state == state => (state, false),
        (Some(state), _) => (state, true),
        (None, Some(before)) if same && before.state == BindingState::Proposed => (BindingState::Proposed, false),
        // An emptied verdict of an unchanged row takes nothing back: that is what 待定 is for.
        (None, Some(before)) if same => (before.state, false),
        (None, _) => (BindingState::Confirmed, true),
    };
    let path = match before {
        Some(before) => before.path.clone(),
        None => row.text(Field::Path).split('›').map(squeeze).filter(|name| !name.is_empty()).collect(),
    };
    let binding = Binding {
        unit,
        site,
        url,
        name,
        path,
        column,
        class,
        window_days,
        matched: before.and_then(|before| before.matched.clone()).filter(|_| same),
        confidence: before.map_or(1.0, |before| before.confidence).clamp(0.0, 1.0),
        state,
    };
    Some((binding, by_person))
}

fn verdict(row: &Row<'_>, faults: &mut Vec<Fault>) -> Option<BindingState> {
    let text = fold(&row.text(Field::Verdict));
    if text.is_empty() {
        return None;
    }
    let found = VERDICTS.iter().find(|(_, words)| words.iter().any(|word| fold(word) == text)).map(|(state, _)| *state);
    if found.is_none() {
        let hint = Text::both("可写：确认、否定、待定，或空着", "known: 确认 (right), 否定 (wrong), 待定 (open), or empty");
        faults.push(row.fault(Field::Verdict, Text::both("没有这样的说法", "is no verdict"), hint));
    }
    found
}

fn column(row: &Row<'_>, book: &ColumnBook, faults: &mut Vec<Fault>) -> Option<String> {
    let text = row.text(Field::Column);
    let folded = fold(&text);
    if folded.is_empty() || [NO_DUTY, "没有", "none", "-"].contains(&folded.as_str()) {
        return None;
    }
    if let Some(entry) = book.find(&text).or_else(|| book.entries.iter().find(|entry| fold(&entry.name) == folded)) {
        return Some(entry.id.clone());
    }
    let near = match book.lookup(&text, &[]) {
        ColumnMatch::Is(id) => return Some(id),
        ColumnMatch::Like(near) => near.first().and_then(|id| book.find(id)).map(|entry| entry.name.clone()),
        ColumnMatch::None => place::nearest(&text, book.entries.iter().map(|entry| entry.name.as_str())).map(str::to_owned),
    };
    let hint = match near {
        Some(near) => Text {
            zh: format!("是不是“{near}”？从下拉表中选"),
            en: format!("did you mean `{near}`? Choose from the list"),
        },
        None => Text::both("从下拉表中选；没有相应要求的写“无”", "choose from the list; 无 where no duty names it"),
    };
    faults.push(row.fault(Field::Column, Text::both("没有这样的栏目要求", "is no column of the book"), hint));
    None
}

fn class(row: &Row<'_>, faults: &mut Vec<Fault>) -> Option<String> {
    let text = fold(&row.text(Field::Class));
    let found = ColumnClass::of_word(&text);
    if found.is_none() && !text.is_empty() {
        let hint = Text::both(
            "可写：动态、通知、政策、年度、其他、静态、归档",
            "known: news, notice, policy, annual, other, static, archived",
        );
        faults.push(row.fault(Field::Class, Text::both("没有这样的类别", "is no class"), hint));
    }
    found.map(|class| class.word().to_owned())
}

fn window(row: &Row<'_>, faults: &mut Vec<Fault>) -> Option<u32> {
    let text = fold(&row.text(Field::Window));
    if text.is_empty() {
        return None;
    }
    let days = text.trim_end_matches('天').parse::<u32>().ok().filter(|days| (1..=LONGEST_WINDOW).contains(days));
    if days.is_none() {
        let hint = Text {
            zh: format!("写 1 到 {LONGEST_WINDOW} 的整数，或空着"),
            en: format!("a whole number from 1 to {LONGEST_WINDOW}, or empty"),
        };
        faults.push(row.fault(Field::Window, Text::both("不是天数", "is no number of days"), hint));
    }
    days
}

fn unit(row: &Row<'_>, places: &Places, faults: &mut Vec<Fault>) -> Option<String> {
    let (id, name) = (row.text(Field::UnitId), row.text(Field::Unit));
    let named = places.units.get(&fold(&name));
    if !id.is_empty() {
        // A copied row keeps the hidden id of another unit.
        match named {
            Some(ids) if !ids.contains(&id) => {}
            _ => return Some(id),
        }
    }
    let (message, hint) = match named.map(Vec::as_slice) {
        Some([only]) => return Some(only.clone()),
        Some(_) => (
            Text::both("有几个同名单位", "several units have this name"),
            Text::both("复制该单位的一行来改", "copy a row of that unit, and change it"),
        ),
        None => {
            let hint = match place::nearest(&name, places.units.keys().map(String::as_str)) {
                Some(near) => Text { zh: format!("是不是“{near}”？"), en: format!("did you mean `{near}`?") },
                None => Text::both("写名录里的单位名称", "write the name of a unit of the registry"),
            };
            (Text::both("没有这个单位", "is no unit"), hint)
        }
    };
    faults.push(row.fault(Field::Unit, message, hint));
    None
}
