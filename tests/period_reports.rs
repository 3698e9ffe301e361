//! Reports of a day, a quarter and a half-year in every format and both languages: figures are where they belong, nothing of a page acts,
//! and no half-year report says that a unit passes while a veto item is open.

#[path = "period_reports/values.rs"]
mod values;

use calamine::{Data, DataType, Range, Reader, Xlsx};
use scraper::{Html, Selector};
use std::io::{Cursor, Read};
use std::path::PathBuf;
use unicode_width::UnicodeWidthStr;
use values::{HOSTILE, Names};
use xuncha::cadence::period::Period;
use xuncha::cadence::publish::{self, File};
use xuncha::finding::Language;
use xuncha::report::period::outline::{Mark, Value};
use xuncha::report::period::{Periodic, Prediction, Ratio, book, html, terminal};
use xuncha::report::terminal::Style;

const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

fn select(text: &str) -> Selector {
    Selector::parse(text).expect("selector")
}

/// The text of every element that a selector finds, blanks squeezed.
fn texts(page: &Html, selector: &str) -> Vec<String> {
    let squeezed = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    page.select(&select(selector)).map(|element| squeezed(element.text().collect())).collect()
}

fn printed(report: &Periodic, style: &Style) -> String {
    let mut out = Vec::new();
    terminal::write(report, style, &[PathBuf::from("xuncha-reports/2026Q1.html")], &mut out).expect("writes");
    String::from_utf8(out).expect("UTF-8")
}

fn opened(report: &Periodic, language: Language) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(book::render(report, language).expect("renders"))).expect("a workbook")
}

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Range<Data> {
    let known = book.sheet_names();
    book.worksheet_range(name).unwrap_or_else(|error| panic!("{name}: {error}; there are {known:?}"))
}

/// The column of a head.
fn column(range: &Range<Data>, head: &str) -> usize {
    let heads: Vec<String> = range.rows().next().expect("heads").iter().map(ToString::to_string).collect();
    heads.iter().position(|known| known == head).unwrap_or_else(|| panic!("{head} is none of {heads:?}"))
}

#[test]
fn nothing_of_a_page_acts_in_html() {
    for report in values::all(200, Names::Hostile) {
        for language in LANGUAGES {
            let text = html::render(&report, language).expect("renders");
            assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "control characters");
            for outside in ["<link", "@import", "url(", "src=\"", "http-equiv=\"refresh\""] {
                assert!(!text.contains(outside), "{outside} would load or lead somewhere");
            }
            let page = Html::parse_document(&text);
            assert_eq!(page.select(&select("script, img, iframe, object, embed, form, base, td td, title title")).count(), 0);
            assert_eq!(page.select(&select("style")).count(), 1);
            for element in page.select(&select("*")) {
                for (name, value) in element.value().attrs() {
                    assert!(!name.starts_with("on"), "{name}={value}");
                    let leads = name == "href" && !value.starts_with('#');
                    assert!(!leads || value.starts_with("http://") || value.starts_with("https://"), "href={value}");
                }
            }
            // It is told, not dropped: as text, with what acts on the eye spelt out.
            let body = texts(&page, "body").concat();
            assert!(body.contains(HOSTILE[0]), "names are told");
            // A quarterly report names no addresses.
            assert!(matches!(report, Periodic::Quarterly(_)) || body.contains("javascript:alert(document.cookie)"));
            assert!(body.contains("\\u{1b}[2J") && body.contains("\\u{202e}"));
            let policy = page.select(&select("meta[http-equiv=Content-Security-Policy]")).next().expect("a policy");
            assert!(policy.value().attr("content").is_some_and(|content| content.starts_with("default-src 'none'")));
        }
    }
}

