//! Kinds told by a form of words: guides, budgets, decisions, records. Each needs a title that says it, or the column and a sign in
//! the title or the text; the column alone never makes it sure.

use super::DocumentKind;
use super::read::Weighing;
use crate::text::pattern::Pattern;
use std::sync::LazyLock;

/// How one kind is told. Patterns are matched against folded text.
struct Form {
    kind: DocumentKind,
    /// A title that says it by itself.
    title: &'static str,
    /// A title that says it within the column.
    word: &'static str,
    /// A title that is about the matter and no such document.
    not: &'static str,
    /// Words of the names of its columns.
    columns: &'static [&'static str],
    /// Labels that its text shows; three of them, or two within the column, say it.
    labels: &'static [&'static str],
}

/// What is about rules for a matter, and no case of it.
const GENERAL: &str = r"裁量|解读|培训|会议|学习|(?:办法|规定|细则|标准|制度|流程|流程图|依据|统计|统计表|指引|方案|意见|目录|清单|规则|事项|基准|情况|总结|报告|要点|程序|权力)(?:\([^)]{1,20}\))?$|关于.*(?:通知|意见)(?:\([^)]{1,20}\))?$|事项清单|工作情况|统计数据";

const FORMS: &[Form] = &[
    Form {
        kind: DocumentKind::SiteStatement,
        title: r"网站(?:与政务新媒体)?(?:监管)?(?:工作)?(?:年度)?(?:工作)?报表|网站工作年报",
        word: r"年报|报表",
        not: r"通知|解读|填报说明",
        columns: &["网站年度报表", "网站工作年度报表", "网站年报", "网站工作年报", "网站年度工作报表"],
        labels: &["网站名称", "网站标识码", "独立用户访问总量", "网站总访问量", "信息发布总数", "专栏专题数量"],
    },
    Form {
        kind: DocumentKind::DisclosureGuide,
        title: r"信息公开(?:工作)?指南(?:\(.{1,16}\))?$|^公开指南$",
        word: r"指南",
        not: r"通知|解读|申请(?:公开)?指南|编制指南",
        columns: &["信息公开指南", "政务公开指南", "公开指南"],
        labels: &["公开内容", "公开形式", "公开时限", "受理机构", "申请方式", "监督方式"],
    },
    Form {
        kind: DocumentKind::ProposalReply,
        title: r"提案[^,。]{0,40}(?:答复|复函|回复|会办意见|协办意见|办理意见)(?:函|意见|的函)?(?:\([^)]{1,30}\))?$|(?:人大|代表|政协|委员|第?[\da-z]{1,8}号)[^,。]{0,60}(?:建议|提案|议案)[^,。]{0,60}(?:答复|复函|回复|会办意见|协办意见|办理意见)(?:函|意见|的函)?(?:\([^)]{1,30}\))?$",
        word: r"(?:答复|复函|回复|会办意见|协办意见|办理结果)|^关于.{2,80}(?:建议|提案)$",
        not: r"办法|制度|通知|推进会|工作会|座谈|解读|征求|情况报告|总结|总体情况|办理工作情况",
        columns: &[
            "建议提案",
            "提案建议",
            "人大建议",
            "政协提案",
            "代表建议",
            "委员提案",
            "人大代表",
            "政协委员",
            "议案提案",
            "提案办理",
            "提案议案",
        ],
        labels: &["提案号", "建议号", "提案人", "领衔代表", "承办单位", "案号"],
    },
    Form {
        kind: DocumentKind::FinalAccounts,
        title: r"20\d\d年?(?:度|年)?[^,。]{0,24}决算(?:公开|信息|说明|情况|报表|报告|表|草案|编制说明|公开报告|公开说明|公开表|公开情况|情况说明|信息公开|公开信息|及说明|和说明|公示)*(?:\([^)]{1,20}\))?$",
        word: r"决算",
        not: r"通知|解读|办法|制度|竣工|结算|审计|培训|会议|批复的请示|竣工财务|采购",
        columns: &["决算"],
        labels: &["收入支出决算总表", "财政拨款收入支出决算总表", "支出决算表", "收入决算表"],
    },
    Form {
        kind: DocumentKind::Budget,
        title: r"20\d\d年?(?:度|年)?[^,。]{0,24}预算(?:公开|信息|说明|情况|报表|报告|表|草案|编制说明|公开报告|公开说明|公开表|公开情况|情况说明|信息公开|公开信息|及说明|和说明|公示)*(?:\([^)]{1,20}\))?$",
        word: r"预算",
        not: r"通知|解读|办法|制度|采购|绩效|工程预算|培训|会议|执行情况|调整|决算|概算",
        columns: &["预算", "预决算"],
        labels: &["部门收支总表", "部门收入总表", "部门支出总表", "财政拨款收支总表"],
    },
    Form {
        kind: DocumentKind::Procurement,
        title: r"(?:采购|招标|中标|成交|磋商|谈判|询价|单一来源|比选|流标|废标|开标|竞价|遴选)[^,。]{0,16}(?:公告|公示|公告书|结果|邀请|邀请函|通知书|更正|意向|合同)(?:\([^)]{1,24}\))?$|采购意向(?:公开)?|采购合同(?:公告|公示)?$",
        word: r"采购|招标|中标|成交|磋商|谈判|询价|比选|遴选",
        not: r"办法|制度|规定|政策|解读|培训|目录及标准|处罚|投诉处理|监督检查|意见",
        columns: &["采购", "招标", "招投标"],
        labels: &[
            "项目编号",
            "采购方式",
            "预算金额",
            "最高限价",
            "采购人信息",
            "中标供应商",
            "供应商名称",
            "采购需求",
            "中标金额",
            "成交金额",
            "评审专家",
        ],
    },
    Form {
        kind: DocumentKind::Recruitment,
        title: r"(?:招聘|招录|招考|考录|公开选调|公开遴选|拟录用|拟聘用?|拟录聘|录用人员|辅警招|招收录用|资格复审|面试成绩|笔试成绩|考试成绩|体检人员|入围体检|递补)[^,。]{0,40}(?:公告|公示|通告|简章|启事|名单|计划|岗位|职位表|成绩|须知|结果|安排|通知|事宜|方案|说明|一览表|递补)(?:\([^)]{1,20}\))?$|(?:公告|公示|名单|通知|简章)[^,。]{0,4}(?:招聘|招录)",
        word: r"招聘|招录|录用|聘用|考试|笔试|面试|体检|考察|递补|职位|岗位",
        not: r"采购|招标|志愿者|解读|办法|企业用工|处罚|市场主体|培训|招聘会|供应商",
        columns: &["招录", "招聘", "招考", "录用", "考录"],
        labels: &["报考条件", "招聘条件", "招聘岗位", "报名时间", "报名方式", "岗位条件", "招聘人数", "招聘计划"],
    },
    Form {
        kind: DocumentKind::Penalty,
        title: r"处罚决定书|^行政处罚决定|行政处罚(?:决定|信息|案件|结果|案件信息|决定信息|双公示)*(?:公示|公开|公告)(?:表|书|栏)?(?:\([^)]{1,30}\))?\d{0,8}$|^(?:某|.{2,30})(?:案|一案)行政处罚(?:决定书?|信息公开表|公示)",
        word: r"处罚|案$|罚款|罚字|罚决|[〔\[(]20\d\d[〕\])]\d+号",
        not: GENERAL,
        columns: &["行政处罚", "处罚公示", "处罚结果", "处罚信息", "处罚决定"],
        labels: &[
            "处罚决定书文号",
            "行政处罚决定书文号",
            "处罚事由",
            "处罚依据",
            "处罚结果",
            "处罚种类",
            "处罚类别",
            "处罚机关",
            "违法事实",
            "违法行为类型",
            "处罚内容",
            "处罚决定日期",
            "处罚名称",
        ],
    },
    Form {
        kind: DocumentKind::Permit,
        title: r"许可决定书|准予(?:行政)?许可|行政许可(?:决定|信息|结果|审批|双公示)*(?:公示|公开|公告)(?:表|书|栏)?(?:\([^)]{1,30}\))?\d{0,8}$|行政审批(?:决定|结果|信息)*(?:公示|公告)(?:表)?(?:\([^)]{1,30}\))?$",
        word: r"许可|审批|批复|核准|准予",
        not: GENERAL,
        columns: &["行政许可", "许可公示", "许可信息", "许可结果", "许可决定"],
        labels: &[
            "许可决定书文号",
            "行政许可决定书文号",
            "许可内容",
            "许可机关",
            "许可证书名称",
            "许可编号",
            "审批类别",
            "许可决定日期",
            "行政许可决定文书号",
            "有效期自",
        ],
    },
    Form {
        kind: DocumentKind::Inspection,
        title: r"(?:双随机|随机抽查|行政检查|执法检查|监督检查|监督抽查|专项检查|抽检)[^,。]{0,24}(?:结果|公示|公示表|公告|情况|情况通报|通报|信息|检查对象名单)(?:\([^)]{1,24}\))?\d{0,8}$",
        word: r"检查|抽查|双随机|抽检",
        not: r"办法|制度|规定|细则|解读|会议|培训|清单|事项|实施方案|工作方案|计划|指引|总结|督导|规范|汇报|落实情况",
        columns: &["双随机", "行政检查", "随机抽查", "抽查结果", "检查结果", "执法检查"],
        labels: &["检查对象", "检查时间", "检查结果", "抽查事项", "检查内容", "检查人员", "抽查结果"],
    },
    Form {
        kind: DocumentKind::Fee,
        title: r"收费(?:项目)?(?:及标准|和标准)?(?:目录清单|目录|清单|公示表|公示栏|公示|项目表|标准表|一览表)(?:\([^)]{1,20}\))?$|行政事业性收费(?:项目|标准|情况)?(?:公示|一览表|清单|目录)?(?:\([^)]{1,20}\))?$",
        word: r"收费|无收费|不收费",
        not: r"关于.*(?:通知|意见|函|公告|批复|办法|规定)|解读|高速|通行费|停车",
        columns: &["收费"],
        labels: &["收费项目", "收费标准", "收费依据", "收费文件", "执收单位", "资金管理方式"],
    },
    Form {
        kind: DocumentKind::EmergencyPlan,
        title: r"应急(?:处置|救援|响应|保障)?预案(?:\([^)]{1,20}\))?$|关于(?:印发|发布|修订|公布).*应急(?:处置|救援|响应|保障)?预案.{0,16}的?(?:通知|公告)(?:\([^)]{1,20}\))?$",
        word: r"预案",
        not: r"解读|演练|培训|评审|征求|编制指南|管理办法|修编|会议|启动|宣传",
        columns: &["应急预案", "预案"],
        labels: &["编制目的", "编制依据", "适用范围", "工作原则", "组织指挥体系", "应急响应", "应急保障", "后期处置"],
    },
    Form {
        kind: DocumentKind::LeaderProfile,
        title: r"(?:同志|局长|主任|书记|县长|区长|市长)?(?:个人)?(?:简历|工作简历|工作分工)$",
        word: r"^\p{Han}{1,2}[·•]?\p{Han}{1,3}$|^\p{Han}{2,4}(?:同志|简历)$|(?:局长|主任|书记|队长|政委|主席|委员|组长|支队长|总队长|县长|区长|市长|镇长|乡长)[::,]?\p{Han}{2,4}$|^\p{Han}{2,4}[\s,(:]?.{0,12}(?:局长|主任|书记|队长|政委|组长|委员|县长|区长|市长)\)?$|领导(?:信息|介绍|简介|班子|成员|分工|之窗)?$",
        not: r"调研|会见|讲话|出席|主持|召开|走访|慰问|检查|督导|活动|任免|任前|通知|会议",
        columns: &[
            "领导信息",
            "领导介绍",
            "领导之窗",
            "领导简介",
            "领导班子",
            "领导成员",
            "局领导",
            "领导分工",
            "负责人信息",
            "领导简历",
            "单位领导",
            "机构领导",
            "部门领导",
            "县领导",
            "政府领导",
            "领导名录",
        ],
        labels: &[
            "姓名",
            "职务",
            "工作分工",
            "分管工作",
            "工作简历",
            "个人简历",
            "简历",
            "出生年月",
            "学历",
            "籍贯",
            "民族",
            "政治面貌",
            "主要职责",
        ],
    },
    Form {
        kind: DocumentKind::Institution,
        title: r"^(?:.{0,24})?(?:机构职能|机关职能|部门职能|主要职能|主要职责|机构职责|单位职能|机构简介|单位简介|机构设置|内设机构|内设科室|内设处室|职能配置|部门职责|机构概况|单位概况|机关简介|机构信息|机构设置及职能|职责及内设机构|内设机构及职责|内设机构和人员编制规定)$",
        word: r"职能|职责|简介|概况|机构|科$|处$|室$|股$|队$|所$|中心$|局$|支部$|科室",
        not: r"通知|意见|会议|改革|调整|公告|公示|召开|解读|预案|指南|清单",
        columns: &[
            "机构职能",
            "机关职能",
            "部门职能",
            "主要职能",
            "主要职责",
            "机构职责",
            "机构概况",
            "机构设置",
            "机构简介",
            "内设机构",
            "内设科室",
            "内设处室",
            "机构信息",
            "组织机构",
            "直属单位",
            "下属单位",
            "单位职能",
            "单位概况",
        ],
        labels: &[
            "主要职责",
            "工作职责",
            "办公地址",
            "办公时间",
            "联系电话",
            "联系方式",
            "负责人",
            "通讯地址",
            "邮政编码",
            "传真",
            "内设机构",
            "机构名称",
            "单位名称",
        ],
    },
    Form {
        kind: DocumentKind::ServiceGuide,
        title: r"(?:办事|服务|办理|审批|申办|受理)指南(?:\([^)]{1,20}\))?$|(?:办事|办理)流程(?:图)?$",
        word: r"指南|办理|申请|登记|审批|核发|备案|许可|认定|补领|换领|变更|注销|给付|确认|须知|流程|证",
        not: r"通知|编制|编写|解读|公告|公示|会议|召开|报考|名单|处罚|开展|信息公开|依申请|公开指南",
        columns: &["办事指南", "服务指南", "办事服务", "办事指引", "服务事项"],
        labels: &[
            "事项名称",
            "设定依据",
            "法定依据",
            "实施依据",
            "办理依据",
            "申请条件",
            "受理条件",
            "办理条件",
            "申请材料",
            "办理材料",
            "申报材料",
            "所需材料",
            "办理流程",
            "办理程序",
            "办理时限",
            "法定办结时限",
            "承诺办结时限",
            "法定时限",
            "承诺时限",
            "办理地点",
            "收费标准",
            "收费依据",
            "办理时间",
            "咨询电话",
            "咨询方式",
            "监督投诉",
            "服务对象",
            "办件类型",
            "实施主体",
            "受理机构",
        ],
    },
    Form {
        kind: DocumentKind::Letter,
        title: r"^(?:来信|信件|留言|咨询)(?:内容|详情|查看|详细)$",
        word: r".",
        not: r"公告|通知|须知|使用说明|统计|情况通报",
        columns: &["信箱", "留言", "咨询", "来信", "写信", "民生热线", "网上信访", "我要咨询", "信件"],
        labels: &[
            "来信时间",
            "写信时间",
            "提交时间",
            "留言时间",
            "咨询时间",
            "信件编号",
            "来信编号",
            "信件标题",
            "来信标题",
            "留言标题",
            "来信内容",
            "信件内容",
            "留言内容",
            "咨询内容",
            "回复时间",
            "答复时间",
            "办结时间",
            "回复内容",
            "答复内容",
            "办理结果",
            "回复单位",
            "答复单位",
            "受理单位",
            "办理单位",
            "办理状态",
            "信件类型",
            "来信人",
            "写信人",
            "留言人",
            "处理状态",
        ],
    },
    Form {
        kind: DocumentKind::Plan,
        title: r"20\d\d(?:[-—~至]20\d\d)?年(?:度|上半年|下半年|全年|第?[一二三四1-4]季度)?[^,。]{0,30}(?:工作计划|工作总结|工作要点|工作安排|年度计划|总结和20\d\d年[^,。]{0,12}(?:计划|安排|打算))(?:\([^)]{1,20}\))?$|[“\x22]?十[一二三四五六]五[”\x22]?[^,。]{0,30}(?:规划|规划纲要|实施方案)(?:\([^)]{1,20}\))?$",
        word: r"规划|计划|总结|要点|打算|安排|任务分解",
        not: r"解读|规划局|征求|培训计划|招生|招聘|采购|抽查|检查计划|会议|召开|评估|许可|处罚|公示|方案的批复|通知书|审批",
        columns: &[
            "规划计划",
            "发展规划",
            "规划信息",
            "工作计划",
            "工作总结",
            "规划总结",
            "计划总结",
            "专项规划",
            "年度计划",
            "总结计划",
        ],
        labels: &[],
    },
];

