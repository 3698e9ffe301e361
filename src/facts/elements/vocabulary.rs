//! Labels, words and forms of each element.

use super::Element;
use crate::text::fold;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Labels by element, as they stand on real pages.
const LABELS: [(Element, &[&str]); 19] = [
    (
        Element::ItemName,
        &[
            "事项名称",
            "项目名称",
            "办理事项",
            "服务事项",
            "办事项目",
            "业务名称",
            "事项",
            "服务名称",
            "许可事项",
            "审批事项",
            "实施事项名称",
            "主项名称",
            "子项名称",
            "办事事项",
            "办理项目",
        ],
    ),
    (
        Element::Basis,
        &[
            "设定依据",
            "办理依据",
            "法律依据",
            "法定依据",
            "政策依据",
            "实施依据",
            "审批依据",
            "许可依据",
            "办事依据",
            "依据",
            "受理依据",
            "服务依据",
            "事项依据",
            "法规依据",
            "执法依据",
            "办理政策依据",
            "设立依据",
        ],
    ),
    (
        Element::Conditions,
        &[
            "申请条件",
            "受理条件",
            "办理条件",
            "申报条件",
            "审批条件",
            "许可条件",
            "条件",
            "办事条件",
            "准予条件",
            "申请人条件",
            "办理对象",
            "申请对象",
            "服务对象",
            "适用对象",
            "适用范围",
            "受理范围",
            "受理对象",
            "申办条件",
            "予以批准的条件",
            "办理范围",
        ],
    ),
    (
        Element::Materials,
        &[
            "办理材料",
            "申请材料",
            "申报材料",
            "所需材料",
            "提交材料",
            "材料清单",
            "办事材料",
            "材料目录",
            "申请资料",
            "所需资料",
            "应提交材料",
            "提交资料",
            "办理资料",
            "需提交材料",
            "材料",
            "申报资料",
            "办理所需材料",
            "需要材料",
            "报送材料",
            "应备材料",
            "所需要件",
            "申请所需材料",
            "申请材料目录",
            "申请材料清单",
            "应提交的材料",
            "需提供材料",
            "需提交的材料",
            "所需提交材料",
            "办理要件",
            "受理材料",
            "申请需提交材料",
            "办理需要材料",
        ],
    ),
    (
        Element::Process,
        &[
            "办理流程",
            "办理程序",
            "办事流程",
            "办事程序",
            "审批流程",
            "审批程序",
            "流程图",
            "办理流程图",
            "工作流程",
            "受理流程",
            "申请流程",
            "申请程序",
            "服务流程",
            "流程",
            "程序",
            "办理步骤",
            "许可程序",
            "处理流程",
            "申办流程",
            "办理环节",
            "申请处理流程",
            "业务流程",
            "申请办理流程",
            "申请的提出",
            "申请步骤",
            "提出申请",
            "办理过程",
        ],
    ),
    (
        Element::Fee,
        &[
            "收费标准",
            "是否收费",
            "收费依据",
            "收费情况",
            "收费",
            "费用",
            "收费项目",
            "办理费用",
            "收费信息",
            "收费依据和标准",
            "收费标准和依据",
        ],
    ),
    (
        Element::TimeLimit,
        &[
            "办理时限",
            "承诺时限",
            "法定时限",
            "办理期限",
            "法定办结时限",
            "承诺办结时限",
            "办结时限",
            "时限",
            "审批时限",
            "办理时效",
            "承诺期限",
            "法定期限",
            "受理时限",
            "办理时间限制",
            "承诺办理时限",
            "答复期限",
            "答复时限",
        ],
    ),
    (
        Element::BodyName,
        &[
            "机构名称",
            "单位名称",
            "受理机构",
            "公开机构",
            "工作机构",
            "公开工作机构",
            "政府信息公开工作机构",
            "受理机构名称",
            "名称",
            "机关名称",
            "信息公开机构",
            "申请受理机构",
            "公开部门",
            "主管机构",
            "受理部门",
            "信息公开工作机构",
            "负责机构",
            "受理单位",
            "承办机构",
            "政府信息公开机构",
            "工作部门",
            "政府信息公开受理机构",
            "机构全称",
            "单位全称",
        ],
    ),
    (
        Element::Address,
        &[
            "办理地点",
            "办公地址",
            "办理地址",
            "受理地点",
            "受理地址",
            "办事地点",
            "办公地点",
            "联系地址",
            "地址",
            "通讯地址",
            "通信地址",
            "办理窗口",
            "受理窗口",
            "办理场所",
            "单位地址",
            "详细地址",
            "邮寄地址",
            "办公场所",
            "地点",
            "机构地址",
            "办事窗口",
            "窗口地址",
            "办事地址",
            "现场办理地点",
            "受理场所",
        ],
    ),
    (
        Element::Hours,
        &[
            "办理时间",
            "办公时间",
            "受理时间",
            "工作时间",
            "服务时间",
            "上班时间",
            "办事时间",
            "对外办公时间",
            "接待时间",
            "作息时间",
            "对外服务时间",
            "接访时间",
        ],
    ),
    (
        Element::Phone,
        &[
            "联系电话",
            "咨询电话",
            "办公电话",
            "咨询方式",
            "联系方式",
            "电话",
            "服务电话",
            "受理电话",
            "咨询联系电话",
            "电话号码",
            "联系人及电话",
            "咨询监督电话",
            "固定电话",
            "值班电话",
            "联系电话号码",
            "咨询途径",
            "咨询渠道",
            "公开电话",
            "办事电话",
            "电话及传真",
            "咨询及监督电话",
            "对外联系电话",
        ],
    ),
    (Element::Fax, &["传真", "传真号码", "传真电话", "传真号", "联系传真", "电话传真"]),
    (
        Element::Internet,
        &[
            "电子邮箱",
            "邮箱",
            "电子邮件",
            "e-mail",
            "email",
            "网址",
            "互联网联系方式",
            "互联网地址",
            "网站地址",
            "网站",
            "邮箱地址",
            "电子信箱",
            "官方网站",
            "网站网址",
            "电子邮箱地址",
            "电子邮件地址",
            "联系邮箱",
            "互联网申请",
            "网上申请",
            "门户网站",
            "互联网",
        ],
    ),
    (
        Element::Categories,
        &[
            "信息分类",
            "公开分类",
            "分类",
            "政府信息的分类",
            "政府信息分类",
            "信息的分类",
            "公开范围",
            "主动公开范围",
            "公开内容",
            "主动公开内容",
            "公开信息分类",
            "信息分类和编排体系",
            "公开的范围",
            "主动公开的范围",
            "主动公开信息的范围",
            "公开的内容",
            "信息类别",
            "公开信息的分类",
            "主动公开政府信息的范围",
        ],
    ),
    (
        Element::Arrangement,
        &[
            "编排体系",
            "信息编排",
            "编排",
            "政府信息的编排体系",
            "信息编排体系",
            "编排方式",
            "编排说明",
            "信息分类和编排体系",
            "信息编排说明",
            "编码规则",
            "索引号",
            "目录编排",
            "信息的编排体系",
            "政府信息分类和编排体系",
        ],
    ),
    (
        Element::Obtaining,
        &[
            "获取方式",
            "获取途径",
            "公开形式",
            "公开方式",
            "公开途径",
            "查阅方式",
            "获取政府信息的方式",
            "获取",
            "公开渠道",
            "信息获取方式",
            "查询方式",
            "查阅场所",
            "公开的形式",
            "公开的方式",
            "主动公开形式",
            "主动公开的形式",
            "主动公开方式",
            "获取形式",
            "信息获取途径",
            "主动公开途径",
        ],
    ),
    (
        Element::Functions,
        &[
            "主要职责",
            "机构职能",
            "主要职能",
            "工作职责",
            "职责",
            "部门职责",
            "职能",
            "单位职责",
            "职能职责",
            "机关职能",
            "主要工作职责",
            "机构职责",
            "工作职能",
            "职责范围",
            "部门职能",
            "主要职责任务",
            "职能配置",
            "单位职能",
        ],
    ),
    (
        Element::Structure,
        &[
            "内设机构",
            "机构设置",
            "内设科室",
            "科室设置",
            "下设机构",
            "内设机构及职责",
            "组织机构",
            "内设机构和职责",
            "机构情况",
            "内设处室",
            "处室设置",
            "科室职责",
        ],
    ),
    (
        Element::Head,
        &[
            "负责人",
            "主要负责人",
            "负责人姓名",
            "单位负责人",
            "机构负责人",
            "局长",
            "主任",
            "主要领导",
            "领导班子",
            "领导成员",
            "法定代表人",
            "单位领导",
            "现任领导",
            "局领导",
            "领导信息",
            "领导介绍",
            "党组书记局长",
            "书记",
            "分管领导",
            "领导姓名",
            "厅长",
            "支队长",
        ],
    ),
];

