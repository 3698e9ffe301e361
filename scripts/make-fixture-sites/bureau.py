"""The disclosure platform of an ordinary bureau: its columns with what an office would publish in them."""

from dataclasses import dataclass, field

from kit import Article, Column
from prose import notice
from yearly import disclosed, requests, reviews


@dataclass
class Bureau:
    """One body with its public contact."""

    name: str
    short: str
    prefix: str
    address: str
    phone: str
    mail: str
    code: str
    leaders: list = field(default_factory=list)
    duties: str = ""

    def item(self, slug, title, date, *text, **rest):
        return Article(slug, title, date, notice(self.name, list(text), date), source=self.name, **rest)

    def column(self, folder, name, *articles, **rest):
        return Column(f"{self.prefix}{folder}/", name, list(articles), **rest)


REPORT = [
    ("一、总体情况", "本年度对照年度政务公开工作要点抓好落实，通过网站主动公开政府信息，按要求更新指南和目录，公开内容经过保密审查。"),
    ("二、主动公开政府信息情况", "本年度制发行政规范性文件情况、行政许可和行政处罚办理情况见统计数字。"),
    ("三、收到和处理政府信息公开申请情况", "本年度收到政府信息公开申请2件，均在法定期限内答复，无结转下年度办理的申请。"),
    ("四、政府信息公开行政复议、行政诉讼情况", "本年度没有因政府信息公开引起的行政复议和行政诉讼。"),
    ("五、存在的主要问题及改进情况", "解读材料形式还比较单一，将增加图文解读。"),
    ("六、其他需要报告的事项", "本年度没有收取信息处理费。"),
]


TABLES = {"二": disclosed, "三": lambda _: requests(2), "四": lambda _: reviews()}


def report_body(year):
    body = []
    for heading, text in REPORT:
        body += [f"<h3>{heading}</h3>", text]
        if heading[0] in TABLES:
            body.append(TABLES[heading[0]](year))
    return body


def guide_body(b):
    return (f"<p>本指南介绍{b.name}政府信息的分类、编排体系和获取方式，每年更新一次。</p>"
            f"<p>机构名称：{b.name}　办公地址：{b.address}　办公时间：工作日9:00—12:00、14:00—17:30　联系电话：{b.phone}　传真：{b.phone}　电子邮箱：{b.mail}</p>"
            "<p>本机关自收到申请之日起20个工作日内答复；需要延长的，延长不超过20个工作日。信息处理费的收费标准按照国务院办公厅《政府信息公开信息处理费管理办法》执行。</p>"
            "<p>救济渠道：认为本机关不依法履行政府信息公开义务的，可以向上级机关投诉举报，也可以依法申请行政复议或者提起行政诉讼。</p>")


# What the checklists for every kind of body ask for.
ESSENTIAL = ("functions", "leaders", "plans", "budget", "licensing", "penalties", "coercion", "cleanup", "fees", "procurement", "recruitment")


