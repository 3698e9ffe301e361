//! Words of invented places, bodies and works. None of them is meant to be anywhere.

use super::random::Random;
use crate::facts::identifiers::{credit_check, organisation_check};

/// Names of places: two characters each, put before 县, 区 or 市.
pub const PLACES: [&str; 40] = [
    "云栖",
    "青崖",
    "临澹",
    "沅浦",
    "澄川",
    "苍屿",
    "兰汀",
    "渌口南",
    "白鹿原",
    "清渚",
    "松涧",
    "碧湖",
    "石桥头",
    "枫林",
    "柳溪",
    "南岭",
    "北屏",
    "东皋",
    "西陵湾",
    "锦川",
    "明塘",
    "永泉",
    "安澜",
    "和畈",
    "长汀北",
    "玉屏湾",
    "金穗",
    "银杏",
    "桃源口",
    "梅坞",
    "竹林",
    "荷塘",
    "芦洲",
    "鹤鸣",
    "凤池",
    "龙泉湾",
    "麓园",
    "溪口",
    "塘栖南",
    "霞浦湾",
];

/// Works that notices are about.
pub const WORKS: [&str; 24] = [
    "安全生产专项整治",
    "基层治理能力提升",
    "档案管理规范化",
    "法治宣传教育",
    "政务服务便民化",
    "窗口服务规范",
    "应急值守",
    "信息化建设",
    "业务培训",
    "节能降耗",
    "志愿服务",
    "防汛抗旱准备",
    "森林防灭火",
    "消防安全检查",
    "矛盾纠纷排查化解",
    "营商环境优化",
    "文明创建",
    "统计调查",
    "财务管理规范",
    "队伍作风建设",
    "公共设施养护",
    "道路交通安全整治",
    "夏季治安打击整治",
    "反诈宣传",
];

/// What normative documents govern: the n-th of a site is the same wherever it is asked for.
pub const RULES: [&str; 28] = [
    "养犬管理办法",
    "城市停车管理规定",
    "电动自行车通行管理办法",
    "物业服务监督管理办法",
    "户外广告设置管理规定",
    "烟花爆竹燃放管理规定",
    "公共视频图像采集管理办法",
    "餐厨垃圾收运管理办法",
    "地下空间使用管理规定",
    "房屋租赁登记管理办法",
    "犬类免疫登记实施细则",
    "建筑垃圾处置管理规定",
    "临时救助实施细则",
    "既有住宅加装电梯管理办法",
    "旅馆业治安管理实施细则",
    "无人机飞行管理暂行办法",
    "公共租赁住房分配管理办法",
    "学校周边交通管理规定",
    "大型群众性活动管理办法",
    "共享单车停放管理办法",
    "农村自建房安全管理办法",
    "警报设施维护管理规定",
    "人员掩蔽工程使用管理办法",
    "旧货交易治安管理办法",
    "货运车辆限行管理规定",
    "防空警报试鸣管理办法",
    "居民小区充电设施管理办法",
    "公益性岗位管理办法",
];

/// What news is about.
pub const EVENTS: [&str; 16] = [
    "召开工作推进会",
    "组织开展业务培训",
    "开展走访慰问活动",
    "举办集中宣传活动",
    "深入基层开展调研",
    "部署重点工作任务",
    "开展联合检查",
    "组织应急演练",
    "召开座谈会听取意见",
    "完成年度任务",
    "开展入户宣传",
    "推进项目建设",
    "开展志愿服务",
    "组织知识竞赛",
    "召开专题学习会",
    "开展夜间巡查",
];

