//! A report as blocks of HTML: preface, parts with their headings, tables in the form that the format prints.

use super::figures::handling;
use super::{Report, Shown};
use crate::facts::annual_report::{APPLICANTS, Column, Format, PROCEEDINGS, RESULTS, Row, TableKind};
use std::fmt::Write;

/// （三）, （四）, （五）, （六） with the labels below them.
const GROUPS: [(&str, &[(Row, &str)]); 4] = [
    (
        "（三）不予公开",
        &[
            (Row::StateSecret, "1.属于国家秘密"),
            (Row::Prohibited, "2.其他法律行政法规禁止公开"),
            (Row::Stability, "3.危及“三安全一稳定”"),
            (Row::ThirdParty, "4.保护第三方合法权益"),
            (Row::InternalAffairs, "5.属于三类内部事务信息"),
            (Row::Process, "6.属于四类过程性信息"),
            (Row::EnforcementFile, "7.属于行政执法案卷"),
            (Row::Query, "8.属于行政查询事项"),
        ],
    ),
    (
        "（四）无法提供",
        &[
            (Row::NotHeld, "1.本机关不掌握相关政府信息"),
            (Row::NotReady, "2.没有现成信息需要另行制作"),
            (Row::Unclear, "3.补正后申请内容仍不明确"),
        ],
    ),
    (
        "（五）不予处理",
        &[
            (Row::Petition, "1.信访举报投诉类申请"),
            (Row::Repeated, "2.重复申请"),
            (Row::Publication, "3.要求提供公开出版物"),
            (Row::Excessive, "4.无正当理由大量反复申请"),
            (Row::Reconfirm, "5.要求行政机关确认或重新出具已获取信息"),
        ],
    ),
    (
        "（六）其他处理",
        &[
            (Row::NotCorrected, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
            (Row::FeeUnpaid, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
            (Row::OtherHandling, "3.其他"),
        ],
    ),
];

impl Report {
    /// Its blocks.
    pub fn html(&self) -> Vec<String> {
        let paragraph =
            |text: &String| if text.starts_with('<') { text.clone() } else { format!("<p>　　{}</p>", self.told(text)) };
        let mut blocks: Vec<String> = self.preface.iter().map(paragraph).collect();
        for part in &self.parts {
            if !part.heading.is_empty() {
                blocks.push(heading(self.style, &part.heading));
            }
            blocks.extend(part.text.iter().map(paragraph));
            match &part.table {
                Some(Shown::Table(kind)) => blocks.push(self.table(*kind)),
                Some(Shown::Html(html)) => blocks.push(html.clone()),
                None => {}
            }
        }
        blocks
    }

    fn figure(&self, row: Row, column: Column) -> &str {
        self.figures.get(&(row, column)).map_or("0", String::as_str)
    }

    fn table(&self, kind: TableKind) -> String {
        let rows = match kind {
            TableKind::Disclosure if self.format == Format::Of2021 => self.disclosed_2021(),
            TableKind::Disclosure => self.disclosed_2019(),
            TableKind::Requests => self.requests(),
            TableKind::Proceedings => self.proceedings(),
        };
        let border = if self.style.is_multiple_of(2) {
            "border=\"1\" cellspacing=\"0\""
        } else {
            "style=\"border-collapse:collapse\" border=\"1\""
        };
        if self.pieces.contains(&kind) {
            // A table for each block of the first table, as editors paste them.
            const BLOCK: &str = "<tr><td colspan=\"4\">第二十条";
            let blocks: Vec<String> =
                rows.split(BLOCK).skip(1).map(|rest| format!("<table {border}><tbody>{BLOCK}{rest}</tbody></table>")).collect();
            return blocks.concat();
        }
        format!("<table {border}><tbody>{rows}</tbody></table>")
    }

    fn disclosed_2021(&self) -> String {
        use Column::{Decisions, FeeAmount, InForce, Issued, Repealed};
        let mut out = item("一", &["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]);
        self.line(&mut out, "规章", Row::Rules, &[Issued, Repealed, InForce], 1);
        self.line(&mut out, "行政规范性文件", Row::NormativeDocuments, &[Issued, Repealed, InForce], 1);
        out.push_str(&item("五", &["信息内容", "本年处理决定数量"]));
        self.line(&mut out, "行政许可", Row::Permits, &[Decisions], 3);
        out.push_str(&item("六", &["信息内容", "本年处理决定数量"]));
        self.line(&mut out, "行政处罚", Row::Penalties, &[Decisions], 3);
        self.line(&mut out, "行政强制", Row::Coercion, &[Decisions], 3);
        out.push_str(&item("八", &["信息内容", "本年收费金额（单位：万元）"]));
        self.line(&mut out, "行政事业性收费", Row::Fees, &[FeeAmount], 3);
        out
    }

    fn disclosed_2019(&self) -> String {
        use Column::{
            Change, Decisions, DisclosedTotal, NewlyDisclosed, NewlyMade, PreviousItems, ProcurementAmount, ProcurementItems,
        };
        let three = [PreviousItems, Change, Decisions];
        let heads = ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"];
        let mut out = item("一", &["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"]);
        self.line(&mut out, "规章", Row::Rules, &[NewlyMade, NewlyDisclosed, DisclosedTotal], 1);
        self.line(&mut out, "规范性文件", Row::NormativeDocuments, &[NewlyMade, NewlyDisclosed, DisclosedTotal], 1);
        out.push_str(&item("五", &heads));
        self.line(&mut out, "行政许可", Row::Permits, &three, 1);
        self.line(&mut out, "其他对外管理服务事项", Row::OtherServices, &three, 1);
        out.push_str(&item("六", &heads));
        self.line(&mut out, "行政处罚", Row::Penalties, &three, 1);
        self.line(&mut out, "行政强制", Row::Coercion, &three, 1);
        out.push_str(&item("八", &["信息内容", "上一年项目数量", "本年增/减"]));
        self.line(&mut out, "行政事业性收费", Row::Fees, &[PreviousItems, Change], 2);
        out.push_str(&item("九", &["信息内容", "采购项目数量", "采购总金额"]));
        self.line(&mut out, "政府集中采购", Row::Procurement, &[ProcurementItems, ProcurementAmount], 2);
        out
    }

    /// A row of the first table; the last cell spans what the block leaves.
    fn line(&self, out: &mut String, label: &str, row: Row, columns: &[Column], span: usize) {
        let _ = write!(out, "<tr><td>{label}</td>");
        for (at, column) in columns.iter().enumerate() {
            let wide = if at + 1 == columns.len() && span > 1 { format!(" colspan=\"{span}\"") } else { String::new() };
            let _ = write!(out, "<td{wide}>{}</td>", self.figure(row, *column));
        }
        out.push_str("</tr>");
    }

    fn requests(&self) -> String {
        let mut out = String::from(
            "<tr><td colspan=\"3\" rowspan=\"3\">（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>\
             <td colspan=\"7\">申请人情况</td></tr><tr><td rowspan=\"2\">自然人</td><td colspan=\"5\">法人或其他组织</td>\
             <td rowspan=\"2\">总计</td></tr><tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td>\
             <td>其他</td></tr>",
        );
        let mut row = |head: &str, row: Row| {
            let _ = write!(out, "<tr>{head}");
            for column in APPLICANTS {
                let _ = write!(out, "<td>{}</td>", self.figure(row, column));
            }
            out.push_str("</tr>");
        };
        row("<td colspan=\"3\">一、本年新收政府信息公开申请数量</td>", Row::NewRequests);
        row("<td colspan=\"3\">二、上年结转政府信息公开申请数量</td>", Row::CarriedIn);
        let rows = handling(self.format).len() + 1;
        row(&format!("<td rowspan=\"{rows}\">三、本年度办理结果</td><td colspan=\"2\">（一）予以公开</td>"), Row::Disclosed);
        row("<td colspan=\"2\">（二）部分公开（区分处理的，只计这一情形，不计其他情形）</td>", Row::PartlyDisclosed);
        for (group, leaves) in GROUPS {
            if leaves.len() == 3 && group.starts_with("（六）") && self.format == Format::Of2019 {
                row("<td colspan=\"2\">（六）其他处理</td>", Row::OtherHandling);
                continue;
            }
            for (at, (leaf, label)) in leaves.iter().enumerate() {
                let head = if at == 0 { format!("<td rowspan=\"{}\">{group}</td>", leaves.len()) } else { String::new() };
                row(&format!("{head}<td>{label}</td>"), *leaf);
            }
        }
        row("<td colspan=\"2\">（七）总计</td>", Row::Handled);
        row("<td colspan=\"3\">四、结转下年度继续办理</td>", Row::CarriedOut);
        out
    }

    fn proceedings(&self) -> String {
        let heads = "<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>";
        let tall = heads.replace("<td>", "<td rowspan=\"2\">");
        let mut out = format!(
            "<tr><td colspan=\"5\">行政复议</td><td colspan=\"10\">行政诉讼</td></tr><tr>{tall}<td colspan=\"5\">未经复议直接起诉</td>\
             <td colspan=\"5\">复议后起诉</td></tr><tr>{heads}{heads}</tr><tr>"
        );
        for row in PROCEEDINGS {
            for column in RESULTS {
                let _ = write!(out, "<td>{}</td>", self.figure(row, column));
            }
        }
        out.push_str("</tr>");
        out
    }
}

/// The heading of a block of the first table.
fn item(number: &str, heads: &[&str]) -> String {
    let last = 5 - heads.len();
    let cells: String = heads
        .iter()
        .enumerate()
        .map(|(at, head)| match at + 1 == heads.len() && last > 1 {
            true => format!("<td colspan=\"{last}\">{head}</td>"),
            false => format!("<td>{head}</td>"),
        })
        .collect();
    format!("<tr><td colspan=\"4\">第二十条第（{number}）项</td></tr><tr>{cells}</tr>")
}

/// A heading as editors write it.
fn heading(style: usize, text: &str) -> String {
    match style {
        0 => format!("<h2>{text}</h2>"),
        1 => format!("<p><strong>{text}</strong></p>"),
        2 => format!("<p style=\"text-indent:2em\"><span style=\"font-family:黑体\">{text}</span></p>"),
        _ => format!("<p>{text}</p>"),
    }
}