struct Compiled {
    form: &'static Form,
    title: Pattern,
    word: Pattern,
    not: Pattern,
}

static COMPILED: LazyLock<Vec<Compiled>> = LazyLock::new(|| {
    // A test asks that all of them compile.
    let compile = |form: &'static Form| {
        Some(Compiled { form, title: Pattern::new(form.title)?, word: Pattern::new(form.word)?, not: Pattern::new(form.not)? })
    };
    FORMS.iter().filter_map(compile).collect()
});

/// Columns of news report on these matters and hold none of them.
const NEWS: [&str; 8] = ["动态", "要闻", "新闻", "快讯", "资讯", "简讯", "领导活动", "工作部署"];

/// The first kind that is sure, else the first that is likely.
pub(super) fn read(w: &Weighing<'_>, standing: bool) -> Option<(DocumentKind, bool, Vec<String>)> {
    let mut likely = None;
    for compiled in COMPILED.iter() {
        let form = compiled.form;
        // A column that is a text of its own, without a list, is one of the standing disclosures.
        if standing && !is_standing(form.kind) {
            continue;
        }
        let Some((sure, evidence)) = weigh(w, compiled, standing) else { continue };
        if sure {
            return Some((form.kind, true, evidence));
        }
        likely = likely.or(Some((form.kind, false, evidence)));
    }
    likely
}

