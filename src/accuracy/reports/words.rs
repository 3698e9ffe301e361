//! Words of reports: drawn anew for every year, so that no two reports are alike. The places, bodies and works are invented.

use super::{Figures, ReportPart, Shown};
use crate::accuracy::random::Random;
use crate::accuracy::words::{EVENTS, WORKS};
use crate::facts::annual_report::{Column, PartKind, Row};

/// How a body calls its reports.
pub(super) struct Names {
    body: String,
    form: usize,
}

impl Names {
    pub(super) fn draw(random: &mut Random, body: &str) -> Self {
        Names { body: body.to_owned(), form: random.below(4) }
    }

    pub(super) fn title(&self, year: i16) -> String {
        let body = &self.body;
        match self.form {
            0 => format!("{body}{year}年政府信息公开工作年度报告"),
            1 => format!("{body}{year}年度政府信息公开工作年度报告"),
            2 => format!("{year}年{body}政府信息公开工作年度报告"),
            _ => format!("{body}{year}年政府信息公开年度报告"),
        }
    }
}

const PERIODS: [&str; 4] = [
    "本报告所列数据的统计期限自{from}起至{to}止。",
    "本报告所列数据统计期限为{from}至{to}。",
    "报告中所列数据时间为{from}至{to}。",
    "所列数据的统计时段自{from}至{to}。",
];

const CALLS: [&str; 3] =
    ["如对本报告有疑问，请与本机关办公室联系。", "欢迎社会各界查阅，意见建议可以向办公室反映。", "电子版可以在本网站下载。"];

/// What stands before the parts.
pub(super) fn preface(random: &mut Random, body: &str) -> Vec<String> {
    let law = random.word(&["《中华人民共和国政府信息公开条例》（国务院令第711号）", "《中华人民共和国政府信息公开条例》"]);
    let form = random.word(&["和国务院办公厅印发的格式", "有关规定", "第五十条的要求"]);
    let mut lines = vec![format!("本报告由{body}根据{law}{form}编制。{}", random.word(&PERIODS))];
    if random.chance(40) {
        lines.push(
            "报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、\
             存在的主要问题及改进情况、其他需要报告的事项六个部分组成。"
                .to_owned(),
        );
    }
    if random.chance(50) {
        lines.push(random.word(&CALLS).to_owned());
    }
    lines
}

/// The six parts with their words and tables.
pub(super) fn parts(random: &mut Random, figures: &Figures) -> Vec<ReportPart> {
    let official = random.chance(70);
    PartKind::ALL
        .into_iter()
        .map(|kind| {
            let number = ["一", "二", "三", "四", "五", "六"][kind as usize];
            let label = match kind {
                PartKind::Problems if !official => "政府信息公开工作存在的主要问题及改进情况",
                PartKind::Proceedings if !official => "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
                _ => kind.label(),
            };
            let text = match kind {
                PartKind::Overview => overview(random, figures),
                PartKind::Problems => problems(random),
                PartKind::Other => other(random),
                _ => Vec::new(),
            };
            ReportPart { kind, heading: format!("{number}、{label}"), text, table: kind.table().map(Shown::Table) }
        })
        .collect()
}

/// A sentence with a work, an event and figures of its own.
fn filled(random: &mut Random, text: &str) -> String {
    let mut line = text.to_owned();
    while line.contains("{work}") {
        line = line.replacen("{work}", random.word(&WORKS), 1);
    }
    while line.contains("{event}") {
        line = line.replacen("{event}", random.word(&EVENTS), 1);
    }
    while line.contains("{n}") {
        line = line.replacen("{n}", &random.between(3, 480).to_string(), 1);
    }
    line
}

/// Several of a list, each once.
fn some(random: &mut Random, of: &[&str], count: usize) -> Vec<String> {
    let mut order: Vec<usize> = (0..of.len()).collect();
    random.shuffle(&mut order);
    order.into_iter().take(count).map(|at| filled(random, of[at])).collect()
}