/// Words that speak of an element without being its label: while one occurs, nobody says that it is missing.
const HINTS: [(Element, &[&str]); 19] = [
    (Element::ItemName, &[]),
    (Element::Basis, &["依据", "根据", "按照", "《", "条例", "规定", "办法"]),
    (Element::Conditions, &["条件", "对象", "符合", "凡", "适用", "年满", "具有", "范围"]),
    (
        Element::Materials,
        &[
            "材料",
            "资料",
            "证件",
            "证明",
            "身份证",
            "申请表",
            "申请书",
            "户口簿",
            "户口本",
            "原件",
            "复印件",
            "凭",
            "持本人",
            "持有",
            "携带",
            "提交",
            "提供",
            "要件",
            "附件",
        ],
    ),
    (
        Element::Process,
        &["流程", "程序", "步骤", "环节", "受理", "审核", "审批", "办结", "受理后", "提交", "办理方法", "登录", "点击"],
    ),
    (Element::Fee, &["收费", "费用", "免费", "工本费", "元/", "缴费", "费"]),
    (Element::TimeLimit, &["时限", "期限", "工作日", "日内", "天内", "即时", "当场", "即办", "当日"]),
    (Element::BodyName, &["机构", "办公室", "机关", "部门", "科", "局", "中心", "委"]),
    (
        Element::Address,
        &["地址", "地点", "窗口", "大厅", "号楼", "大道", "号院", "一楼", "二楼", "三楼", "服务中心", "派出所", "来人", "当面"],
    ),
    (Element::Hours, &["时间", "工作日", "上午", "下午", "周一", "星期", "节假日", "时至", "每周", "小时", "上班"]),
    (Element::Phone, &["电话", "热线", "12345", "联系方式", "手机", "拨打", "来电"]),
    (Element::Fax, &["传真"]),
    (Element::Internet, &["网站", "网址", "邮箱", "邮件", "互联网", "网上", "在线", "微信", "公众号", "平台", "@", "www."]),
    (Element::Categories, &["分类", "类别", "范围", "公开内容", "包括以下", "以下信息", "公开的信息", "主动公开"]),
    (Element::Arrangement, &["编排", "体系", "目录", "编码", "排序", "索引"]),
    (Element::Obtaining, &["获取", "查阅", "查询", "公开形式", "公开方式", "途径", "渠道", "网站", "公报", "检索"]),
    (Element::Functions, &["职责", "职能", "负责", "承担", "主管", "贯彻"]),
    (Element::Structure, &["内设", "机构设置", "科室", "处室", "下设", "直属", "设有"]),
    (
        Element::Head,
        &[
            "负责人",
            "局长",
            "主任",
            "书记",
            "领导",
            "主持",
            "厅长",
            "处长",
            "科长",
            "站长",
            "院长",
            "队长",
            "县长",
            "市长",
            "区长",
            "部长",
            "姓名",
        ],
    ),
];

