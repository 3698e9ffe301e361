//! Rows and columns of the three tables of an annual report, known by their labels (国办公开办函〔2019〕60号, 〔2021〕30号).

use serde::{Deserialize, Serialize};

/// A row, by its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Row {
    /// 规章
    Rules,
    /// 行政规范性文件, 规范性文件
    NormativeDocuments,
    /// 行政许可
    Permits,
    /// 其他对外管理服务事项
    OtherServices,
    /// 行政处罚
    Penalties,
    /// 行政强制
    Coercion,
    /// 行政事业性收费
    Fees,
    /// 政府集中采购
    Procurement,
    /// 一、本年新收政府信息公开申请数量
    NewRequests,
    /// 二、上年结转政府信息公开申请数量
    CarriedIn,
    /// （一）予以公开
    Disclosed,
    /// （二）部分公开
    PartlyDisclosed,
    /// （三）1
    StateSecret,
    /// （三）2
    Prohibited,
    /// （三）3
    Stability,
    /// （三）4
    ThirdParty,
    /// （三）5
    InternalAffairs,
    /// （三）6
    Process,
    /// （三）7
    EnforcementFile,
    /// （三）8
    Query,
    /// （四）1
    NotHeld,
    /// （四）2
    NotReady,
    /// （四）3
    Unclear,
    /// （五）1
    Petition,
    /// （五）2
    Repeated,
    /// （五）3
    Publication,
    /// （五）4
    Excessive,
    /// （五）5
    Reconfirm,
    /// （六）1, 2021 format
    NotCorrected,
    /// （六）2, 2021 format
    FeeUnpaid,
    /// （六）3 of the 2021 format, the whole of （六） in the 2019 format
    OtherHandling,
    /// （七）总计
    Handled,
    /// 四、结转下年度继续办理
    CarriedOut,
    /// 行政复议
    Review,
    /// 行政诉讼：未经复议直接起诉
    DirectSuit,
    /// 行政诉讼：复议后起诉
    SuitAfterReview,
}

/// A column, by its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// 本年制发件数
    Issued,
    /// 本年废止件数
    Repealed,
    /// 现行有效件数
    InForce,
    /// 处理决定数量
    Decisions,
    /// 本年收费金额
    FeeAmount,
    /// 本年新制作数量, 2019 format
    NewlyMade,
    /// 本年新公开数量, 2019 format
    NewlyDisclosed,
    /// 对外公开总数量, 2019 format
    DisclosedTotal,
    /// 上一年项目数量, 2019 format
    PreviousItems,
    /// 本年增/减, 2019 format
    Change,
    /// 采购项目数量, 2019 format
    ProcurementItems,
    /// 采购总金额, 2019 format
    ProcurementAmount,
    /// 自然人
    Person,
    /// 商业企业
    Company,
    /// 科研机构
    Research,
    /// 社会公益组织
    Charity,
    /// 法律服务机构
    LegalService,
    /// 其他
    OtherBody,
    /// 结果维持
    Upheld,
    /// 结果纠正
    Corrected,
    /// 其他结果
    OtherResult,
    /// 尚未审结
    Pending,
    /// 总计
    Total,
}

/// Columns of the table of requests, in their usual order.
pub const APPLICANTS: [Column; 7] =
    [Column::Person, Column::Company, Column::Research, Column::Charity, Column::LegalService, Column::OtherBody, Column::Total];

/// Columns of each block of the table of reviews and suits.
pub const RESULTS: [Column; 5] = [Column::Upheld, Column::Corrected, Column::OtherResult, Column::Pending, Column::Total];

/// Blocks of that table.
pub const PROCEEDINGS: [Row; 3] = [Row::Review, Row::DirectSuit, Row::SuitAfterReview];

/// Rows whose sum is （七）总计; the two before the last only in the 2021 format.
pub const HANDLING: [Row; 21] = [
    Row::Disclosed,
    Row::PartlyDisclosed,
    Row::StateSecret,
    Row::Prohibited,
    Row::Stability,
    Row::ThirdParty,
    Row::InternalAffairs,
    Row::Process,
    Row::EnforcementFile,
    Row::Query,
    Row::NotHeld,
    Row::NotReady,
    Row::Unclear,
    Row::Petition,
    Row::Repeated,
    Row::Publication,
    Row::Excessive,
    Row::Reconfirm,
    Row::NotCorrected,
    Row::FeeUnpaid,
    Row::OtherHandling,
];

