//! Grows the faultless site: the column tree that the checklists ask for, filled.

use super::super::content::{Content, EntryText};
use super::super::plant::{Speaker, Speech};
use super::super::random::Random;
use super::super::reports::{Asked, Report};
use super::super::words::{PLACES, SENTENCES};
use super::{Bureau, Codes, PageModel, Role, Row, Sent};
use crate::checklist::columns::{ColumnBook, ColumnClass, ColumnEntry};
use crate::error::{Error, Result};
use crate::plan::Plan;
use jiff::Span;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What growing needs beside chance.
pub struct Around<'a> {
    /// The plan: which columns are asked for.
    pub plan: &'a Plan,
    /// What columns hold.
    pub content: &'a Content,
    /// Where a manner puts a column (its chain of ids) and an entry of it.
    pub paths: &'a dyn Fn(&Place<'_>) -> String,
}

/// What a path is made for.
pub struct Place<'a> {
    /// Ids of the columns above and of the column itself, outermost first.
    pub chain: &'a [String],
    /// Date and number of an entry; none for the column.
    pub entry: Option<(Date, usize)>,
}

/// Head columns that every site has beside what checklists ask for.
const HEADS: [&str; 8] = [
    "disclosure",
    "news",
    "grassroots-news",
    "notices",
    "consultation",
    "service-guides",
    "interpretation",
    "site-annual-statement",
];
/// Columns that every site has further down.
const BELOW: [&str; 1] = ["work-summary"];

/// Where a site is.
#[derive(Debug, Clone, Copy)]
pub struct Address<'a> {
    /// Its host.
    pub host: &'a str,
    /// Is it encrypted?
    pub https: bool,
}

/// Grows a site for a kind of body.
pub fn grow(around: &Around<'_>, random: &mut Random, address: Address<'_>, kind: &str, as_of: Date) -> Result<Bureau> {
    let county = format!("{}{}", random.word(&PLACES), random.word(&["县", "区", "市"]));
    let unit = unit_name(&county, kind);
    let codes = Codes::make(random, &county);
    let mut bureau = Bureau {
        host: address.host.to_owned(),
        https: address.https,
        other_host: other_host(address.host),
        name: if kind.ends_with("government") { format!("{county}人民政府门户网站") } else { unit.clone() },
        unit,
        place: county,
        kind: kind.to_owned(),
        footer: BTreeMap::new(),
        slots: BTreeMap::new(),
        home_age: 0,
        codes,
        as_of,
        nav: Vec::new(),
        pages: BTreeMap::new(),
        files: BTreeMap::new(),
        ends: BTreeMap::new(),
        columns: BTreeMap::new(),
        elapsed: BTreeMap::new(),
        probes: String::new(),
        random_paths: Vec::new(),
        history: String::new(),
        swaps: Vec::new(),
        earlier: None,
    };
    bureau.footer = footer(&bureau);
    let tree = Tree::of(around.plan, around.content, kind);
    let mut grower = Grower { around, random, bureau, tree, book: &around.plan.book, number: 0 };
    let heads: Vec<String> = grower.tree.roots.clone();
    for head in &heads {
        grower.column(head, &[], &[])?;
    }
    grower.home();
    grower.bureau.tie();
    Ok(grower.bureau)
}

/// A host of the same name that is no government's.
pub fn other_host(host: &str) -> String {
    host.replace(".gov.cn", ".com.cn")
}

fn unit_name(county: &str, kind: &str) -> String {
    match kind {
        "public-security-bureau" => format!("{county}公安局"),
        "civil-air-defence-office" => format!("{county}人民防空办公室"),
        _ => format!("{county}人民政府"),
    }
}

fn footer(bureau: &Bureau) -> BTreeMap<String, String> {
    let codes = &bureau.codes;
    let pairs = [
        ("sponsor", bureau.unit.clone()),
        ("address", format!("{}人民路{}号", bureau.place, codes.site.trim_start_matches('0').len() * 13)),
        ("phone", codes.phone.clone()),
        ("site-id-code", codes.site.clone()),
        ("icp", codes.icp.clone()),
        ("police", codes.police.clone()),
        ("police-text", format!("{}公网安备 {}号", codes.letter, codes.police)),
        ("mark", "党政机关网站标识".to_owned()),
        ("error-report", "我为政府网站找错".to_owned()),
        ("accessibility", "无障碍浏览".to_owned()),
        ("site-map", "网站地图".to_owned()),
        ("privacy", "隐私声明".to_owned()),
        ("services", "政务服务".to_owned()),
        ("contact", "联系我们".to_owned()),
    ];
    pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}

/// Which column stands under which.
struct Tree {
    roots: Vec<String>,
    below: BTreeMap<String, Vec<String>>,
}