#[test]
fn pages_tell_figures_with_their_parts() {
    let [daily, quarterly, semiannual, unit] = values::all(20, Names::Plain);
    let figures =
        |report: &Periodic| texts(&Html::parse_document(&html::render(report, Language::Zh).expect("renders")), ".figure");
    let tells = |figures: &[String], label: &str, figure: &str| {
        assert!(figures.iter().any(|told| told.starts_with(label) && told.contains(figure)), "{label} {figure}: {figures:#?}");
    };
    let told = figures(&daily);
    tells(&told, "监测不连通", "2/20 (10.0%)");
    tells(&told, "首页死链", "19 平均 1.1 个/站（19/18）");
    tells(&told, "更新量", "120 平均 6.7 个/站（120/18）");
    tells(&told, "新发现问题", "36 首次 28，复发 8；消失 44");
    tells(&told, "未解决问题", "192 否决 4，错误 48，警示 120，提示 20（其中疑似 12）");
    tells(&told, "当日已检查", "18/20 (90.0%)");
    tells(&told, "作废轮次", "1/24 (4.2%)");
    let told = figures(&quarterly);
    tells(&told, "已检查单位", "19/20 (95.0%)");
    tells(&told, "单项否决", "2 任一清单下");
    tells(&told, "未评", "2 任一清单下");
    tells(&told, "整改率", "653/659 (99.1%)");
    tells(&told, "复发率", "8/134 (6.0%)");
    let told = figures(&semiannual);
    tells(&told, "预计否决", "2/20 (10.0%)");
    tells(&told, "疑似问题若确认则否决", "2/20 (10.0%)");
    tells(&told, "尚有否决项未定", "12/20 (60.0%)");
    tells(&told, "机检未见否决问题", "0/20 (0.0%)");
    tells(&told, "回头看", "7");
    tells(&told, "须人工判断", "40");
    let told = figures(&unit);
    tells(&told, "部门政务公开季度测评", "86.50 合格；第 1 名，共");
    tells(&told, "部门政务公开季度测评", "单项否决");
    tells(&told, "确定的问题", "13 否决 1，错误 4，警示 5，提示 3");
    tells(&told, "疑似问题", "20");
}

#[test]
fn drawings_have_titles_and_say_their_values() {
    for report in values::all(20, Names::Plain) {
        let page = Html::parse_document(&html::render(&report, Language::Zh).expect("renders"));
        let mut seen = std::collections::BTreeSet::new();
        for drawing in page.select(&select("svg.chart")) {
            let labelled = drawing.value().attr("aria-labelledby").expect("a label");
            for id in labelled.split(' ') {
                assert!(seen.insert(id.to_owned()), "{id} stands twice");
                let element = page.select(&select(&format!("[id='{id}']"))).next().expect("it is there");
                assert!(!element.text().collect::<String>().is_empty(), "{id} says nothing");
            }
        }
        assert!(!seen.is_empty());
    }
    let quarterly = Periodic::Quarterly(Box::new(values::quarterly(20, Names::Plain)));
    let page = Html::parse_document(&html::render(&quarterly, Language::Zh).expect("renders"));
    assert_eq!(texts(&page, "svg.heat .in").len(), 20 * 31, "a cell for each unit and item");
    // Unit 0: the first cells of the truth, (unit * 7 + item * 3) % 17.
    let first: Vec<String> = texts(&page, "svg.heat .in").into_iter().take(8).collect();
    assert_eq!(first, ["?", "100", "62", "·", "·", "·", "–", "25"]);
    let lines = page.select(&select("svg.lines")).next().expect("the trend");
    assert_eq!(lines.select(&select(".dot")).count(), 6 + 5 + 2, "eleven means and two signs of the legend");
    assert_eq!(lines.select(&select(".path")).count(), 5 + 3, "the gap is not bridged");
    let bars = texts(&page, "svg.bars .told");
    assert!(
        bars.contains(&"340".to_owned()) && bars.contains(&"170 + 40".to_owned()) && bars.contains(&"3/16 (18.8%)".to_owned()),
        "{bars:?}"
    );
}

