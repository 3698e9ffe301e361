//! Numbers of people in a published text, as observations: shared by the rules about pages and about files.
//!
//! One answer per kind of number, with how many and how they look masked: no report, message or place ever holds a whole number.
//! Publishing some is lawful (wanted notices, service by announcement, who answers for a river or a neighbourhood, whom a bidder may
//! call): then the answer is cannot tell, and a person checks the legal basis.

use crate::facts::personal::{Kind, Number, numbers};
use crate::finding::{Location, Locus, Observation};
use crate::text::{is_han, narrow};
use crate::url::CanonicalUrl;
use jiff::civil::Date;

/// A text to look through.
pub(super) struct Reading<'a> {
    /// Where it is.
    pub url: &'a CanonicalUrl,
    /// Title, names of the columns above, name of the file: what it is about.
    pub about: String,
    /// Its lines, cells of tables each on their own.
    pub lines: Vec<&'a str>,
    /// How many of them are its own; what follows stands around it on every page (navigation, footer).
    pub own: usize,
}

/// Places told of one answer.
const PLACES: usize = 50;
/// Masked numbers quoted.
const SAMPLES: usize = 5;
/// Lines around a number that may say why it is there.
const NEAR: usize = 3;
/// Distinct mobiles from which a list is one.
const LIST: usize = 2;

const IDENTITY_LABELS: [&str; 5] = ["身份证", "证件号", "身份号", "身份证件", "公民身份"];
const CARD_LABELS: [&str; 10] = ["银行卡", "卡号", "账号", "帐号", "一卡通", "惠农卡", "社保卡", "银行账户", "开户行", "存折"];
const LABELS: [&str; 16] = [
    "身份证号码",
    "身份证号",
    "身份证",
    "证件号码",
    "证件号",
    "公民身份号码",
    "银行卡号",
    "卡号",
    "账号",
    "帐号",
    "手机号码",
    "手机号",
    "手机",
    "联系电话",
    "联系方式",
    "电话",
];

/// What a text says when its publication has a basis of its own; the word is printed.
const LAWFUL: [(&str, &[&str]); 4] = [
    ("wanted", &["通缉", "悬赏", "协查", "追逃", "在逃", "征集线索", "征集违法犯罪线索"]),
    ("service", &["送达公告", "公告送达", "送达通知", "催告书", "听证告知", "无法直接送达"]),
    ("judgment", &["失信被执行人", "限制高消费", "限制消费人员", "拒不履行"]),
    ("licence", &["欠税公告", "证件作废", "作废公告", "注销公告", "吊销公告", "逾期未换证", "遗失声明"]),
];
/// People whose office it is to be called.
const DUTY: [&str; 44] = [
    "责任人",
    "河长",
    "林长",
    "湖长",
    "田长",
    "路长",
    "街长",
    "网格",
    "民警",
    "辅警",
    "值班",
    "联络员",
    "联系人",
    "干部",
    "工作人员",
    "负责人",
    "律师",
    "公证",
    "仲裁",
    "专家",
    "医生",
    "村医",
    "农技",
    "推广员",
    "特派员",
    "督学",
    "监督员",
    "包保",
    "驻村",
    "帮扶",
    "执法",
    "代表",
    "顾问",
    "调解",
    "书记",
    "主任",
    "所长",
    "队长",
    "站长",
    "局长",
    "服务",
    "志愿者",
    "经办人",
    "安全员",
];
/// Bodies and trades: their telephones are no person's secret.
const BODIES: [&str; 26] = [
    "采购",
    "招标",
    "投标",
    "中标",
    "成交",
    "供应商",
    "代理",
    "竞价",
    "拍卖",
    "招租",
    "公司",
    "企业",
    "经营",
    "合作社",
    "门店",
    "药店",
    "商户",
    "机构",
    "网点",
    "站点",
    "单位名称",
    "热线",
    "物业",
    "施工",
    "监理",
    "建设单位",
];
/// Lists of people who receive, apply or are examined.
const RECIPIENTS: [&str; 42] = [
    "名单",
    "花名册",
    "名册",
    "拟录用",
    "录取",
    "录用",
    "成绩",
    "补贴",
    "补助",
    "救助",
    "低保",
    "五保",
    "特困",
    "优抚",
    "危房",
    "贫困",
    "残疾",
    "慰问",
    "受助",
    "获奖",
    "人选",
    "申请人",
    "申报人",
    "学员",
    "考生",
    "报名",
    "购房",
    "摇号",
    "中签",
    "选房",
    "廉租",
    "公租房",
    "保障房",
    "退役",
    "参保",
    "领取",
    "农户",
    "养殖户",
    "户主",
    "发放",
    "资助",
    "保障对象",
];
const EXAMPLES: [&str; 9] = ["示例", "样例", "例如", "举例", "样表", "范例", "填写说明", "示范文本", "如：1"];
/// Numbers of eighteen digits that are no identity numbers.
const SERIALS: [&str; 22] = [
    "信用代码",
    "组织机构",
    "注册号",
    "纳税人识别号",
    "编号",
    "文号",
    "流水号",
    "单号",
    "订单",
    "案号",
    "项目代码",
    "条码",
    "许可证号",
    "备案号",
    "登记号",
    "受理号",
    "合同",
    "索引号",
    "档案号",
    "证书号",
    "发票",
    "宗地",
];
/// Accounts of bodies.
const ACCOUNTS: [&str; 20] = [
    "户名",
    "收款单位",
    "收款人",
    "开户名",
    "账户名称",
    "公司",
    "财政",
    "中心",
    "保证金",
    "捐款",
    "捐赠",
    "非税",
    "国库",
    "专户",
    "对公",
    "缴款",
    "缴费",
    "基金会",
    "汇款",
    "工会",
];