impl Tree {
    fn of(plan: &Plan, content: &Content, kind: &str) -> Self {
        let book: &ColumnBook = &plan.book;
        let mut wanted: BTreeMap<String, (Option<String>, bool)> = BTreeMap::new();
        for judgement in plan.judgements.iter().filter(|j| j.rule == "required-column") {
            let text = |name: &str| judgement.params.get(name).and_then(|v| v.as_str()).map(str::to_owned);
            let near = judgement.params.get("max_hops").and_then(serde_json::Value::as_u64).is_some_and(|hops| hops <= 1);
            if let Some(column) = text("column") {
                let entry = wanted.entry(column).or_default();
                entry.0 = entry.0.take().or(text("within"));
                entry.1 |= near;
            }
        }
        for head in HEADS {
            wanted.entry(head.to_owned()).or_default().1 = true;
        }
        for column in BELOW {
            wanted.entry(column.to_owned()).or_default();
        }
        for filling in content.fillings.iter().filter(|filling| filling.under.is_some()) {
            for id in &filling.columns {
                wanted.entry(id.clone()).or_default().0.clone_from(&filling.under);
            }
        }
        let fits = |id: &String| {
            book.find(id)
                .is_some_and(|e| e.class != ColumnClass::Archived && (e.kinds.is_empty() || e.kinds.iter().any(|k| k == kind)))
        };
        let ids: BTreeSet<String> = wanted.keys().filter(|id| fits(id)).cloned().collect();
        let mut tree = Tree { roots: Vec::new(), below: BTreeMap::new() };
        for id in &ids {
            let (within, near) = &wanted[id];
            let parent = within.clone().filter(|p| ids.contains(p)).or_else(|| {
                let entry = book.find(id)?;
                entry.parents.iter().find(|p| *p != id && ids.contains(*p) && !near).cloned()
            });
            let parent = parent.or_else(|| {
                let nested = !near && id != "statutory-disclosure" && ids.contains("statutory-disclosure");
                nested.then(|| "statutory-disclosure".to_owned())
            });
            match parent {
                Some(parent) => tree.below.entry(parent).or_default().push(id.clone()),
                None => tree.roots.push(id.clone()),
            }
        }
        tree
    }
}

struct Grower<'a, 'b> {
    around: &'a Around<'b>,
    random: &'a mut Random,
    bureau: Bureau,
    tree: Tree,
    book: &'a ColumnBook,
    number: usize,
}