def basics(b):
    """Columns a bureau has, by key; a site leaves out or replaces what it wants at fault."""
    n, s = b.name, b.short
    leaders = "".join(f"<p>{who}　{post}</p>" for who, post in b.leaders)
    return {
        "functions": b.column("jgzn", "机构职能", body=f"<p>{n}主要职责：{b.duties}</p><p>办公地址：{b.address}　办公时间：工作日9:00—17:30　联系电话：{b.phone}　负责人：{b.leaders[0][0]}</p>"),
        "leaders": b.column("ldxx", "领导信息", body=leaders),
        "internal": b.column("nsjg", "内设机构", body="<p>办公室：负责机关日常运转。政策法规科：负责文件审核和普法。业务科：负责行业管理。</p>"),
        "plans": b.column("ghjh", "规划计划", b.item("gh1", f"{n}2026年工作计划", "2026-01-23", f"2026年{s}将围绕中心工作抓好五项任务。"), b.item("gh2", f"{n}2025年工作总结", "2026-01-08", f"2025年{s}各项工作进展顺利。")),
        "budget": b.column("czxx", "财政预决算", b.item("ys1", f"{n}2026年部门预算", "2026-02-11", "现将2026年部门预算公开如下：收入预算总计与支出预算总计平衡。"), b.item("js1", f"{n}2024年部门决算", "2025-09-12", "现将2024年部门决算公开如下。")),
        "licensing": b.column("xzxk", "行政许可", b.item("xk1", "2026年2月行政许可结果公示", "2026-03-03", "2026年2月办结行政许可事项，结果公示如下。")),
        "penalties": b.column("xzcf", "行政处罚", b.item("cf1", "2026年2月行政处罚结果公示", "2026-03-03", "2026年2月没有作出行政处罚决定。")),
        "coercion": b.column("xzqz", "行政强制", b.item("qz0", "行政强制事项依据和程序", "2025-08-20", "本单位行政强制事项的依据、条件和程序公布如下。")),
        "cleanup": b.column("gfxql", "规范性文件清理", b.item("ql1", f"{n}规范性文件清理结果公告", "2025-12-23", "经清理，现行有效的行政规范性文件继续执行，没有废止的文件。")),
        "enforcement": b.column("xzzf", "行政执法公示", b.item("zf1", "行政执法主体和人员公示", "2025-07-22", "现将执法主体、执法人员和执法依据予以公示。")),
        "decisions": b.column("jcml", "重大行政决策事项目录", b.item("jm1", "2026年度重大行政决策事项目录", "2026-03-04", "本年度列入目录的重大行政决策事项一项。")),
        "drafts": b.column("jcygk", "重大决策预公开", b.item("yg1", f"{s}年度重大决策草案公示", "2025-11-12", "现将决策草案、起草说明和意见反馈渠道予以公开。")),
        "streamlining": b.column("fgf", "放管服改革", b.item("fg1", f"{s}深化“放管服”改革措施", "2025-10-17", "推行告知承诺、容缺受理等措施，方便企业群众办事。")),
        "head": b.column("fzrjd", "负责人解读", b.item("fz1", f"{n}主要负责人解读年度重点工作", "2026-01-29", "主要负责人就年度重点工作接受采访，介绍有关政策。")),
        "meetings": b.column("hygk", "会议公开", b.item("hg1", f"{s}召开第五次办公会议", "2026-02-25", "会议研究了年度重点工作，听取了安全生产情况汇报。")),
        "powers": b.column("qzqd", "权责清单", b.item("qz1", f"{n}权力清单和责任清单（2025年本）", "2025-08-20", "清单包括行政许可、行政处罚、行政检查等类别。")),
        "fees": b.column("sfxm", "行政事业性收费", b.item("sf1", f"{n}收费目录清单", "2025-06-10", "本目录按照国家和省有关规定执行。")),
        "procurement": b.column("zfcg", "政府采购", b.item("cg1", "办公设备采购结果公告", "2026-01-30", "办公设备采购项目已完成，现予公告。")),
        "personnel": b.column("rsxx", "人事信息", b.item("rs1", f"{n}关于干部任前公示的公告", "2025-11-06", "经研究，现将拟任职人选予以公示，公示期五个工作日。")),
        "recruitment": b.column("zkly", "招考录用", b.item("zl1", f"{n}2026年公开招聘工作人员公告", "2026-02-05", "因工作需要，公开招聘工作人员两名，报名时间另行通知。")),
        "emergency": b.column("yjgl", "应急管理", b.item("yj1", f"{n}突发事件应急预案", "2025-05-22", "为提高应急处置能力，制定本预案。")),
        "proposals": b.column("jyta", "建议提案办理", b.item("jy1", "对市人大代表第21号建议的答复", "2025-08-28", "您提出的建议收悉，现答复如下。")),
        "solicitation": b.column("yjzj", "意见征集", b.item("zj1", f"关于《{s}服务规范（征求意见稿）》公开征求意见的公告", "2025-09-02", f"根据《政府信息公开条例》等规定，我单位起草了《{s}服务规范（征求意见稿）》，现公开征求意见，征集时间自2025年9月2日至2025年10月8日。", f"意见可以发送电子邮件至{b.mail}，也可以拨打电话{b.phone}或者寄信至{b.address}{n}。", "<h3>起草说明</h3>", "为规范服务行为，对照有关规定并听取服务对象意见后起草，主要内容是服务时限、服务语言和投诉处理。", f"<h3>{s}服务规范（征求意见稿）</h3>", "第一条　为规范服务行为，提高服务质量，制定本规范。", "第二条　工作人员应当在规定时限内办结事项。", "第三条　对服务有意见的，可以向本单位投诉。")),
        "result": b.column("yjfk", "意见反馈", b.item("fk1", f"关于《{s}服务规范（征求意见稿）》意见采纳情况的反馈", "2025-10-16", "征集期间收到意见3条，采纳2条，未采纳1条并已说明理由。")),
        "concerns": b.column("hygq", "回应关切", b.item("hy1", f"{s}回应群众关心的办理时限问题", "2026-01-15", "针对群众反映的办理时限问题，我们已优化流程，办理时限压缩一半。")),
        "random": b.column("ssj", "双随机、一公开", b.item("ss1", "2025年度随机抽查结果公示", "2025-12-10", "本年度随机抽查8家，未发现违法违规行为。")),
    }


def platform(b, kids, omit=(), path="", name="政府信息公开"):
    """The platform column with its four parts and disclosure on request."""
    parts = {
        "guide": b.column("gkzn", "政府信息公开指南", body=guide_body(b)),
        "rules": b.column("gkzd", "政府信息公开制度", b.item("zd1", f"{b.name}政府信息公开工作制度", "2025-04-16", "第一条　为做好政府信息公开工作，制定本制度。")),
        "catalogue": b.column("gkml", "政府信息公开目录", b.item("ml1", f"{b.name}主动公开基本目录", "2025-06-16", "目录包括公开事项、公开内容、公开主体、公开时限等要素。")),
        "statutory": b.column("fdgk", "法定主动公开内容", children=kids),
        "report": b.column("gknb", "政府信息公开年报", *(Article(f"nb{y}", f"{b.name}{y}年政府信息公开工作年度报告", f"{y + 1}-01-21", report_body(y), source=b.name) for y in (2025, 2024))),
        "request": b.column("ysqgk", "依申请公开", body=f"<p>申请人可以当面、邮寄或者通过电子邮件提出申请。</p><p>受理机构：{b.name}办公室　地址：{b.address}　电话：{b.phone}　邮箱：{b.mail}</p>"),
    }
    return Column(path or b.prefix, name, children=[c for key, c in parts.items() if key not in omit])