const LEAD: [&str; 8] = [
    "{year}年，本机关把政务公开摆在服务中心工作的位置，围绕{work}和{work}安排年度任务，较好完成了各项公开工作。",
    "{year}年，在上级政务公开主管部门指导下，本机关以{work}为抓手，推动公开工作与业务工作同部署、同落实。",
    "这一年，我们坚持以公开促落实、促规范，聚焦群众关心的{work}，持续扩大公开范围、细化公开内容。",
    "{year}年是任务较重的一年，本机关在推进{work}的同时，没有放松信息公开，全年工作平稳有序。",
    "按照年度政务公开工作要点，本机关列出{n}项任务，逐项落实到科室和人员，年底前全部完成。",
    "{year}年，本机关认真执行条例规定，回应企业和群众对{work}的关切，公开的及时性和可读性都有提高。",
    "围绕建设人民满意的服务型机关，{year}年我们把{work}信息作为公开重点，做到应公开尽公开。",
    "结合机构职能调整，{year}年本机关重新梳理了公开事项，补充了{work}方面的内容。",
];

const LEADING: [&str; 8] = [
    "主要负责同志两次听取公开工作汇报，分管负责同志每季度调度一次，及时解决{work}信息发布中的困难。",
    "调整政务公开工作领导小组，明确办公室牵头、各科室各负其责，配齐专职和兼职人员。",
    "把信息公开列入年度绩效考核，分值占比有所提高，对发布不及时的科室予以提醒。",
    "制定年度公开任务分解表，逐条写明责任人和完成时间，按月通报进展。",
    "组织条例专题学习，邀请法律顾问讲解案例，{n}人次参加了培训。",
    "与{work}工作一并安排、一并检查，年中开展了一次自查，整改问题十余处。",
    "健全公开属性源头认定机制，拟稿时即提出公开意见，不公开的说明理由。",
    "选派业务骨干到上级部门跟班学习，回来后在科室内部作了交流。",
];

/// The yearly plan, which reports speak of in their first part and in their last.
const PLAN: [&str; 6] = [
    "对照年度政务公开工作要点，{n}项任务全部落实。",
    "年度政务公开工作要点分解到科室，每月对账销号。",
    "上级工作要点涉及本机关的任务均按时完成，{work}方面进展较快。",
    "按照工作要点和分工方案，完成{work}等重点领域的公开。",
    "工作要点明确的各项任务，已在十一月底前办结。",
    "将工作要点落实情况列入督查，{work}任务提前完成。",
];

/// The same in the last part.
const PLAN_DONE: [&str; 6] = [
    "年度政务公开工作要点落实情况：{n}项任务均已完成，{work}公开专栏如期上线。",
    "落实年度工作要点情况：{work}、{work}两个领域的公开已经规范。",
    "政务公开工作要点规定的任务没有遗留。",
    "关于工作要点落实情况，已在本网站另行公布。",
    "本年度工作要点的各项任务均有专人负责，完成率为百分之百。",
    "工作要点中{work}一项因机构调整推迟一个月，已经完成，其余任务按期完成。",
];

const ACTIVE: [&str; 12] = [
    "通过网站发布各类信息{n}条，其中{work}类信息占比最高。",
    "公开规范性文件和政策解读，配发图解、问答等形式的解读材料{n}份。",
    "在{work}领域试行全过程公开，从决策、执行到结果都能在栏目中查到。",
    "全年更新机构职能、领导分工和内设机构信息{n}处，做到人员变动后及时调整。",
    "公开财政预算决算、政府采购和重大项目信息，方便社会监督资金使用。",
    "围绕{work}{event}，第一时间发布权威信息，回应关切{n}次。",
    "对基层政务公开标准目录进行修订，新增{work}事项，删除已经取消的事项。",
    "办理人大代表建议、政协提案的复文除涉密外全部上网，接受群众评议。",
    "举办开放日活动，邀请居民代表参观办事大厅，了解{work}流程。",
    "推进行政执法公示，处罚、许可决定自作出之日起七个工作日内公开。",
    "围绕就业、教育、医疗等民生事项编写服务手册，线上线下同步发放{n}册。",
    "对历年文件开展清理，标注有效性，方便群众辨别现行有效的规定。",
];