impl Row {
    /// Short label as a reader finds it in the table.
    pub fn label(self) -> &'static str {
        match self {
            Row::Rules => "规章",
            Row::NormativeDocuments => "行政规范性文件",
            Row::Permits => "行政许可",
            Row::OtherServices => "其他对外管理服务事项",
            Row::Penalties => "行政处罚",
            Row::Coercion => "行政强制",
            Row::Fees => "行政事业性收费",
            Row::Procurement => "政府集中采购",
            Row::NewRequests => "一、本年新收",
            Row::CarriedIn => "二、上年结转",
            Row::Disclosed => "（一）予以公开",
            Row::PartlyDisclosed => "（二）部分公开",
            Row::StateSecret => "（三）1.国家秘密",
            Row::Prohibited => "（三）2.法律行政法规禁止公开",
            Row::Stability => "（三）3.三安全一稳定",
            Row::ThirdParty => "（三）4.第三方合法权益",
            Row::InternalAffairs => "（三）5.内部事务信息",
            Row::Process => "（三）6.过程性信息",
            Row::EnforcementFile => "（三）7.行政执法案卷",
            Row::Query => "（三）8.行政查询事项",
            Row::NotHeld => "（四）1.不掌握",
            Row::NotReady => "（四）2.没有现成信息",
            Row::Unclear => "（四）3.补正后仍不明确",
            Row::Petition => "（五）1.信访举报投诉",
            Row::Repeated => "（五）2.重复申请",
            Row::Publication => "（五）3.公开出版物",
            Row::Excessive => "（五）4.大量反复申请",
            Row::Reconfirm => "（五）5.确认或重新出具",
            Row::NotCorrected => "（六）1.逾期不补正",
            Row::FeeUnpaid => "（六）2.逾期未缴费",
            Row::OtherHandling => "（六）其他",
            Row::Handled => "（七）总计",
            Row::CarriedOut => "四、结转下年度",
            Row::Review => "行政复议",
            Row::DirectSuit => "未经复议直接起诉",
            Row::SuitAfterReview => "复议后起诉",
        }
    }

    /// A row of the table of requests by its folded leaf label.
    pub(super) fn of_request(label: &str) -> Option<Row> {
        let has = |word: &str| label.contains(word);
        let bare = label.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '、' | ',' | '(' | ')' | ' '));
        let rows = [
            (Row::NewRequests, has("新收") && has("申请")),
            (Row::CarriedIn, has("上年结转") || has("上年度结转")),
            (Row::CarriedOut, has("结转下年") || has("下年度继续办理")),
            (Row::PartlyDisclosed, has("部分公开")),
            (Row::Disclosed, has("予以公开") && !has("不予以")),
            (Row::StateSecret, has("国家秘密")),
            (Row::Prohibited, has("禁止公开")),
            (Row::Stability, has("三安全")),
            (Row::ThirdParty, has("第三方")),
            (Row::InternalAffairs, has("内部事务")),
            (Row::Process, has("过程性")),
            (Row::EnforcementFile, has("执法案卷")),
            (Row::Query, has("行政查询")),
            (Row::NotHeld, has("不掌握")),
            (Row::NotReady, has("没有现成") || has("另行制作")),
            (Row::Unclear, has("补正后")),
            (Row::Petition, has("信访")),
            (Row::Publication, has("出版物")),
            (Row::Excessive, has("大量反复")),
            (Row::Reconfirm, has("重新出具")),
            (Row::NotCorrected, has("不补正")),
            (Row::FeeUnpaid, has("缴纳费用") || has("收费通知")),
            (Row::Repeated, has("重复申请")),
            (Row::OtherHandling, bare == "其他" || bare == "其它" || has("其他处理") || has("其它处理")),
            (Row::Handled, matches!(bare, "总计" | "合计") || label.ends_with("总计") && has("七")),
        ];
        rows.iter().find(|(_, found)| *found).map(|(row, _)| *row)
    }

    /// A row of the table of what was disclosed by its folded label.
    pub(super) fn of_disclosure(label: &str) -> Option<Row> {
        let rows = [
            (Row::NormativeDocuments, label.ends_with("规范性文件")),
            (Row::Rules, label == "规章" || label == "政府规章" || label == "部门规章"),
            (Row::Permits, label == "行政许可"),
            (Row::OtherServices, label.contains("其他对外管理服务") || label.contains("其它对外管理服务")),
            (Row::Penalties, label == "行政处罚"),
            (Row::Coercion, label == "行政强制"),
            (Row::Fees, label.contains("行政事业性收费")),
            (Row::Procurement, label.contains("集中采购")),
        ];
        rows.iter().find(|(_, found)| *found).map(|(row, _)| *row)
    }

    /// A block of the table of reviews by the folded headings above a column.
    pub(super) fn of_proceeding(headings: &str) -> Option<Row> {
        if headings.contains("复议后") {
            Some(Row::SuitAfterReview)
        } else if headings.contains("未经复议") || headings.contains("直接起诉") {
            Some(Row::DirectSuit)
        } else {
            (headings.contains("行政复议") && !headings.contains("诉讼")).then_some(Row::Review)
        }
    }
}