#[test]
fn scores_are_compared_under_one_checklist_only() {
    let quarterly = Periodic::Quarterly(Box::new(values::quarterly(20, Names::Plain)));
    let page = Html::parse_document(&html::render(&quarterly, Language::Zh).expect("renders"));
    let rows: Vec<Vec<String>> = page
        .select(&select("#group-1 table"))
        .next()
        .expect("the ranking")
        .select(&select("tbody tr"))
        .map(|row| row.select(&select("td")).map(|cell| cell.text().collect::<String>()).collect())
        .collect();
    let row = |at: usize| rows[at].iter().map(String::as_str).collect::<Vec<_>>();
    // Score, …, score before, its checklist, by this checklist, change, rank before, ranks up.
    assert_eq!(row(0)[3], "96.5025");
    assert_eq!(row(0)[8..], ["90.00", "相同", "–", "+6.5025", "4", "+3"]);
    assert_eq!(row(1)[8..], ["60.00", "不同", "97.00", "−2.8075", "1", "–"]);
    assert_eq!(row(2)[8..], ["61.00", "不同", "–", "–", "2", "–"]);
    assert_eq!(row(3)[8..], ["–", "–", "–", "–", "–", "–"]);
    assert_eq!(row(4)[8..], ["85.7625", "相同", "–", "+1.50", "4", "−1"]);
}

#[test]
fn workbooks_hold_the_figures_cell_by_cell() {
    let value = values::quarterly(20, Names::Plain);
    let mut book = opened(&Periodic::Quarterly(Box::new(value.clone())), Language::Zh);
    let names = book.sheet_names();
    assert_eq!(names[..2], ["摘要", "图表"]);
    let ranking = sheet(&mut book, "排名");
    let (rank, name, score) = (column(&ranking, "名次"), column(&ranking, "单位"), column(&ranking, "得分"));
    let (change, coverage) = (column(&ranking, "得分变化"), column(&ranking, "覆盖率"));
    let ranked: Vec<_> = value.groups.iter().flat_map(|group| &group.ranked).collect();
    assert_eq!(ranking.height(), ranked.len() + 1);
    for (row, standing) in ranking.rows().skip(1).zip(ranked) {
        assert_eq!(row[rank].get_float(), standing.rank.map(|rank| rank as f64));
        assert_eq!(row[name].get_string(), Some(standing.name.as_str()));
        assert_eq!(row[score].get_float(), standing.score);
        assert_eq!(row[coverage].get_float(), Some(0.943));
    }
    assert_eq!(ranking.rows().nth(2).and_then(|row| row[change].get_float()), Some(-2.8075));
    assert!(ranking.rows().nth(3).is_some_and(|row| row[change].is_empty()));
    let problems = sheet(&mut book, "问题类别");
    let (part, of, share) = (column(&problems, "单位·分子"), column(&problems, "单位·分母"), column(&problems, "单位·占比"));
    for (row, problem) in problems.rows().skip(1).zip(&value.problems) {
        assert_eq!(row[0].get_string(), Some(problem.title.zh.as_str()));
        assert_eq!((row[part].get_float(), row[of].get_float()), (Some(problem.units as f64), Some(19.0)));
        let tenths = Ratio::new(problem.units, 19).tenths().expect("a share");
        assert_eq!(row[share].get_float(), Some(tenths as f64 / 1_000.0));
        assert_eq!(row[column(&problems, "确定")].get_float(), Some(problem.findings as f64));
        assert_eq!(row[column(&problems, "疑似")].get_float(), Some(problem.suspected as f64));
    }
    let heat = sheet(&mut book, "热力图 national-inspection-2019");
    assert_eq!(heat.get((0, 1)).and_then(|cell| cell.get_string()), Some("D1-1 栏目按期更新"));
    let first: Vec<String> = (1..=8).map(|at| heat.get((1, at)).map(ToString::to_string).unwrap_or_default()).collect();
    assert_eq!(first, ["?", "1", "0.62", "0", "0", "0", "–", "0.25"]);
    let trend = sheet(&mut book, "趋势");
    assert_eq!(trend.get((1, 0)).and_then(|cell| cell.get_string()), Some("2024年第四季度"));
    assert_eq!(trend.get((6, 1)).and_then(|cell| cell.get_float()), Some(84.25));
    assert!(trend.get((3, 3)).is_none_or(DataType::is_empty), "no mean, no cell");
    let summary = sheet(&mut book, "摘要");
    let row = summary.rows().find(|row| row[0].get_string() == Some("整改率")).expect("the rate");
    assert_eq!(
        (row[1].get_string(), row[2].get_float(), row[3].get_float(), row[4].get_float()),
        (Some("653/659 (99.1%)"), Some(653.0), Some(659.0), Some(0.991))
    );
    let left = sheet(&mut book, "未评");
    assert!(left.rows().any(|row| row[6].get_string() == Some("已报备升级改版")), "the cause, in one language");
    let media = sheet(&mut book, "政务新媒体");
    assert_eq!(media.height(), 5);
    assert!(media.rows().any(|row| row[8].get_string() == Some("更名、矩阵未列")));
}