static OF_LABEL: LazyLock<HashMap<String, Vec<Element>>> = LazyLock::new(|| {
    let mut of: HashMap<String, Vec<Element>> = HashMap::new();
    for (element, labels) in LABELS {
        for label in labels {
            of.entry(fold(label)).or_default().push(element);
        }
    }
    of
});

/// Longest label, in characters.
pub(super) static LONGEST: LazyLock<usize> =
    LazyLock::new(|| OF_LABEL.keys().map(|label| label.chars().count()).max().unwrap_or_default());

/// The elements of a folded label, exactly.
pub(super) fn exactly(label: &str) -> &'static [Element] {
    OF_LABEL.get(label).map_or(&[], Vec::as_slice)
}

/// Endings that leave a heading what it is.
const TAILS: [&str; 19] = [
    "如下",
    "目录",
    "清单",
    "图",
    "说明",
    "要求",
    "信息",
    "一览表",
    "情况",
    "表",
    "简介",
    "介绍",
    "及要求",
    "和要求",
    "明细",
    "下载",
    "示意图",
    "规定",
    "标准",
];

/// The elements of a heading: its name, with or without an ending, or several names joined (办理时间和地点).
pub(super) fn heading(folded: &str) -> Vec<Element> {
    let whole = named(folded);
    if !whole.is_empty() {
        return whole.to_vec();
    }
    let parts: Vec<&str> = folded.split(['和', '及', '与', '、', '/', ',']).filter(|p| !p.is_empty()).collect();
    if !(2..=4).contains(&parts.len()) {
        return Vec::new();
    }
    let first: String = parts[0].chars().take(2).collect();
    let mut found = Vec::new();
    for part in &parts {
        // 办理时间和地点 is 办理时间 and 办理地点.
        let joined = format!("{first}{part}");
        let of = [named(part), named(&joined)].into_iter().find(|e| !e.is_empty());
        found.extend_from_slice(of.unwrap_or_default());
    }
    found
}