/// The answers; none when the text holds no number of a person.
pub(super) fn observe(reading: &Reading<'_>, until: Date) -> Vec<Observation> {
    let mut seen = Seen { reading, found: Vec::new(), near_misses: 0 };
    for (at, line) in reading.lines.iter().enumerate() {
        let of_line = numbers(line, until);
        seen.near_misses += of_line.near_misses;
        seen.found.extend(of_line.found.into_iter().map(|number| (at, number)));
    }
    if seen.found.is_empty() {
        return Vec::new();
    }
    let mut answers = seen.identities(until);
    answers.extend(seen.cards());
    answers.extend(seen.mobiles());
    answers
}

type Found = Vec<(usize, Number)>;

struct Seen<'a> {
    reading: &'a Reading<'a>,
    found: Found,
    near_misses: usize,
}

impl Seen<'_> {
    fn of(&self, kind: Kind) -> Found {
        let mut own: Found = Vec::new();
        for (at, number) in self.found.iter().filter(|(_, number)| number.kind == kind) {
            if own.len() >= 5_000 || own.iter().rev().take(200).any(|(_, known)| known.is(number)) {
                continue;
            }
            own.push((*at, number.clone()));
        }
        own
    }

    /// Do the lines from `before` above to `after` below hold one of the words?
    fn near(&self, at: usize, before: usize, after: usize, words: &[&str]) -> bool {
        let end = (at + after + 1).min(self.reading.lines.len());
        self.reading.lines[at.saturating_sub(before)..end].iter().any(|line| has(line, words))
    }

    fn anywhere(&self, words: &[&str]) -> bool {
        has(&self.reading.about, words) || self.reading.lines.iter().any(|line| has(line, words))
    }

    fn basis(&self, at: usize) -> Option<&'static str> {
        let lawful = |words: &[&str]| has(&self.reading.about, words) || self.near(at, NEAR, NEAR, words);
        LAWFUL.iter().find(|(_, words)| lawful(words)).map(|(word, _)| *word)
    }

    fn is_example(&self, at: usize) -> bool {
        has(&self.reading.about, &EXAMPLES) || self.near(at, 1, 0, &EXAMPLES)
    }

    fn identities(&self, until: Date) -> Vec<Observation> {
        let labelled = self.anywhere(&IDENTITY_LABELS);
        let line = |at: usize| self.reading.lines[at];
        let mut own = self.of(Kind::Identity);
        own.retain(|(at, number)| {
            let named = self.near(*at, 1, 0, &IDENTITY_LABELS);
            let serial = has(line(*at), &SERIALS) || (number.is_credit_code() && self.near(*at, NEAR, 0, &SERIALS));
            // What carries today's date and no label is a serial number, not an infant.
            let dated = number.birth_year().is_some_and(|year| year >= until.year() - 15);
            !self.is_example(*at) && (named || !(serial || (dated && !labelled)))
        });
        // One serial in eleven passes the check digit; then ten others fail it.
        if own.is_empty() || (!labelled && self.near_misses * 3 > own.len()) {
            return Vec::new();
        }
        let sure = (labelled && self.near_misses <= own.len()) || (own.len() >= 3 && self.near_misses * 10 <= own.len());
        let (lawful, leaked): (Vec<_>, Vec<_>) = own.into_iter().partition(|(at, _)| self.basis(*at).is_some());
        let mut answers = Vec::new();
        if !leaked.is_empty() {
            let failed = Observation::failed("identity-number");
            let failed = if sure { failed } else { failed.suspected() };
            answers.push(self.tell(failed, "identity-number", &leaked).prove("check", "GB 11643"));
        }
        answers.extend(self.lawful("identity-number", &lawful));
        answers
    }

    fn cards(&self) -> Vec<Observation> {
        let mut own = self.of(Kind::Card);
        let headed = self.anywhere(&["姓名"]);
        own.retain(|(at, _)| {
            let labelled = self.near(*at, NEAR, 0, &CARD_LABELS) || (headed && self.anywhere(&CARD_LABELS));
            labelled && !self.is_example(*at) && !self.near(*at, NEAR, NEAR, &ACCOUNTS) && !has(&self.reading.about, &BODIES)
        });
        if own.is_empty() {
            return Vec::new();
        }
        let (lawful, leaked): (Vec<_>, Vec<_>) = own.into_iter().partition(|(at, _)| self.basis(*at).is_some());
        let mut answers = Vec::new();
        if !leaked.is_empty() {
            let failed = Observation::failed("bank-card");
            let failed = if headed && leaked.len() >= 2 { failed } else { failed.suspected() };
            answers.push(self.tell(failed, "bank-card", &leaked).prove("check", "Luhn"));
        }
        answers.extend(self.lawful("bank-card", &lawful));
        answers
    }

    /// Mobiles count in a list of people only; whose list it is decides.
    fn mobiles(&self) -> Vec<Observation> {
        let own = self.of(Kind::Mobile);
        let headed = self.reading.lines.iter().any(|line| is_name_heading(line));
        let listed: Found = own.into_iter().filter(|(at, number)| self.is_of_a_person(*at, number, headed)).collect();
        if listed.len() < LIST {
            return Vec::new();
        }
        let about = &self.reading.about;
        let own_lines = &self.reading.lines[..self.reading.own.min(self.reading.lines.len())];
        let duty = |words: &[&str]| {
            has(about, words) || own_lines.iter().any(|l| l.chars().count() <= 40 && has(l, words) && says_whose(l))
        };
        let basis = if self.basis(listed[0].0).is_some() {
            self.basis(listed[0].0)
        } else if duty(&BODIES) {
            Some("procurement")
        } else if duty(&DUTY) || !has(about, &RECIPIENTS) {
            Some("duty")
        } else {
            None
        };
        match basis {
            Some(basis) => {
                let asked = Observation::cannot_tell("legal-basis").with("basis", basis).with("kind", "mobile");
                vec![self.tell(asked, "mobile", &listed)]
            }
            None => vec![self.tell(Observation::failed("mobile").suspected(), "mobile", &listed)],
        }
    }

    /// In a list with a heading 姓名 a name stands in one of the cells before; without, right before the number.
    fn is_of_a_person(&self, at: usize, number: &Number, headed: bool) -> bool {
        let line = self.reading.lines[at];
        let before: String = narrow(line).chars().take(number.at).collect();
        let words: Vec<&str> = before.split(|c: char| !is_han(c)).filter(|w| !w.is_empty()).collect();
        if headed && words.last().is_some_and(|word| is_name(word)) {
            return true;
        }
        let cells = &self.reading.lines[at.saturating_sub(8)..at];
        headed && before.trim().is_empty() && cells.iter().any(|cell| is_name(cell.trim()))
    }

    fn lawful(&self, kind: &str, found: &[(usize, Number)]) -> Option<Observation> {
        let (at, _) = found.first()?;
        let asked = Observation::cannot_tell("legal-basis").with("basis", self.basis(*at)?).with("kind", kind);
        Some(self.tell(asked, kind, found))
    }

    fn tell(&self, observation: Observation, kind: &str, found: &[(usize, Number)]) -> Observation {
        let masked: Vec<String> = found.iter().take(SAMPLES).map(|(_, number)| number.masked()).collect();
        let mut observation = observation
            .at(Locus::Name(kind.to_owned()))
            .with("count", found.len())
            .with("masked", masked.clone())
            .prove("masked", masked.join("、"))
            .prove("count", found.len().to_string())
            .count(found.len() as u64);
        for (at, number) in found.iter().take(PLACES) {
            let place = Location::text(self.reading.url, beginning(self.reading.lines[*at], number));
            if !observation.locations.contains(&place) {
                observation = observation.seen(place);
            }
        }
        observation
    }
}

