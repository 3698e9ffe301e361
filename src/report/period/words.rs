//! The fixed words of reports of a period, in Chinese and English.

use super::outline::{Mark, Tongue};
use super::{BySeverity, Level, Prediction};
use crate::checklist::columns::ColumnBook;
use crate::checklist::{kinds, library};
use crate::finding::{Language, Severity, Text};
use crate::report::words::{both, severity};
use crate::rules;
use std::collections::BTreeMap;

/// The period as it is said: `2026年第一季度`; what is no period as it is.
pub fn spoken(period: &str, language: Language) -> String {
    let known = |year: &str, part: &str| -> Option<String> {
        year.parse::<u16>().ok()?;
        let (zh, en) = match part {
            "Q1" => ("第一季度", "first quarter"),
            "Q2" => ("第二季度", "second quarter"),
            "Q3" => ("第三季度", "third quarter"),
            "Q4" => ("第四季度", "fourth quarter"),
            "H1" => ("上半年", "first half"),
            "H2" => ("下半年", "second half"),
            _ => return None,
        };
        Some(match language {
            Language::Zh => format!("{year}年{zh}"),
            Language::En => format!("{en} of {year}"),
        })
    };
    let parts = period.split_at_checked(4).and_then(|(year, part)| known(year, part));
    parts.unwrap_or_else(|| crate::report::plain::line(period).into_owned())
}

/// Of a text that says the same in both languages, `中文 / English`, the one half; any other text whole.
pub fn half(text: &str, language: Language) -> &str {
    let han = |text: &str| text.chars().any(crate::text::is_han);
    match text.split_once(" / ") {
        Some((zh, en)) if han(zh) && !han(en) && !en.contains(" / ") => match language {
            Language::Zh => zh,
            Language::En => en,
        },
        _ => text,
    }
}

/// How near a line, in words.
pub fn level(level: Level) -> Text {
    match level {
        Level::Unknown => both("无法判断", "cannot tell"),
        Level::Well => both("正常", "well"),
        Level::Warning => both("预警", "warning"),
        Level::Line => both("到线", "at the line"),
    }
}

/// A prediction in words. None of them says that a unit would pass: a machine does not see everything that is asked.
pub fn prediction(prediction: Prediction) -> (Text, Mark) {
    match prediction {
        Prediction::Fails => (both("预计否决", "would be vetoed"), Mark::Bad),
        Prediction::FailsIfConfirmed => (both("疑似问题若确认则否决", "vetoed if confirmed"), Mark::Doubtful),
        Prediction::Open => (both("尚有否决项未定", "veto items open"), Mark::Warning),
        Prediction::NearLine => (both("接近否决线", "near a veto line"), Mark::Warning),
        Prediction::NoVetoFound => (both("机检未见否决问题", "no veto found by machine"), Mark::Good),
        Prediction::NotSeen => (both("本期未检查", "not looked at"), Mark::Quiet),
    }
}

/// All predictions, gravest first.
pub const PREDICTIONS: [Prediction; 6] = [
    Prediction::Fails,
    Prediction::FailsIfConfirmed,
    Prediction::Open,
    Prediction::NearLine,
    Prediction::NoVetoFound,
    Prediction::NotSeen,
];

/// How an item stands, in words; an unknown word as it is.
pub fn note(word: &str) -> (Text, Mark) {
    match word {
        "veto" => (both("达到否决线", "at the veto line"), Mark::Bad),
        "pending-review" => (both("疑似否决，待复核", "suspected veto, to be reviewed"), Mark::Doubtful),
        "suspected" => (both("疑似", "suspected"), Mark::Doubtful),
        "warn" => (both("接近否决线", "near the line"), Mark::Warning),
        "below-threshold" => (both("有问题，未到线", "faults below the line"), Mark::Warning),
        "failed" => (both("有问题", "faults found"), Mark::Warning),
        "open" => (both("未定", "open"), Mark::Warning),
        "manual" => (both("须人工核查", "left to a person"), Mark::Warning),
        "cannot-tell" => (both("无法判定", "cannot tell"), Mark::Quiet),
        "untested" => (both("未检测", "untested"), Mark::Quiet),
        "unverified" => (both("只计数，不计分", "counted, not scored"), Mark::Quiet),
        "other-cadence" => (both("本次不查", "asked at another cadence"), Mark::Quiet),
        "inapplicable" => (both("不适用", "not applicable"), Mark::Quiet),
        "not-yet-due" => (both("未到期", "not yet due"), Mark::Quiet),
        "not-in-force" => (both("不在有效期", "not in force"), Mark::Quiet),
        "excluded" => (both("已由他项计", "counted elsewhere"), Mark::Quiet),
        "passed" => (both("未见问题", "nothing found"), Mark::Good),
        other => (both(other, other), Mark::Plain),
    }
}

/// A verdict in words. 合格 and 不合格 are said of a score only, and never in a pre-assessment: there the score is told against its line.
pub fn verdict(word: &str, scored: bool, forecast: bool) -> (Text, Mark) {
    match (word, scored, forecast) {
        ("passed", false, _) => (both("未见不符合项", "requirements met"), Mark::Good),
        ("failed", false, _) => (both("有不符合项", "requirements not met"), Mark::Bad),
        ("passed", true, true) => (both("得分达线", "score at or above its line"), Mark::Plain),
        ("failed", true, true) => (both("得分未达线", "score below its line"), Mark::Bad),
        ("passed", true, false) => (both("合格", "passed"), Mark::Good),
        ("failed", true, false) => (both("不合格", "failed"), Mark::Bad),
        ("vetoed", ..) => (both("单项否决", "vetoed"), Mark::Bad),
        ("pending-review", ..) => (both("待复核", "pending review"), Mark::Doubtful),
        ("no-veto-found", ..) => (both("未见否决问题", "no veto found"), Mark::Good),
        ("insufficient", ..) => (both("依据不足", "insufficient"), Mark::Quiet),
        ("not-run", ..) => (both("本期未检查", "not looked at"), Mark::Quiet),
        (other, ..) => (both(other, other), Mark::Plain),
    }
}