/// What is said of applications when some are carried on.
const ASKED: [&str; 6] = [
    "{year}年，本机关新收政府信息公开申请{new}件，上年结转{in}件，办理答复{handled}件，结转下年度继续办理{out}件。",
    "全年共收到政府信息公开申请{new}件，登记、审核、答复各环节均留有记录，没有超期答复的情形。",
    "依申请公开方面，受理政府信息公开申请{new}件，答复{handled}件，另有{out}件结转下年度继续办理。",
    "畅通当面、信函和网络三种渠道，接收政府信息公开申请共{new}件，内容集中在{work}方面。",
    "完善申请办理台账，与申请人主动沟通，全年新收政府信息公开申请{new}件，平均答复时间比上年缩短。",
    "规范答复文书格式，疑难申请请法律顾问把关；全年收到公民、法人和其他组织提出的政府信息公开申请{new}件。",
];

const SUED: [&str; 4] = [
    "因政府信息公开引发行政复议{reviews}件、行政诉讼{suits}件。",
    "全年发生政府信息公开行政复议案件{reviews}件，行政诉讼案件{suits}件，均按时提交了答复材料。",
    "对复议、诉讼反映的问题逐件分析，改进答复文书的说理。",
    "答复作出前增加法制审核环节，减少因程序瑕疵引起的争议。",
];

const KEPT: [&str; 8] = [
    "严格执行发布审核制度，先审后发，涉密和涉及个人隐私的内容一律不上网。",
    "建立信息动态调整机制，对因情势变化可以公开的信息及时转为公开。",
    "规范性文件统一编号、统一公布，失效文件同步标注。",
    "对{work}类历史文件进行数字化整理，补录{n}件。",
    "落实三审三校，安排专人每周抽查已发布内容，纠正错漏{n}处。",
    "按照统一格式规范政策文件页面，正文、附件均可下载。",
    "完善信息发布登记，做到来源可查、去向可追。",
    "开展个人信息保护专项检查，对公示名单中的联系方式作了遮盖。",
];

const PLACES_OF: [&str; 8] = [
    "优化网站栏目设置，把{work}专栏调到首页，检索更加便捷。",
    "政务服务大厅设立信息查阅点，配备查询电脑和打印设备，全年接待查阅{n}人次。",
    "完成网站适老化改造，增加大字版和语音播报。",
    "整合政务新媒体账号，注销长期不更新的账号，集中力量办好主账号。",
    "与融媒体中心合作开设政策访谈栏目，按季播出。",
    "对网站错链、空白栏目逐月排查，发现问题当日整改。",
    "拓展公开渠道，利用村（社区）公示栏、广播把{work}政策送到群众身边。",
    "在图书馆、档案馆设置公开专架，定期更换资料。",
];

const WATCHED: [&str; 8] = [
    "邀请社会监督员评议公开工作，收到意见{n}条，均作了回复。",
    "配合第三方评估，对照反馈的问题清单逐项整改。",
    "设立监督电话和邮箱，对群众反映的信息不准确问题当天核实。",
    "全年未发生因信息公开被追究责任的情形。",
    "每季度通报各科室发布情况，对排名靠后的开展约谈。",
    "把公开情况纳入政风行风评议，满意率保持较高水平。",
    "开展交叉检查，科室之间互相查找差距，形成问题台账。",
    "聘请高校教师对{work}信息的可读性作评价，并据此改写了部分内容。",
];

const LACKS: [&str; 12] = [
    "一些业务科室对公开的认识还不到位，存在重发布、轻解读的现象。",
    "{work}方面的信息更新不够及时，个别栏目间隔较长。",
    "解读形式还比较单一，文字材料多，音视频材料少。",
    "依申请公开的办理人员流动较大，答复文书的质量不够稳定。",
    "基层单位公开目录与实际事项衔接不紧，有的事项没有内容。",
    "公众参与的渠道不够丰富，征集到的意见数量偏少。",
    "历史信息的规范整理还有欠账，部分旧文件缺少要素。",
    "部门之间信息共享不充分，同一事项在不同网站的表述不尽一致。",
    "面向老年人、残疾人的无障碍服务还需加强。",
    "数据类信息公开偏少，可以直接利用的格式不多。",
    "政策发布后跟踪回应不足，对咨询较多的问题没有及时归纳。",
    "培训的针对性不强，案例教学偏少。",
];