fn named(folded: &str) -> &'static [Element] {
    let own = exactly(folded);
    if !own.is_empty() {
        return own;
    }
    TAILS.iter().filter_map(|tail| folded.strip_suffix(tail)).map(exactly).find(|e| !e.is_empty()).unwrap_or_default()
}

static TELEPHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\d])(?:\(?0\d{2,3}\)?[-—–－ ]{0,2}\d{7,8}|1[3-9]\d{9}|400[-— ]?\d{3}[-— ]?\d{4}|12345|110)(?:[^\d]|$)")
        .ok()
});
static BARE_TELEPHONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"电\s*话[^\d。；]{0,12}\d{7,8}(?:[^\d]|$)").ok());
static FAX: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"传\s*真[^\d。；邮电]{0,12}\(?\d[\d\-—－ ()]{5,}").ok());
static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9_.\-]{2,}(?:@|＠|\(at\)|#)[A-Za-z0-9\-]+\.[A-Za-z]{2,}|https?://|www\.[a-z0-9]|\.gov\.cn").ok()
});
static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\d{1,2}\s*[:：时点]\s*\d{0,2}\s*分?\s*[-—–－~至到]{1,2}\s*(?:下午|上午|次日)?\s*\d{1,2}\s*[:：时点]").ok()
});
static PLACE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\p{Han}(?:路|街|道|巷|大道|大街)\p{Han}{0,6}\s*\d+\s*号").ok());

/// Does the text show the element by its form, label or no label?
pub(super) fn shown(element: Element, text: &str) -> bool {
    let patterns: &[&LazyLock<Option<Regex>>] = match element {
        Element::Phone => &[&TELEPHONE, &BARE_TELEPHONE],
        Element::Fax => &[&FAX],
        Element::Internet => &[&MAIL],
        Element::Hours => &[&CLOCK],
        Element::Address => &[&PLACE],
        _ => &[],
    };
    patterns.iter().any(|p| p.as_ref().is_some_and(|p| p.is_match(text)))
}

/// Does the text have words of the element?
pub(super) fn hinted(element: Element, text: &str) -> bool {
    let own = LABELS.iter().filter(|(e, _)| *e == element).flat_map(|(_, l)| l.iter());
    let more = HINTS.iter().filter(|(e, _)| *e == element).flat_map(|(_, l)| l.iter());
    own.chain(more).any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings() {
        for (text, expected) in [
            ("设定依据", vec![Element::Basis]),
            ("申请材料清单", vec![Element::Materials]),
            ("办理流程图", vec![Element::Process]),
            ("办理时间和地点", vec![Element::Hours, Element::Address]),
            ("办公地址、电话", vec![Element::Address, Element::Phone]),
            ("常见问题", vec![]),
            ("我局依据法律办事", vec![]),
        ] {
            assert_eq!(heading(text), expected, "{text}");
        }
    }

    #[test]
    fn forms() {
        for (element, text, expected) in [
            (Element::Phone, "请拨打0752-2808111。", true),
            (Element::Phone, "电话：2808111", true),
            (Element::Phone, "共计20210305号", false),
            (Element::Fax, "传真：0752—2808111", true),
            (Element::Fax, "通过传真方式提交", false),
            (Element::Internet, "xxgk@a.gov.cn", true),
            (Element::Hours, "上午9:00—12:00", true),
            (Element::Hours, "2026年3月2日", false),
            (Element::Address, "某市市民大道10号", true),
            (Element::Address, "国办发10号", false),
        ] {
            assert_eq!(shown(element, text), expected, "{text}");
        }
    }
}
