//! Figures that the words of a report name: the period of its statistics, applications received, carried on, reviews and suits.

use super::writing::plain;
use super::{Period, Statement, StatementKind};
use crate::text::shorten;
use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

static PERIOD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(20\d\d)年(\d{1,2})月(\d{1,2})日起?(?:至|到|止|—+|-+|~|－|–|─+)(?:(20\d\d)年|当年|同年)?(\d{1,2})月(\d{1,2})日")
        .ok()
});

/// The period that the preface states. Only a sentence that speaks of figures is believed.
pub(super) fn period<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Period> {
    for line in lines {
        let folded = plain(line);
        for found in PERIOD.as_ref()?.captures_iter(&folded).take(20) {
            let start = found.get(0).map_or(0, |m| m.start());
            let around: String = folded[..start].chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
            if !["统计", "数据", "期限", "时限", "时段", "起止"].iter().any(|word| around.contains(word)) {
                continue;
            }
            let number = |n: usize| found.get(n).and_then(|m| m.as_str().parse::<i16>().ok());
            let date = |year: Option<i16>, month: Option<i16>, day: Option<i16>| Date::new(year?, month? as i8, day? as i8).ok();
            let from = date(number(1), number(2), number(3));
            let to = date(number(4).or(number(1)), number(5), number(6));
            if let (Some(from), Some(to)) = (from, to) {
                return Some(Period { from, to, text: excerpt(line, &found[0]) });
            }
        }
    }
    None
}

/// A piece of the line as written around what was found in its folded form: the line itself when it is short.
fn excerpt(line: &str, found: &str) -> String {
    let head: String = found.chars().take(4).collect();
    match line.find(&head) {
        Some(at) => shorten(&line[at..], 60),
        None => shorten(line, 60),
    }
}

/// A number of pieces.
const PIECES: &str = r"(?:共计|共|总计|合计|了)?(\d{1,9})(?:件|宗|条|份|项|次)";

static PATTERNS: LazyLock<Vec<(StatementKind, Regex)>> = LazyLock::new(|| {
    [
        (StatementKind::CarriedIn, format!(r"(?:上年度?|上一年度?|{YEAR_BEFORE})(?:度)?结转(?:本年度?)?(?:的)?(?:政府信息公开|信息公开|依申请公开)?(?:申请|办理)?(?:数量|数)?(?:为)?{PIECES}")),
        (StatementKind::CarriedOut, format!(r"(?:结转(?:至|到)?|顺延(?:至|到)?)下(?:一)?年度?(?:继续)?(?:办理|答复|处理)?(?:的)?(?:申请)?(?:为)?{PIECES}")),
        (StatementKind::Received, format!(r"(?:新收|收到|受理|接收|收悉|新增|接受)[^，。；,;:：\d]{{0,24}}?申请(?:公开)?(?:数量|总量|总数|办件)?(?:为)?{PIECES}")),
        (StatementKind::Reviews, format!(r"行政复议(?:案件|申请)?{PIECES}")),
        (StatementKind::Suits, format!(r"行政诉讼(?:案件)?{PIECES}")),
    ]
    .into_iter()
    .filter_map(|(kind, pattern)| Regex::new(&pattern).ok().map(|regex| (kind, regex)))
    .collect()
});

const YEAR_BEFORE: &str = r"20\d\d年";

static FORWARD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d{1,9})(?:件|宗|条|份|项)(?:申请)?(?:结转|顺延)(?:至|到)?下(?:一)?年").ok());

/// Statements kept of one report.
const MOST: usize = 60;

/// Figures of the text. `line` is one paragraph.
pub(super) fn statements<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    for line in lines {
        let folded = plain(line);
        for sentence in folded.split_inclusive(['。', ';', '；']) {
            let mut add = |kind: StatementKind, number: Option<i64>, text: &str| {
                if let Some(number) = number.filter(|_| found.len() < MOST) {
                    found.push(Statement { kind, number, text: shorten(text, 80) });
                }
            };
            for (kind, pattern) in PATTERNS.iter() {
                for captures in pattern.captures_iter(sentence) {
                    let whole = captures.get(0).map_or("", |m| m.as_str());
                    add(*kind, captures[1].parse().ok(), whole);
                }
            }
            if let Some(captures) = FORWARD.as_ref().and_then(|pattern| pattern.captures(sentence)) {
                let whole = captures.get(0).map_or("", |m| m.as_str());
                add(StatementKind::CarriedOut, captures[1].parse().ok(), whole);
            }
            let all = ["全部办结", "均已办结", "已全部办结", "全部答复完毕", "均已全部办结", "全部办理完毕"];
            let of_requests = sentence.contains("申请") && !sentence.contains("提案") && !sentence.contains("建议");
            if let Some(word) = all.iter().find(|word| of_requests && sentence.contains(*word)) {
                add(StatementKind::AllClosed, Some(0), word);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn periods_of_prefaces() {
        let read = |line: &str| period([line].into_iter()).map(|p| (p.from, p.to));
        let whole = Some((date(2019, 1, 1), date(2019, 12, 31)));
        assert_eq!(read("報(bào)告中所列數(shù)據(jù)時(shí)間為2019年1月1日至2019年12月31日。"), whole);
        assert_eq!(read("本报告所列数据的统计期限自 2019年1月1日起至12月31日止"), whole);
        assert_eq!(read("统计期限为２０１９年１月１日—２０１９年１２月３１日"), whole);
        assert_eq!(read("自2019年5月15日起施行"), None);
        assert_eq!(read("活动自2019年3月1日至2019年3月9日举行"), None);
    }

    #[test]
    fn figures_of_the_text() {
        let read = |line: &str| statements([line].into_iter()).into_iter().map(|s| (s.kind, s.number)).collect::<Vec<_>>();
        use StatementKind::*;
        assert_eq!(
            read(
                "2024年，全市共受理政府信息公开申请 3119 件，答复 3050 件（含上年度结转申请 34 件，另有 103 件顺延到下年度答复）"
            ),
            [(CarriedIn, 34), (Received, 3119), (CarriedOut, 103)]
        );
        assert_eq!(
            read("政府信息公开行政复议 351 件，其中结果维持 72 件；政府信息公开行政诉讼 46 件"),
            [(Reviews, 351), (Suits, 46)]
        );
        assert_eq!(read("我局新收政府信息公开申请12件，全部办结。"), [(Received, 12), (AllClosed, 0)]);
        assert_eq!(read("办理人大建议12件，全部办结"), []);
        assert_eq!(read("收到政府信息公开申请，其中网络申请5件"), []);
    }
}