/// What a person searches the page for: the label before the number, where there is one, and its first digits.
fn beginning(line: &str, number: &Number) -> String {
    let before: String = narrow(line).chars().take(number.at).collect();
    let bare = before.trim_end_matches([':', ' ']);
    let label = LABELS.iter().find(|label| bare.ends_with(**label)).map(|label| &before[bare.len() - label.len()..]);
    format!("{}{}", label.unwrap_or_default(), number.beginning())
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Cells, labels and sentences that announce a list say whose it is; a sentence of the report around it does not.
fn says_whose(line: &str) -> bool {
    !line.contains('。') || has(line, &["名单", "如下", "现将", "公布", "公示", "联系", "电话"])
}

fn is_name_heading(line: &str) -> bool {
    let plain: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    plain.contains("姓名") && plain.chars().count() <= 60 || matches!(plain.as_str(), "户主" | "户主名" | "申请人" | "考生姓名")
}

/// Two to four characters that begin with one of the most frequent surnames.
fn is_name(word: &str) -> bool {
    const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高梁罗郑谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉斯元冶督仉";
    let mut chars = word.chars();
    (2..=4).contains(&word.chars().count()) && word.chars().all(is_han) && chars.next().is_some_and(|c| SURNAMES.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_hold_the_label_and_the_first_digits_only() {
        let line = "联系人王某某，身份证号码：110101199003070935";
        let number = numbers(line, jiff::civil::date(2026, 3, 20)).found.remove(0);
        assert_eq!(beginning(line, &number), "身份证号码:110101");
        let line = "张某某 13800138000 李某";
        let number = numbers(line, jiff::civil::date(2026, 3, 20)).found.remove(0);
        assert_eq!(beginning(line, &number), "138");
    }

    #[test]
    fn names_are_told_from_words() {
        assert!(is_name("张三") && is_name("王小二") && is_name("欧阳小明"));
        assert!(!is_name("补贴金额") && !is_name("联系电话") && !is_name("张") && !is_name("Smith"));
    }
}