#[test]
fn workbooks_draw_with_excels_own_charts_and_colours() {
    let report = Periodic::Quarterly(Box::new(values::quarterly(20, Names::Plain)));
    let bytes = book::render(&report, Language::Zh).expect("renders");
    assert_eq!(bytes, book::render(&report, Language::Zh).expect("renders"), "the same bytes");
    let mut file = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let names: Vec<String> = file.file_names().map(|name| name.expect("a name").into_owned()).collect();
    let mut read = |name: &str| {
        let mut text = String::new();
        file.by_name(name).expect("is there").read_to_string(&mut text).expect("reads");
        text
    };
    let charts: Vec<String> = names.iter().filter(|name| name.starts_with("xl/charts/chart")).map(|name| read(name)).collect();
    // Scores and their distribution of two groups, classes of problems, trend.
    assert_eq!(charts.len(), 6);
    let of = |word: &str| charts.iter().filter(|chart| chart.contains(word)).count();
    assert_eq!((of("<c:lineChart>"), of("<c:barDir val=\"bar\"/>"), of("<c:barDir val=\"col\"/>")), (1, 3, 2));
    assert!(charts.iter().any(|chart| chart.contains("排名") && chart.contains("<c:v>96.5025</c:v>")), "charts draw cells");
    let sheets: Vec<String> =
        names.iter().filter(|name| name.starts_with("xl/worksheets/sheet")).map(|name| read(name)).collect();
    assert_eq!(
        sheets.iter().filter(|sheet| sheet.contains("<conditionalFormatting") && sheet.contains("<colorScale>")).count(),
        1
    );
    assert!(sheets.iter().filter(|sheet| sheet.contains("<autoFilter") && sheet.contains("state=\"frozen\"")).count() >= 6);
}

#[test]
fn what_looks_like_a_formula_stays_text() {
    for report in values::all(200, Names::Hostile) {
        for language in LANGUAGES {
            let bytes = book::render(&report, language).expect("renders");
            let mut file = zip::ZipArchive::new(Cursor::new(bytes.clone())).expect("a zip");
            for at in 0..file.len() {
                let mut part = file.by_index(at).expect("a part");
                let name = part.name().expect("a name").into_owned();
                if !name.starts_with("xl/worksheets/sheet") {
                    continue;
                }
                let mut text = String::new();
                part.read_to_string(&mut text).expect("reads");
                assert!(!text.contains("<f>") && !text.contains("<hyperlink"), "{name}");
            }
            let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
            let mut told = 0;
            for name in book.sheet_names() {
                for row in sheet(&mut book, &name).rows() {
                    told +=
                        row.iter().filter(|cell| cell.get_string().is_some_and(|text| text.starts_with("=HYPERLINK("))).count();
                    let units = |text: &str| text.encode_utf16().count();
                    assert!(row.iter().all(|cell| cell.get_string().is_none_or(|text| units(text) <= 32_767)));
                }
            }
            assert!(told > 10, "names are told as they are: {told}");
        }
    }
}

