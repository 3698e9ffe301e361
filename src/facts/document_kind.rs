//! What kind of document a page holds, with the evidence; unsure is unsure.

pub(super) mod read;
mod records;

use serde::{Deserialize, Serialize};

/// Kinds that rules name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// 行政规范性文件
    NormativeDocument,
    /// 其他文件
    OtherDocument,
    /// 转载
    Reprint,
    /// 公示公告
    Announcement,
    /// 政策解读
    Interpretation,
    /// 意见征集
    Solicitation,
    /// 征集结果, 意见反馈
    SolicitationResult,
    /// 政府信息公开工作年度报告
    AnnualReport,
    /// 工作动态, 新闻
    News,
    /// 办事指南
    ServiceGuide,
    /// 政府信息公开指南
    DisclosureGuide,
    /// 机构职能, 内设机构
    Institution,
    /// 领导信息
    LeaderProfile,
    /// 部门预算
    Budget,
    /// 部门决算
    FinalAccounts,
    /// 建议提案答复
    ProposalReply,
    /// 公务员招考, 事业单位招聘
    Recruitment,
    /// 行政处罚决定, 处罚公示
    Penalty,
    /// 行政许可决定, 许可公示
    Permit,
    /// 政府采购
    Procurement,
    /// 行政检查, 双随机抽查
    Inspection,
    /// 行政事业性收费
    Fee,
    /// 规划计划, 工作总结
    Plan,
    /// 应急预案
    EmergencyPlan,
    /// 政府网站工作年度报表
    SiteStatement,
    /// 咨询信件及答复
    Letter,
    /// Not a document (home, column …) or not to be told.
    Unknown,
}

/// The kind with what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindOfDocument {
    /// The kind.
    pub kind: DocumentKind,
    /// Is the evidence enough to judge by? When not, rules answer cannot tell.
    pub sure: bool,
    /// What speaks for it, in words: `column: 规范性文件`, `title: …的通知`, `number: …`.
    pub evidence: Vec<String>,
}

impl Default for KindOfDocument {
    fn default() -> Self {
        KindOfDocument { kind: DocumentKind::Unknown, sure: false, evidence: Vec::new() }
    }
}