fn is_standing(kind: DocumentKind) -> bool {
    use DocumentKind::{DisclosureGuide, Institution, LeaderProfile, ServiceGuide, SiteStatement};
    matches!(kind, Institution | LeaderProfile | DisclosureGuide | SiteStatement | ServiceGuide)
}

fn weigh(w: &Weighing<'_>, compiled: &Compiled, standing: bool) -> Option<(bool, Vec<String>)> {
    let form = compiled.form;
    let column = w.path_has(form.columns);
    let labels = w.labels_among(form.labels);
    let said = compiled.title.find(&w.title).map(|m| format!("title: {}", m.as_str()));
    // Most forms are ruled out here, by one pattern.
    if said.is_none() && column.is_none() && labels.len() < needed(form.kind) {
        return None;
    }
    if compiled.not.is_match(&w.title) || w.path.iter().any(|p| NEWS.iter().any(|n| p.contains(n))) {
        return None;
    }
    let word = compiled.word.find(&w.title).map(|m| format!("title: {}", m.as_str()));
    let shown = (!labels.is_empty()).then(|| format!("labels: {}", labels.join("、")));
    // A column of guides is called so as well: its text has to be one.
    if standing && form.kind == DocumentKind::ServiceGuide && labels.len() < 3 {
        return None;
    }
    // Letters say next to nothing in their titles: their text has to.
    let worded = word.is_some() && form.kind != DocumentKind::Letter;
    let sure = said.is_some() || (column.is_some() && (worded || labels.len() >= 2)) || labels.len() >= needed(form.kind);
    if !sure && column.is_none() {
        return None;
    }
    Some((sure, [said.or(word.filter(|_| worded)), column, shown].into_iter().flatten().collect()))
}

/// Labels that say it without the column or the title. An office's address and a person's name stand in many texts.
fn needed(kind: DocumentKind) -> usize {
    match kind {
        DocumentKind::Institution | DocumentKind::LeaderProfile | DocumentKind::DisclosureGuide | DocumentKind::Plan => {
            usize::MAX
        }
        DocumentKind::Recruitment | DocumentKind::Inspection | DocumentKind::Fee | DocumentKind::Procurement => usize::MAX,
        DocumentKind::ProposalReply | DocumentKind::EmergencyPlan => usize::MAX,
        DocumentKind::ServiceGuide => 5,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(COMPILED.len(), FORMS.len());
    }
}