/// How findings of a severity are to be taken.
pub fn severity_mark(severity: Severity) -> Mark {
    match severity {
        Severity::Veto | Severity::Error => Mark::Bad,
        Severity::Warning => Mark::Warning,
        Severity::Notice => Mark::Plain,
    }
}

/// The state of a site or account in words.
pub fn state(word: &str) -> Text {
    match word {
        "running" => both("正常运行", "running"),
        "redesign" => both("升级改版", "redesign"),
        "suspended" => both("临时关停", "suspended"),
        "closed" => both("已下线", "closed"),
        other => both(other, other),
    }
}

/// A mark of an account in words.
pub fn account_mark(word: &str) -> Text {
    match word {
        "dead-code" => both("二维码失效", "dead code image"),
        "renamed" => both("更名", "renamed"),
        "missing" => both("矩阵未列", "not in the matrix"),
        "closed-shown" => both("已注销仍列", "closed, still in the matrix"),
        other => both(other, other),
    }
}

/// Did a finding appear or return?
pub fn news_kind(word: &str) -> Text {
    match word {
        "appeared" => both("新增", "new"),
        "returned" => both("复发", "back again"),
        other => both(other, other),
    }
}

/// Findings by severity: `否决 1，错误 2`; what does not occur is left out.
pub fn by_severity(counts: BySeverity, tongue: Tongue) -> String {
    let of = [
        (Severity::Veto, counts.veto),
        (Severity::Error, counts.error),
        (Severity::Warning, counts.warning),
        (Severity::Notice, counts.notice),
    ];
    let told: Vec<String> = of
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(which, count)| match tongue.0 {
            Language::Zh => format!("{} {count}", severity(*which).zh),
            Language::En => format!("{} {count}", severity(*which).en.to_lowercase()),
        })
        .collect();
    told.join(tongue.say("，", ", "))
}

/// Titles of what reports name by id: checklists, their items, rules, kinds of body. An id that nobody knows stands for itself.
pub struct Titles {
    language: Language,
    book: ColumnBook,
    lists: BTreeMap<String, (String, BTreeMap<String, String>)>,
}

impl Titles {
    /// In a language.
    pub fn of(language: Language) -> Self {
        Titles { language, book: ColumnBook::load(), lists: BTreeMap::new() }
    }

    fn list(&mut self, id: &str) -> &(String, BTreeMap<String, String>) {
        let (language, book) = (self.language, &self.book);
        self.lists.entry(id.to_owned()).or_insert_with(|| {
            // A path would be read from the disk: only what the program carries is asked.
            let known = library::ids().any(|known| known == id).then(|| library::resolve(id, book).ok()).flatten();
            match known {
                Some(known) => {
                    let items = known.checklist.items.iter();
                    let items = items.map(|item| (item.id.clone(), item.title.get(language).to_owned())).collect();
                    (known.checklist.title.get(language).to_owned(), items)
                }
                None => (id.to_owned(), BTreeMap::new()),
            }
        })
    }

    /// Of a checklist.
    pub fn checklist(&mut self, id: &str) -> String {
        self.list(id).0.clone()
    }

    /// Of an item, with its id.
    pub fn item(&mut self, checklist: &str, id: &str) -> String {
        match self.list(checklist).1.get(id) {
            Some(title) => format!("{id} {title}"),
            None => id.to_owned(),
        }
    }

    /// Of a rule.
    pub fn rule(&self, id: &str) -> String {
        let title = rules::find(id).map(|entry| rules::fixture::texts(entry).title.get(self.language));
        title.filter(|title| !title.is_empty()).unwrap_or(id).to_owned()
    }

    /// Of a kind of body.
    pub fn kind(&self, id: Option<&str>) -> String {
        match id {
            Some(id) => kinds::find(id).map_or_else(|| id.to_owned(), |kind| kind.name.get(self.language).to_owned()),
            None => Tongue(self.language).own("未注明类别", "no stated kind"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_said() {
        assert_eq!(spoken("2026Q1", Language::Zh), "2026年第一季度");
        assert_eq!(spoken("2026H2", Language::En), "second half of 2026");
        assert_eq!(spoken("二〇二六", Language::Zh), "二〇二六");
        assert_eq!(spoken("", Language::Zh), "");
    }

    #[test]
    fn a_text_in_both_languages_is_halved_and_no_other() {
        assert_eq!(half("未安排 / none was planned", Language::En), "none was planned");
        assert_eq!(half("未安排 / none was planned", Language::Zh), "未安排");
        assert_eq!(half("a / b", Language::Zh), "a / b");
        assert_eq!(half("甲 / 乙", Language::En), "甲 / 乙");
    }

    #[test]
    fn no_prediction_says_that_a_unit_passes() {
        for predicted in PREDICTIONS {
            let (text, _) = prediction(predicted);
            assert!(!text.zh.contains("合格") && !text.en.contains("pass"), "{text:?}");
        }
    }
}