const MENDS: [&str; 12] = [
    "下一步，将把公开要求嵌入公文办理流程，从源头上明确公开属性和时限。",
    "今后将增加{work}信息的更新频次，由专人每周核对栏目。",
    "计划制作一批短视频和图解，让政策看得懂、用得上。",
    "将编印答复文书范例，每半年组织一次疑难申请会商。",
    "对公开目录再作一次清理，事项变化后十个工作日内调整到位。",
    "将通过线上问卷、座谈会等方式扩大参与，并公布意见采纳情况。",
    "安排专项经费补录旧文件，争取用一年时间完成。",
    "与有关部门建立信息比对机制，保证口径一致。",
    "继续完善无障碍功能，增加方言语音服务。",
    "逐步开放{work}数据，提供可以下载的表格。",
    "建立热点问题库，每月更新问答。",
    "采取以案释法、现场观摩等方式，提高培训实效。",
];

const FEES: [&str; 4] = [
    "本年度没有收取政府信息公开信息处理费。",
    "依据信息处理费管理办法，本年度未发出收费通知，收取金额为0元。",
    "信息处理费收取情况：本年度无。",
    "按照规定，本机关本年度没有产生信息处理费。",
];

const REST: [&str; 7] = [
    "无其他需要报告的事项。",
    "本年度承办上级交流活动一次，介绍了{work}公开的做法。",
    "本机关下属单位的公开情况一并纳入统计。",
    "与上年相比，本年度公开的机构和职能没有变化。",
    "本年度在{work}领域开展了公开试点，经验正在总结。",
    "报告期内网站完成一次改版，旧网址已经跳转到新网址。",
    "落实意见采纳反馈制度，{n}条意见均已公开反馈。",
];

/// 总体情况 under its own small headings, or told in one go.
fn overview(random: &mut Random, figures: &Figures) -> Vec<String> {
    let mut count = |least: usize, more: usize| least + random.below(more);
    let counts = [count(1, 2), count(2, 3), count(0, 2), count(1, 2), count(1, 2), count(1, 2)];
    let carried = figures.get(&(Row::CarriedOut, Column::Total)).is_some_and(|figure| figure != "0");
    let asked = if !carried && random.chance(60) {
        "全年收到政府信息公开申请{new}件，已全部办结，没有需要继续办理的事项。".to_owned()
    } else {
        some(random, &ASKED, 1).concat()
    };
    let points: [(&[&str], Vec<String>); 6] = [
        (&["组织领导", "加强领导", "责任落实"], [some(random, &LEADING, counts[0]), some(random, &PLAN, 1)].concat()),
        (&["主动公开", "主动公开情况", "推进主动公开"], some(random, &ACTIVE, counts[1])),
        (&["依申请公开", "依申请公开情况", "规范依申请办理"], [vec![asked], some(random, &SUED, counts[2])].concat()),
        (&["政府信息管理", "信息管理", "规范信息管理"], some(random, &KEPT, counts[3])),
        (&["平台建设", "公开平台建设", "完善公开渠道"], some(random, &PLACES_OF, counts[4])),
        (&["监督保障", "强化监督", "监督评议"], some(random, &WATCHED, counts[5])),
    ];
    let titled = random.chance(60);
    let mut lines = some(random, &LEAD, 1);
    for ((titles, sentences), numeral) in points.into_iter().zip(["一", "二", "三", "四", "五", "六"]) {
        let title = random.word(titles);
        let head = if titled { format!("（{numeral}）{title}。") } else { String::new() };
        if sentences.len() > 2 && random.chance(50) {
            lines.push(format!("{head}{}", sentences[0]));
            lines.extend(sentences.into_iter().skip(1));
        } else {
            lines.push(format!("{head}{}", sentences.concat()));
        }
    }
    lines
}

fn problems(random: &mut Random) -> Vec<String> {
    let mut lines = vec![format!("{}{}", random.word(&["主要问题：", "不足之处：", ""]), some(random, &LACKS, 3).concat())];
    lines.extend(some(random, &MENDS, 3));
    lines
}

fn other(random: &mut Random) -> Vec<String> {
    let mut lines = some(random, &FEES, 1);
    let count = 1 + random.below(2);
    lines.extend(some(random, &PLAN_DONE, 1));
    lines.extend(some(random, &REST, count));
    lines
}