#[test]
fn a_terminal_is_neither_overrun_nor_steered() {
    for (count, names) in [(20, Names::Plain), (200, Names::Hostile), (20, Names::Ascii), (0, Names::Plain)] {
        for report in values::all(count, names) {
            for language in LANGUAGES {
                for width in [40, 80, 100, 160] {
                    let text = printed(&report, &Style::plain(language, width));
                    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "control characters");
                    for line in text.lines() {
                        assert!(line.width() <= usize::from(width), "{width}: {} {line}", line.width());
                    }
                }
                let coloured = printed(&report, &Style { colour: true, ..Style::plain(language, 100) });
                for (at, _) in coloured.match_indices('\u{1b}') {
                    let code = coloured[at + 1..].strip_prefix('[').and_then(|rest| rest.split_once('m')).expect("a colour").0;
                    assert!(code.bytes().all(|b| b.is_ascii_digit() || b == b';'), "{code:?}");
                }
            }
        }
    }
}

#[test]
fn a_terminal_tells_what_matters_on_a_screen() {
    let [daily, quarterly, semiannual, unit] =
        values::all(20, Names::Plain).map(|report| printed(&report, &Style::plain(Language::Zh, 120)));
    for told in [
        "2/20 (10.0%)",
        "到线",
        "青麓县人力资源和社会保障局",
        "7 天内失败 9/147 (6.1%)；第二观测点 second：8/147 (5.4%)",
        "节前提醒",
        "2026-02-16",
    ] {
        assert!(daily.contains(told), "{told}\n{daily}");
    }
    for told in ["653/659 (99.1%)", "96.5025", "+6.5025", "单项否决", "其余 11", "未评", "失效链接"] {
        assert!(quarterly.contains(told), "{told}\n{quarterly}");
    }
    for told in ["预计否决", "2/20 (10.0%)", "站点无法访问", "回头看", "2025-03-05", "泄露国家秘密"] {
        assert!(semiannual.contains(told), "{told}\n{semiannual}");
    }
    for told in ["链接“办事指南”打不开（404）", "抓取未完成", "本期没有检查", "共 33 个，此处列最严重的 20 个", "第 1 名"]
    {
        assert!(unit.contains(told), "{told}\n{unit}");
    }
    assert!(!unit.contains("没有须处理的指标"), "of a site that nobody looked at nothing is said to be well\n{unit}");
    for (text, most) in [(&daily, 80), (&quarterly, 70), (&semiannual, 95), (&unit, 80)] {
        assert!(text.lines().count() <= most, "{} lines\n{text}", text.lines().count());
    }
    assert!(
        printed(&Periodic::Daily(Box::new(values::daily(0, Names::Plain))), &Style::plain(Language::Zh, 100))
            .contains("没有到线或预警的网站。")
    );
}

#[test]
fn english_reports_are_english() {
    let han = |text: &str| text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect::<String>();
    for report in values::all(20, Names::Ascii) {
        let page = html::render(&report, Language::En).expect("renders").replace("xuncha 巡查", "xuncha");
        let page = Html::parse_document(&page);
        assert_eq!(han(&texts(&page, "body").concat()), "", "on the page");
        assert_eq!(han(&printed(&report, &Style::plain(Language::En, 120))), "", "on the terminal");
        let mut book = opened(&report, Language::En);
        for name in book.sheet_names() {
            let cells: String = sheet(&mut book, &name).cells().map(|(_, _, cell)| cell.to_string()).collect();
            assert_eq!(han(&(name.clone() + &cells)), "", "in {name}");
        }
    }
}

#[test]
fn a_pre_assessment_says_of_nobody_that_it_passes() {
    for (names, language, words) in
        [(Names::Plain, Language::Zh, ["合格", "通过"]), (Names::Ascii, Language::En, ["pass", "Pass"])]
    {
        let mut value = values::semiannual(20, names);
        value.units.iter_mut().skip(6).for_each(|unit| unit.prediction = Prediction::NoVetoFound);
        let report = Periodic::Semiannual(Box::new(value));
        let page = texts(&Html::parse_document(&html::render(&report, language).expect("renders")), "body").concat();
        let screen = printed(&report, &Style::plain(language, 120));
        let mut cells = String::new();
        let mut book = opened(&report, language);
        for name in book.sheet_names() {
            cells.extend(sheet(&mut book, &name).cells().map(|(_, _, cell)| format!("{cell}\n")));
        }
        for word in words {
            assert!(!page.contains(word) && !screen.contains(word) && !cells.contains(word), "{word}");
        }
        // The same standing does say so in a quarterly report: the words are not just missing.
        let quarterly = Periodic::Quarterly(Box::new(values::quarterly(20, names)));
        assert!(html::render(&quarterly, language).expect("renders").contains(words[0]));
        // Whose score reaches its line while a veto item is open is told with what is open.
        let open = ["得分达线，尚有否决项未定", "score at or above its line, veto items open"];
        assert!(open.iter().any(|told| page.contains(told)));
    }
}