impl Grower<'_, '_> {
    /// Grows a column with everything below it; gives its name, path and newest rows.
    fn column(&mut self, id: &str, chain: &[String], crumbs: &[(String, String)]) -> Result<(String, String)> {
        let Some(entry) = self.book.find(id).cloned() else { return Ok((id.to_owned(), "/".into())) };
        let chain: Vec<String> = chain.iter().cloned().chain([id.to_owned()]).collect();
        let class = entry.class.word();
        let filling = self.around.content.of(id, class).cloned().unwrap_or_default();
        let name = self.name_of(&entry, &filling.called);
        let path = (self.around.paths)(&Place { chain: &chain, entry: None });
        self.bureau.columns.insert(id.to_owned(), path.clone());
        if chain.len() == 1 {
            self.bureau.nav.push((name.clone(), path.clone()));
        }
        let trail: Vec<(String, String)> = crumbs.iter().cloned().chain([(name.clone(), path.clone())]).collect();
        let mut children = Vec::new();
        for child in self.tree.below.get(id).cloned().unwrap_or_default() {
            if !chain.contains(&child) {
                children.push(self.column(&child, &chain, &trail)?);
            }
        }
        let mut page = self.blank(Role::Column, &entry, &path, &name);
        page.crumbs = crumbs.to_vec();
        page.children = children;
        page.lists = filling.page.is_none() && (page.children.is_empty() || !filling.entries.is_empty());
        if let Some(text) = &filling.page {
            page.body = vec![self.speak(text, &name, self.bureau.as_of, 1)?];
        }
        if page.lists && (page.children.is_empty() || !matches!(entry.class, ColumnClass::Static)) {
            for text in &filling.entries {
                self.entries(text, &entry, &name, &chain, &trail, &mut page.rows)?;
            }
            if let Some(asked) = &filling.reports {
                self.reports(asked, &entry, &chain, &trail, &mut page.rows)?;
            }
            page.rows.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.path.cmp(&b.path)));
        }
        let description = format!("{}{}栏目", self.bureau.name, name);
        page.metas.extend([
            ("ColumnName".to_owned(), name.clone()),
            ("ColumnDescription".to_owned(), description),
            ("ColumnKeywords".to_owned(), format!("{name},{}", self.bureau.place)),
            ("ColumnType".to_owned(), name.clone()),
        ]);
        self.bureau.pages.insert(path.clone(), page);
        Ok((name, path))
    }

    /// The usual name, or one of the others.
    fn name_of(&mut self, entry: &ColumnEntry, called: &[String]) -> String {
        if !called.is_empty() {
            return called.get(self.random.below(called.len())).cloned().unwrap_or_default();
        }
        let at = self.random.below(entry.synonyms.len() + 3);
        entry.synonyms.get(at).unwrap_or(&entry.name).clone()
    }

    fn entries(
        &mut self,
        text: &EntryText,
        entry: &ColumnEntry,
        column: &str,
        chain: &[String],
        trail: &[(String, String)],
        rows: &mut Vec<Row>,
    ) -> Result<()> {
        for n in 1..=text.times.max(1) {
            self.number += 1;
            let shift = if text.every > 3 && !text.exact { self.random.between(0, text.every / 3) } else { 0 };
            let age = text.age + i64::from(n - 1) * text.every + shift;
            let date = match &text.day {
                Some(day) => yearly(self.bureau.as_of, day, n)?,
                None => self.bureau.as_of.saturating_sub(Span::new().days(age)),
            };
            let path = (self.around.paths)(&Place { chain, entry: Some((date, self.number)) });
            let title = self.speak(&text.title, column, date, n)?;
            let mut page = self.blank(Role::Article, entry, &path, &title);
            page.date = date;
            page.name = text.name.as_deref().map(|name| self.speak(name, column, date, n)).transpose()?;
            page.crumbs = trail.to_vec();
            page.source =
                if text.source.is_empty() { self.bureau.unit.clone() } else { self.speak(&text.source, column, date, n)? };
            page.body = self.paragraphs(&text.body, column, date, n)?;
            for (name, path) in &text.files {
                let path = self.speak(path, column, date, n)?;
                let name = self.speak(name, column, date, n)?;
                let facts = self.file_facts(&page.path, &name, &path);
                self.bureau.files.insert(path.clone(), facts);
                page.files.push((name, path));
            }
            for (path, facts) in &text.file_facts {
                let path = self.speak(path, column, date, n)?;
                let facts = self.speak(facts, column, date, n)?;
                self.bureau.files.insert(path, facts);
            }
            if text.document {
                page.header = self.header(&page);
            }
            for (label, value) in &text.header {
                let value = self.speak(value, column, date, n)?;
                page.header.retain(|(known, _)| known != label);
                page.header.push((label.clone(), value));
            }
            page.metas.extend([
                ("ArticleTitle".to_owned(), title.clone()),
                ("PubDate".to_owned(), format!("{date} {}", page.time)),
                ("ContentSource".to_owned(), page.source.clone()),
                ("ColumnName".to_owned(), column.to_owned()),
                ("ColumnType".to_owned(), column.to_owned()),
            ]);
            rows.push(Row { title, path: path.clone(), date });
            self.bureau.pages.insert(path, page);
        }
        Ok(())
    }

    /// Annual reports of the body and of others.
    fn reports(
        &mut self,
        asked: &Asked,
        entry: &ColumnEntry,
        chain: &[String],
        trail: &[(String, String)],
        rows: &mut Vec<Row>,
    ) -> Result<()> {
        let as_of = self.bureau.as_of;
        let mut bodies = vec![(self.bureau.unit.clone(), true, asked.since)];
        for other in &asked.others {
            let body = self.speak(other, "", as_of, 1)?;
            if !body.is_empty() {
                bodies.push((body, false, asked.others_since));
            }
        }
        for (body, own, since) in bodies {
            for report in Report::of_body(self.random, &body, own, since, as_of.year() - 1) {
                self.number += 1;
                let path = (self.around.paths)(&Place { chain, entry: Some((report.published, self.number)) });
                let mut page = self.blank(Role::Article, entry, &path, &report.title);
                page.date = report.published;
                page.crumbs = trail.to_vec();
                page.source = body.clone();
                page.body = report.html();
                page.metas.extend([
                    ("ArticleTitle".to_owned(), report.title.clone()),
                    ("PubDate".to_owned(), format!("{} {}", page.date, page.time)),
                    ("ContentSource".to_owned(), page.source.clone()),
                    ("ColumnName".to_owned(), trail.last().map(|(name, _)| name.clone()).unwrap_or_default()),
                    ("ColumnType".to_owned(), trail.last().map(|(name, _)| name.clone()).unwrap_or_default()),
                ]);
                rows.push(Row { title: report.title.clone(), path: path.clone(), date: page.date });
                page.report = Some(report);
                self.bureau.pages.insert(path, page);
            }
        }
        Ok(())
    }

    /// Two to four sentences of their own where the content file says nothing.
    fn paragraphs(&mut self, texts: &[String], column: &str, date: Date, n: u32) -> Result<Vec<String>> {
        let paragraph = |text: &str| if text.starts_with('<') { text.to_owned() } else { format!("<p>　　{text}</p>") };
        if texts.is_empty() {
            let count = self.random.between(2, 4);
            let lead = format!("{}，{}就有关工作作出安排。", date.strftime("%-m月%-d日"), self.bureau.unit);
            let mut blocks = vec![paragraph(&lead)];
            blocks.extend((0..count).map(|_| paragraph(self.random.word(&SENTENCES))));
            return Ok(blocks);
        }
        texts.iter().map(|text| self.speak(text, column, date, n).map(|t| paragraph(&t))).collect()
    }

    /// A file with some text, as its name says.
    fn file_facts(&mut self, page: &str, name: &str, path: &str) -> String {
        let kind = path.rsplit('.').next().map_or("", |end| if end == "wps" { "doc" } else { end });
        let mut text = vec![name.to_owned()];
        text.extend((0..3).map(|_| self.random.word(&SENTENCES).to_owned()));
        format!(
            "via = {:?}\nname = {name:?}\nkind = {kind:?}\ndigest = \"{:016x}\"\ntext = {text:?}\n",
            format!("{}{page}", self.bureau.origin()),
            self.random.draw(),
        )
    }

    fn header(&mut self, page: &PageModel) -> Vec<(String, String)> {
        let (date, codes) = (page.date, self.bureau.codes.clone());
        let serial = self.number;
        let pairs = [
            ("索引号", format!("{}/{}{:02}-{serial:05}", codes.credit, date.year(), date.month())),
            (
                "主题分类",
                self.random.word(&["综合政务", "公安、安全、司法", "城乡建设、环境保护", "财政、金融、审计"]).to_owned(),
            ),
            ("发布机构", self.bureau.unit.clone()),
            ("成文日期", date.to_string()),
            ("名称", page.title.clone()),
            ("文号", format!("{}〔{}〕{}号", codes.number_word, date.year(), serial % 90 + 1)),
            ("发布日期", date.to_string()),
            ("有效性", "有效".to_owned()),
            ("关键词", self.random.word(&["方案,通知", "规范,办法", "意见,措施"]).to_owned()),
        ];
        pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
    }

    fn blank(&mut self, role: Role, entry: &ColumnEntry, path: &str, title: &str) -> PageModel {
        let metas = [
            ("SiteName", self.bureau.name.clone()),
            ("SiteDomain", self.bureau.host.clone()),
            ("SiteIDCode", self.bureau.codes.site.clone()),
        ];
        PageModel {
            role,
            column: entry.id.clone(),
            class: entry.class.word().to_owned(),
            name: None,
            path: path.to_owned(),
            title: title.to_owned(),
            head_title: None,
            lang: Some("zh-CN".to_owned()),
            metas: metas.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            crumbs: Vec::new(),
            header: Vec::new(),
            date: self.bureau.as_of,
            time: format!("{:02}:{:02}", self.random.between(8, 17), self.random.between(0, 59)),
            source: self.bureau.unit.clone(),
            body: Vec::new(),
            files: Vec::new(),
            rows: Vec::new(),
            children: Vec::new(),
            lists: false,
            report: None,
            undated: false,
            slots: BTreeMap::new(),
            swaps: Vec::new(),
            sent: Sent::default(),
            tied: false,
        }
    }

    /// The home page shows the newest rows of every head column that has a list.
    fn home(&mut self) {
        let entry = ColumnEntry {
            id: String::new(),
            name: self.bureau.name.clone(),
            name_en: String::new(),
            synonyms: Vec::new(),
            ambiguous: Vec::new(),
            parents: Vec::new(),
            starts: Vec::new(),
            class: ColumnClass::Static,
            window_days: None,
            kinds: Vec::new(),
        };
        let name = self.bureau.name.clone();
        let mut page = self.blank(Role::Home, &entry, "/", &name);
        page.head_title = Some(name);
        page.metas.insert("ColumnType".to_owned(), "首页".to_owned());
        page.children = self.bureau.nav.clone();
        page.lists = true;
        self.bureau.pages.insert("/".to_owned(), page);
    }

    fn speak(&mut self, text: &str, column: &str, date: Date, n: u32) -> Result<String> {
        let speech = Speech { bureau: &self.bureau, column, date, n, path: "/", title: column, above: "/", tail: "" };
        Speaker::new(self.random.fork(self.random.clone().draw())).say(text, &speech).inspect(|_| {
            self.random.draw();
        })
    }
}

/// The newest day of that name (`01-20`) that is not to come, and those of the years before.
fn yearly(as_of: Date, day: &str, n: u32) -> Result<Date> {
    let on = |year: i16| format!("{year:04}-{day}").parse::<Date>().map_err(|e| Error::Internal(format!("day {day:?}: {e}")));
    let newest = on(as_of.year())?;
    let back = i16::try_from(n).unwrap_or(1) - i16::from(newest <= as_of);
    on(as_of.year() - back)
}