impl Column {
    /// Heading as a reader finds it.
    pub fn label(self) -> &'static str {
        match self {
            Column::Issued => "本年制发件数",
            Column::Repealed => "本年废止件数",
            Column::InForce => "现行有效件数",
            Column::Decisions => "处理决定数量",
            Column::FeeAmount => "本年收费金额",
            Column::NewlyMade => "本年新制作数量",
            Column::NewlyDisclosed => "本年新公开数量",
            Column::DisclosedTotal => "对外公开总数量",
            Column::PreviousItems => "上一年项目数量",
            Column::Change => "本年增/减",
            Column::ProcurementItems => "采购项目数量",
            Column::ProcurementAmount => "采购总金额",
            Column::Person => "自然人",
            Column::Company => "商业企业",
            Column::Research => "科研机构",
            Column::Charity => "社会公益组织",
            Column::LegalService => "法律服务机构",
            Column::OtherBody => "其他",
            Column::Upheld => "结果维持",
            Column::Corrected => "结果纠正",
            Column::OtherResult => "其他结果",
            Column::Pending => "尚未审结",
            Column::Total => "总计",
        }
    }

    /// A column of the table of requests by its folded heading.
    pub(super) fn of_applicant(heading: &str) -> Option<Column> {
        // The corner cell explains the equation in words; headings are short.
        if heading.chars().count() > 12 {
            return None;
        }
        let has = |word: &str| heading.contains(word);
        let columns = [
            (Column::Person, has("自然人")),
            (Column::Company, has("商业") || heading == "企业"),
            (Column::Research, has("科研")),
            (Column::Charity, has("公益")),
            (Column::LegalService, has("法律服务")),
            (Column::OtherBody, matches!(heading, "其他" | "其它")),
            (Column::Total, matches!(heading, "总计" | "合计" | "总数")),
        ];
        columns.iter().find(|(_, found)| *found).map(|(column, _)| *column)
    }

    /// A column of the table of reviews by its folded heading.
    pub(super) fn of_result(heading: &str) -> Option<Column> {
        let has = |word: &str| heading.contains(word);
        let columns = [
            (Column::Upheld, has("维持")),
            (Column::Corrected, has("纠正")),
            (Column::OtherResult, has("其他") || has("其它")),
            (Column::Pending, has("尚未") || has("审结")),
            (Column::Total, has("总计") || has("合计")),
        ];
        columns.iter().find(|(_, found)| *found).map(|(column, _)| *column)
    }

    /// A column of the table of what was disclosed by its folded heading.
    pub(super) fn of_disclosure(heading: &str) -> Option<Column> {
        let has = |word: &str| heading.contains(word);
        let columns = [
            (Column::Issued, has("制发")),
            (Column::Repealed, has("废止")),
            (Column::InForce, has("现行有效")),
            (Column::NewlyMade, has("新制作")),
            (Column::NewlyDisclosed, has("新公开")),
            (Column::DisclosedTotal, has("公开总数")),
            (Column::PreviousItems, has("上一年") || has("上年项目")),
            (Column::Change, has("增/减") || has("增减")),
            (Column::Decisions, has("处理决定")),
            (Column::FeeAmount, has("收费金额")),
            (Column::ProcurementAmount, has("采购总金额") || has("采购金额")),
            (Column::ProcurementItems, has("采购项目")),
        ];
        columns.iter().find(|(_, found)| *found).map(|(column, _)| *column)
    }

    /// Does only the format of 2019 and 2020 have it?
    pub fn is_of_2019(self) -> bool {
        matches!(
            self,
            Column::NewlyMade
                | Column::NewlyDisclosed
                | Column::DisclosedTotal
                | Column::PreviousItems
                | Column::Change
                | Column::ProcurementItems
                | Column::ProcurementAmount
        )
    }

    /// Does only the format of 2021 and later have it?
    pub fn is_of_2021(self) -> bool {
        matches!(self, Column::Issued | Column::Repealed | Column::InForce | Column::FeeAmount)
    }

    /// Money or a difference: not a count.
    pub fn is_no_count(self) -> bool {
        matches!(self, Column::FeeAmount | Column::ProcurementAmount | Column::Change)
    }
}