#[test]
fn reports_of_nothing_and_of_no_numbers_are_told() {
    let mut odd = values::quarterly(20, Names::Plain);
    odd.trend[0].2 = f64::NAN;
    odd.trend[1].2 = f64::INFINITY;
    odd.groups[0].ranked[0].score = Some(f64::NAN);
    odd.groups[0].mean = Some(f64::NEG_INFINITY);
    odd.groups[0].ranked[1].coverage = f64::NAN;
    odd.checked = Ratio::new(0, 0);
    odd.findings.open.veto = 1 << 40;
    odd.heat[0].rows[0].1.truncate(3);
    let nothing = values::all(0, Names::Plain);
    for report in nothing.into_iter().chain([Periodic::Quarterly(Box::new(odd))]) {
        for language in LANGUAGES {
            let page = html::render(&report, language).expect("renders");
            assert!(!page.contains("NaN") && !page.contains(">inf"), "no number is shown as one");
            assert!(!opened(&report, language).sheet_names().is_empty());
            assert!(!printed(&report, &Style::plain(language, 80)).contains("NaN"));
            // Of nothing that was seen, nothing is well.
            for figure in report.outline(language).figures {
                assert!(figure.value != Value::Share(Ratio::new(0, 0)) || figure.mark != Mark::Good, "{figure:?}");
            }
        }
    }
}

/// Files stand beside one another, whole; with `XUNCHA_PERIOD_SAMPLES` in the folder that it names, to be looked at.
#[test]
fn files_are_named_after_their_period_and_moved_into_place() {
    let own = tempfile::tempdir().expect("a folder");
    let samples = std::env::var_os("XUNCHA_PERIOD_SAMPLES").map(PathBuf::from);
    let folder = samples.as_deref().unwrap_or(own.path());
    let periods = ["2026-02-12", "2026Q1", "2026H1"].map(|text| Period::parse(text).expect("a period"));
    for (report, period) in values::all(20, Names::Plain).iter().zip(periods) {
        let written = publish::keep(report, period, &File::ALL, Language::Zh, folder).expect("writes");
        let again = publish::keep(report, period, &File::ALL, Language::Zh, folder).expect("writes again");
        assert_eq!(written, again);
        let names: Vec<String> = written.iter().filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect();
        assert_eq!(names, ["json", "html", "xlsx"].map(|kind| format!("{period}.{kind}")));
        let json: Periodic = serde_json::from_slice(&std::fs::read(&written[0]).expect("reads")).expect("the values again");
        assert_eq!(json, *report);
        let beside = std::fs::read_dir(written[0].parent().expect("a folder")).expect("lists");
        assert!(beside.flatten().all(|entry| !entry.file_name().to_string_lossy().ends_with(".part")));
    }
    if samples.is_some() {
        for report in values::all(20, Names::Plain) {
            if let Periodic::Unit(report) = report.clone() {
                publish::keep_unit(*report, periods[1], &File::ALL, Language::Zh, folder).expect("writes");
            }
            println!("{}", printed(&report, &Style { colour: true, ..Style::plain(Language::Zh, 110) }));
        }
        let english = folder.join("english");
        for (report, period) in values::all(20, Names::Ascii).iter().zip(periods) {
            publish::keep(report, period, &File::ALL, Language::En, &english).expect("writes");
        }
    }
}