/// Sentences of ordinary reports; each says something of its own so that pages are not alike.
pub const SENTENCES: [&str; 28] = [
    "会议要求，各科室要对照任务清单，逐项明确责任人和完成时限。",
    "活动现场共发放宣传资料三百余份，接受群众咨询八十余人次。",
    "工作组先后走访四个乡镇、十二个村，听取了群众的意见建议。",
    "下一步，将继续完善工作机制，确保各项措施落到实处。",
    "参训人员就日常工作中遇到的疑难问题进行了深入交流。",
    "截至目前，已完成全年任务的百分之六十二，进度快于去年同期。",
    "有关负责人介绍了近期工作进展，并回答了现场提问。",
    "各单位要加强协调配合，及时报送工作进展和存在的困难。",
    "检查人员现场指出问题五处，要求责任单位限期整改到位。",
    "通过案例讲解和现场演示，增强了群众的安全防范意识。",
    "要把群众满意作为工作的出发点和落脚点，切实提高服务质量。",
    "项目建成后，将进一步改善周边居民的出行条件。",
    "演练按照预案分三个阶段进行，历时一个半小时。",
    "会上通报了上一阶段工作情况，分析了当前面临的形势。",
    "与会人员一致表示，将以此次会议为契机，扎实推进各项工作。",
    "相关经验做法得到了上级部门的肯定。",
    "对符合条件的，受理后五个工作日内办结。",
    "各责任单位应当于每季度末前将落实情况书面报送。",
    "本次培训共设六门课程，邀请三位专家授课。",
    "要坚持问题导向，建立台账，逐一销号。",
    "志愿者们分成三组，对辖区内的公共区域进行了清理。",
    "竞赛设必答题、抢答题和风险题三个环节，气氛热烈。",
    "对发现的隐患，能立即整改的立即整改，不能立即整改的落实防范措施。",
    "群众普遍反映，办事比以前更方便、更快捷。",
    "各乡镇（街道）要结合实际制定具体方案，报主管部门备案。",
    "会议强调，要严格落实责任，强化监督检查。",
    "本年度共开展集中宣传十二场，覆盖人口两万余人。",
    "要加强数据分析运用，提高研判的准确性。",
];

/// Family names and given names of invented people.
pub const FAMILY: [&str; 16] = ["柏", "程", "邓", "方", "葛", "贺", "简", "康", "陆", "莫", "倪", "潘", "秦", "阮", "沈", "陶"];
/// Second halves of those names.
pub const GIVEN: [&str; 16] = [
    "文远", "思齐", "嘉禾", "景行", "书瑶", "明哲", "若水", "清和", "雨桐", "子衿", "怀瑾", "知行", "安然", "云舒", "承泽",
    "一鸣",
];

/// A person's name.
pub fn person(random: &mut Random) -> String {
    format!("{}{}", random.word(&FAMILY), random.word(&GIVEN))
}

/// An office's telephone number in an invented local network.
pub fn office_phone(random: &mut Random) -> String {
    format!("0{}-{}{}", random.between(311, 998), random.between(2, 8), random.digits(6))
}

/// A unified social credit code of a body with its check character.
pub fn credit_code(random: &mut Random, division: &str) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    loop {
        let organisation = random.digits(8);
        let Some(check) = organisation_check(&organisation) else { continue };
        let start = format!("11{division}{organisation}{check}");
        let last = ALPHABET.iter().map(|b| char::from(*b)).find(|c| credit_check(&format!("{start}{c}")) == Some(*c));
        if let Some(last) = last {
            return format!("{start}{last}");
        }
    }
}

/// An ID number of an invented person with its check digit (GB 11643).
pub fn id_number(random: &mut Random) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let region = random.word(&["340122", "430102", "330225", "441502", "341602"]);
    let birth = format!("{}{:02}{:02}", random.between(1955, 2003), random.between(1, 12), random.between(1, 28));
    let start = format!("{region}{birth}{:03}", random.between(1, 999));
    let sum: u32 = start.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let last = "10X98765432".chars().nth(sum as usize % 11).unwrap_or('X');
    format!("{start}{last}")
}

/// A bank card number that Luhn's check holds for.
pub fn bank_card(random: &mut Random) -> String {
    let start = format!("{}{}", random.word(&["622848", "621700", "622202"]), random.digits(12));
    let sum: u32 = start
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0');
            let doubled = if at % 2 == 0 { value * 2 } else { value };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    format!("{start}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_prove_themselves() {
        let mut random = Random::new(7);
        for _ in 0..20 {
            let code = credit_code(&mut random, "340122");
            assert!(crate::facts::identifiers::is_credit_code(&code), "{code}");
        }
    }
}
