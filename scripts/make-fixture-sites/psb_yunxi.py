"""云汐市公安局: a public security bureau. Gambling, fraud, wanted notices and contacts must stay unreported."""

from binary import docx, pdf, png, xlsx
from codes import credit, wrong
from kit import Article, Column, Site
from prose import notice, routine
from psb_yunxi_news import NEWS, TIPS, WANTED
from skin import Skin, footer
from yearly import disclosed, requests, reviews

HOST = "gaj.yunxi.xuncha-demo.gov.cn"
BUREAU = "云汐市公安局"
CREDIT = credit("329901", "MB0A1101")
CODE = "3299010012"


def index(number):
    return f"{CREDIT}/{number}"


def header(number, title, document, written, published, topic="公安", validity="有效", **rest):
    full = {"索 引 号": number, "主题分类": topic, "发布机构": BUREAU, "成文日期": written, "标　　题": title, "文　　号": document, "发布日期": published, "有 效 性": validity, "主 题 词": "公安"}
    for key, value in rest.items():
        label = {"topic_value": "主题分类"}[key]
        full[label] = value
    return {k: v for k, v in full.items() if v is not None}


def build():
    site = Site("psb-yunxi", "云汐市公安局（公安机关）", "Public security bureau of Yunxi", [f"http://{HOST}/"], "psb")
    site.host(HOST, "www", "utf-8")
    site.host("news.xuncha-demo.gov.cn")
    site.host("old.yunxi.xuncha-demo.gov.cn")
    site.host("wzxk.yunxi.xuncha-demo.gov.cn")
    site.unit("psb", BUREAU, "public-security-bureau", [{"host": HOST}])
    bottom = footer(BUREAU, CODE, "苏ICP备99001101号-1", "苏公网安备32990102000011号", "32990102000011", "云汐市滨河路9号", "0500-5550110",
                    links=[("云汐新闻", "http://news.xuncha-demo.gov.cn/"), ("网上许可大厅", "http://wzxk.yunxi.xuncha-demo.gov.cn/")])
    skin = Skin(site, HOST, BUREAU, HOST, CODE, bottom)
    site.files["www/css/site.css"] = b"body{margin:0;font:14px/1.8 'Microsoft YaHei',sans-serif}.main{width:1200px;margin:0 auto}.footer{background:#135;color:#fff}\n"
    for name, colour in (("logo", (19, 80, 160)), ("red", (200, 30, 30)), ("jiucuo", (220, 120, 20)), ("banner", (30, 90, 170)), ("xuanchuan", (60, 120, 60))):
        site.put(HOST, f"/images/{name}.png", png(24, 8, colour))
    # The news site answers every robot with 412, the licensing hall with a reset: blocked, never dead.
    site.route("news.xuncha-demo.gov.cn", "/", status=412)
    site.route("wzxk.yunxi.xuncha-demo.gov.cn", "/", reset=True)

    news = Column("/jwdt/", "警务动态", [Article(s, t, d, b, source=BUREAU) for s, t, d, b in NEWS], kind="工作动态", per_page=8)
    news.pinned = "x0901"  # an old promise to the public stays on top
    grass = Column("/jcdt/", "基层动态", [Article(f"j{n:02}", t, d, routine(u, w, d), source=u) for n, (t, d, u, w) in enumerate(GRASSROOTS)], kind="工作动态")
    site.plant("column-freshness", f"http://{HOST}/jcdt/", "基层动态最新一条是 2026-01-22，超过 14 天")
    notices = Column("/tzgg/", "通知公告", notice_articles(site), kind="通知公告")
    tips = Column("/jfts/", "警方提示", [Article(s, t, d, b, source=BUREAU) for s, t, d, b in TIPS])
    wanted = Column("/xstg/", "通缉令", [Article(s, t, d, b, source=BUREAU) for s, t, d, b in WANTED])
    concerns = Column("/rdhy/", "热点回应", kind="回应关切")
    site.plant("column-empty", f"http://{HOST}/rdhy/", "热点回应没有任何内容，也没有说明")
    disclosure = disclosure_columns(site)
    service = Column("/bszn/", "办事指南", service_articles(site))
    box = Column("/jzxx/", "局长信箱", [Article("q1", "关于居住证签注办理时限的咨询", "2026-03-11", ["<p>【来信】　您好，请问居住证签注需要几个工作日？</p>", "<p>【答复】　您好，材料齐全的当场办结。如有疑问请致电0500-5550121。</p>"], source=BUREAU, metas={})], kind="咨询投诉")
    report = Column("/jbts/", "举报投诉", body="<p>欢迎举报涉黑涉恶、黄赌毒、电信网络诈骗等违法犯罪线索。</p><p>举报电话：110、0500-5550166　举报邮箱：jubao@yunxi.xuncha-demo.gov.cn　来信请寄：云汐市滨河路9号</p>")
    contact = Column("/lxwm/", "联系我们", body="<p>地址：云汐市滨河路9号　邮编：299000</p><p>值班电话：0500-5550110　户政咨询：0500-5550121　举报电话：0500-5550166</p><p>电子邮箱：yxgaj@yunxi.xuncha-demo.gov.cn</p>")
    plain = [
        Column("/wzdt/", "网站地图", body=""),
        Column("/wza/", "无障碍浏览", body="<p>本网站已按无障碍要求改造，可使用键盘浏览，也可打开长者助手放大字号。</p>"),
    ]
    top = [news, grass, notices, tips, wanted, concerns, disclosure, service, box, report]
    plain[0].body = "<ul>" + "".join(f'<li><a href="{c.path}">{c.name}</a></li>' for t in top for c in t.walk()) + "</ul>"
    skin.nav = [("首页", "/")] + [(c.name, c.path) for c in (disclosure, news, notices, tips, service, box)]
    everything = [*top, contact, *plain]
    for column in everything:
        skin.prepare(column)
    link_faults(site, news, notices)
    injected(site, news)
    for column in everything:
        skin.column(column)
    banner = '<div class="banner"><a href="/jfts/"><img src="/images/banner.png" alt="全民反诈" /></a><a href="/xstg/">通缉令</a> <a href="/rdhy/">热点回应</a></div>\n'
    skin.home([news, notices, grass, tips], banner)
    skin.put("/search.html", skin.frame("站内搜索", {}, [("首页", "/"), ("站内搜索", None)], '<form action="/search.html"><input name="q" /><input type="submit" value="搜索" /></form>'))
    site.put(HOST, "/robots.txt", "User-agent: *\nDisallow: /admin/\nCrawl-delay: 0\n")
    return site


GRASSROOTS = [
    ("滨河派出所开展流动人口集中登记", "2026-01-22", "滨河派出所", "开展流动人口集中登记服务"),
    ("东塘派出所走访辖区孤寡老人", "2026-01-15", "东塘派出所", "走访慰问辖区孤寡老人"),
    ("交警二中队进校园讲交通安全", "2026-01-09", "交警二中队", "走进实验小学讲解交通安全知识"),
    ("石桥派出所调解一起邻里纠纷", "2025-12-26", "石桥派出所", "成功调解一起邻里漏水纠纷"),
]


def notice_articles(site):
    rows = [
        Article("g1", "关于元宵灯会期间临时交通管制的通告", "2026-02-25", notice(BUREAU, ["为保障元宵灯会安全，2026年3月3日16时至23时，滨河路（人民桥至东塘路段）禁止机动车通行，请广大市民合理安排出行。"], "2026-02-25"), source=BUREAU),
        # 公告第3号 is a serial announcement, not a faulty document number.
        Article("g2", "云汐市公安局公告（2026年第3号）", "2026-03-16", notice(BUREAU, ["公告第3号：根据道路交通安全法律法规，决定在下列路段启用交通技术监控设备，现予公告。", "一、东塘路与石桥街交叉口；二、云汐大道高铁站入口；三、北环路隧道东口。"], "2026-03-16"), source=BUREAU,
                files=[("启用路段明细表.xlsx", "/tzgg/P020260316001.xlsx"), ("公告原文.pdf", "/tzgg/P020260316002.pdf")]),
        Article("g3", "关于公开招聘警务辅助人员笔试安排的通知", "2026-03-09", notice(BUREAU, ["笔试时间为2026年3月28日上午，地点为云汐市第二中学，请考生携带身份证和准考证参加。"], "2026-03-09"), source=BUREAU,
                files=[("准考证样式.docx", "/tzgg/P020260309001.docx")]),
        Article("g4", "2025年度电动自行车集中上牌公告", "2025-11-18", notice(BUREAU, ["为方便群众，各派出所设立电动自行车上牌点，材料齐全的当场办理。"], "2025-11-18"), source=BUREAU),
    ]
    site.put(HOST, "/tzgg/P020260316001.xlsx", xlsx([["序号", "路段"], [1, "东塘路与石桥街交叉口"], [2, "云汐大道高铁站入口"]]))
    site.put(HOST, "/tzgg/P020260316002.pdf", pdf("Announcement No. 3 of 2026"))
    site.plant("dead-attachment", f"http://{HOST}/tzgg/P020260309001.docx", "笔试通知的附件 准考证样式.docx 返回 404")
    return rows


def link_faults(site, news, notices):
    # On the article about the open day.
    open_day = news.first("x0312")
    open_day.after = '<p>活动报名：<a href="/hdbm/2026/baoming.html">点此报名</a>　往期回顾：<a href="http://old.yunxi.xuncha-demo.gov.cn/hd/2019.html">2019年警营开放日</a></p>\n<p><img src="/images/2026/kaifangri.jpg" alt="警营开放日现场" /></p>\n'
    site.plant("dead-link", f"http://{HOST}/hdbm/2026/baoming.html", "警营开放日的报名链接 404")
    site.plant("dead-link", "http://old.yunxi.xuncha-demo.gov.cn/hd/2019.html", "外部旧站页面 410")
    site.plant("dead-link", f"http://{HOST}/images/2026/kaifangri.jpg", "正文图片 404")
    site.route("old.yunxi.xuncha-demo.gov.cn", "/hd/2019.html", status=410)
    # Gone at the first look, there at the second: no finding.
    notices.first("g1").after = '<p>管制路段示意图见<a href="/tzgg/lukuang.html">路况专题</a>，旧址<a href="/lk/">路况</a>已转移。</p>\n'
    site.put(HOST, "/tzgg/lukuang.html", LUKUANG)
    site.route(HOST, "/tzgg/lukuang.html", first_status=404)
    site.route(HOST, "/lk/", status=301, location="/tzgg/lukuang.html")


LUKUANG = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8" /><meta name="SiteName" content="{BUREAU}" /><meta name="SiteDomain" content="{HOST}" /><meta name="SiteIDCode" content="{CODE}" /><title>路况专题</title></head>
<body><p>元宵灯会期间路况以现场指挥为准。</p><p><a href="/">返回首页</a></p></body></html>
"""


def injected(site, news):
    victim = news.first("x0226")
    victim.after = '<div style="display:none"><a href="http://www.bc365-yule.example/">bet365体育投注</a><a href="http://www.bc365-yule.example/app">欧洲杯买球app下载</a></div>\n'
    site.plant("injected-spam", victim.url, "隐藏的两个博彩链接（display:none），同一主机算一处", certainty="suspected", text="bet365体育投注")


def disclosure_columns(site):
    normative = Column("/zwgk/xzgfxwj/", "行政规范性文件", normative_articles(site))
    others = Column("/zwgk/bmwj/", "部门文件", other_articles(site))
    reading = Column("/zwgk/zcjd/", "政策解读", [
        Article("jd1", "《云汐市电动自行车登记管理规定》政策解读", "2025-11-06", ["一、制定背景。随着电动自行车数量增加，登记管理需要进一步规范。", "二、主要内容。规定明确了登记机关、登记材料和办理时限。", "三、群众关心的问题。旧车过渡期至2026年12月31日。"], source=BUREAU,
                after='<p>相关文件：<a href="/zwgk/xzgfxwj/202511/t20251105_gf1.html">关于印发《云汐市电动自行车登记管理规定》的通知</a></p>'),
        Article("jd2", "一图读懂：养犬登记怎么办", "2025-12-12", ['<p><img src="/images/xuanchuan.png" alt="养犬登记流程图" /></p>', "养犬登记可在派出所窗口办理，也可网上申请。"], source=BUREAU),
    ], row_dates=False)  # dated only on its articles
    kids = [
        Column("/zwgk/jgzn/", "机构职能", body="<p>云汐市公安局是市人民政府工作部门，主管全市公安工作。主要职责：预防、制止和侦查违法犯罪活动；维护社会治安秩序；管理户政、交通、出入境等事务。</p><p>办公地址：云汐市滨河路9号　办公时间：工作日9:00—12:00，14:00—17:30　联系电话：0500-5550110　负责人：江望舒</p>"),
        Column("/zwgk/ldxx/", "领导信息", body="<p>江望舒　党委书记、局长，主持全面工作。</p><p>陆停云　党委委员、副局长，分管治安、户政工作。</p><p>沈知白　党委委员、副局长，分管刑侦、反诈工作。</p>"),
        Column("/zwgk/nsjg/", "内设机构", body="<p>办公室：负责综合协调。法制支队：负责法制审核。治安支队：负责治安管理。</p>"),
        normative, others, reading,
        Column("/zwgk/ghjh/", "规划计划", [plain("gh1", "云汐市公安局2026年工作要点", "2026-01-20", "2026年全市公安工作要点如下：一是防风险；二是护民生；三是强基层。"), plain("gh2", "云汐市公安局2025年工作总结", "2026-01-12", "2025年，全局各项工作平稳有序，群众安全感进一步提升。")]),
        Column("/zwgk/yjs/", "财政预决算", [plain("ys1", "云汐市公安局2026年部门预算公开", "2026-02-10", "现将2026年部门预算予以公开，详见附件。", files=[("2026年部门预算表.xlsx", "/zwgk/yjs/ys2026.xlsx")]), plain("js1", "云汐市公安局2024年部门决算公开", "2025-09-08", "现将2024年部门决算予以公开。")]),
        Column("/zwgk/xzxk/", "行政许可", [plain("xk1", "2026年2月行政许可决定公示", "2026-03-04", "2026年2月共作出行政许可决定12件，其中大型活动安全许可3件。")]),
        Column("/zwgk/xzcf/", "行政处罚", [plain("cf1", "2026年2月行政处罚决定公示（治安类）", "2026-03-05", "2026年2月共公示治安类行政处罚决定9件，其中赌博3件、扰乱公共秩序2件。")]),
        Column("/zwgk/xzqz/", "行政强制", [plain("qz0", "公安机关行政强制措施的依据和程序", "2025-08-15", "扣押、查封等行政强制措施的依据、条件和程序公布如下。")]),
        Column("/zwgk/gfxql/", "规范性文件清理", [plain("ql1", "云汐市公安局行政规范性文件清理结果公告", "2025-12-25", "经清理，继续有效的行政规范性文件共九件，目录公布如下。")]),
        Column("/zwgk/xzzf/", "行政执法公示", [plain("zf1", "行政执法人员名单公示", "2025-07-24", "现将持有执法证件的人员名单予以公示。")]),
        Column("/zwgk/ssj/", "双随机、一公开", [plain("ss1", "2025年度双随机抽查结果公示", "2025-12-11", "全年抽查旅馆、印章刻制单位二十一家，结果公示如下。")]),
        Column("/zwgk/hjgl/", "户籍管理", [plain("hj1", "户口迁移事项清单", "2025-09-11", "户口迁移、立户分户等事项的条件、材料和时限公布如下。")]),
        Column("/zwgk/jcml/", "重大行政决策事项目录", [plain("jm1", "2026年度重大行政决策事项目录", "2026-03-09", "一、制定城区禁限行管理办法。")]),
        Column("/zwgk/hygk/", "会议公开", [plain("hg1", "市公安局召开局长办公会议研究治安防控工作", "2026-02-24", "会议听取了治安防控体系建设情况汇报。")]),
        Column("/zwgk/qzqd/", "权责清单", [plain("qz1", "云汐市公安局权责清单（2025年版）", "2025-08-15", "本清单包括行政许可、行政处罚、行政强制等事项共216项。")]),
        Column("/zwgk/sfxm/", "收费项目", [plain("sf1", "云汐市公安局行政事业性收费项目目录", "2025-06-03", "居民身份证工本费、机动车号牌工本费等，按国家标准收取。")]),
        Column("/zwgk/zfcg/", "政府采购", [plain("cg1", "执勤车辆采购结果公告", "2026-01-28", "执勤车辆采购项目已完成评审，现将结果公告如下。")]),
        Column("/zwgk/rsxx/", "人事信息", [plain("rs1", "云汐市公安局任前公示", "2025-10-21", "经研究，拟任命三名同志为科所队负责人，现予公示。")]),
        Column("/zwgk/gwyzl/", "公务员招录", [plain("zl1", "2026年度公安机关招录人民警察体能测评公告", "2026-03-02", "体能测评定于2026年3月14日进行，请考生按时参加。")]),
        Column("/zwgk/yjgl/", "应急管理", [plain("yj1", "云汐市公安局突发事件应急预案", "2025-05-30", "为提高应对突发事件的能力，制定本预案。")]),
        Column("/zwgk/jyta/", "建议提案办理", note="情况说明：2025年度我局未承办人大代表建议和政协委员提案，特此说明。"),
        Column("/zwgk/yjzj/", "意见征集", [plain("zj1", "关于《云汐市养犬管理实施细则（征求意见稿）》公开征求意见的公告", "2025-09-01", "根据《中华人民共和国动物防疫法》等规定，我局起草了《云汐市养犬管理实施细则（征求意见稿）》，现公开征求意见，时间为2025年9月1日至10月8日，意见可寄至云汐市滨河路9号或发送邮件至yxgaj@yunxi.xuncha-demo.gov.cn。<br/>起草说明：细则对登记、免疫和遛犬作了规定。", files=[("云汐市养犬管理实施细则（征求意见稿）.docx", "/zwgk/yjzj/zj1.docx")])]),
        Column("/zwgk/yjfk/", "意见反馈", [plain("fk1", "关于《云汐市养犬管理实施细则（征求意见稿）》意见征集结果的反馈", "2025-10-15", "征集期间共收到意见6条，采纳4条，未采纳2条，未采纳理由已逐一说明。")]),
        Column("/zwgk/sjfb/", "数据发布", script=SCRIPTED),
    ]
    site.put(HOST, "/zwgk/yjs/ys2026.xlsx", xlsx([["项目", "预算数（万元）"], ["基本支出", 10230], ["项目支出", 3320]]))
    site.put(HOST, "/zwgk/yjzj/zj1.docx", docx(["云汐市养犬管理实施细则（征求意见稿）", "第一条　为规范养犬行为，制定本细则。"]))
    guide = Column("/zwgk/zn/", "政府信息公开指南", body="<p>本指南说明云汐市公安局政府信息的分类、编排体系和获取方式。</p><p>机构名称：云汐市公安局　办公地址：云汐市滨河路9号　办公时间：工作日9:00—17:30　联系电话：0500-5550119　传真：0500-5550118　电子邮箱：yxgaj@yunxi.xuncha-demo.gov.cn</p><p>本局自收到申请之日起20个工作日内答复。</p>")
    rules = Column("/zwgk/zd/", "政府信息公开制度", [plain("zd1", "云汐市公安局政府信息公开工作制度", "2025-04-18", "第一条　为规范政府信息公开工作，制定本制度。")])
    report = Column("/zwgk/nb/", "政府信息公开年报", [Article(f"nb{y}", f"云汐市公安局{y}年政府信息公开工作年度报告", f"{y + 1}-01-19", report_of(y), source=BUREAU) for y in (2025, 2024)])
    apply = Column("/zwgk/ysq/", "依申请公开", body='<p>公民、法人或者其他组织可以向本局申请获取政府信息。</p><p>受理机构：云汐市公安局办公室　电话：0500-5550119</p><p><a href="/zwgk/ysq/sqb.docx">政府信息公开申请表.docx</a></p>')
    site.put(HOST, "/zwgk/ysq/sqb.docx", docx(["政府信息公开申请表", "申请人信息", "所需信息内容描述"]))
    statutory = Column("/zwgk/fdzdgk/", "法定主动公开内容", children=kids)
    return Column("/zwgk/", "政府信息公开", children=[guide, rules, Column("/zwgk/ml/", "政府信息公开目录", [plain("ml1", "云汐市公安局主动公开基本目录", "2025-06-20", "目录包括公开事项、公开内容、公开主体、公开时限、公开渠道等要素。")]), statutory, report, apply])


SCRIPTED = """<div id="dataList"></div>
<script type="text/javascript">
$.ajax({url:"/api-gateway/jpaas-publish-server/front/page/build/unit?pageId=sjfb&tplSetId=demo",dataType:"json",success:function(d){$("#dataList").html(d.data.html);}});
</script>
"""

def report_of(year):
    return ["<h3>一、总体情况</h3>", "全年对照年度政务公开工作要点逐项落实，主动公开政府信息三百余条，未发生因信息公开引发的负面舆情。", "<h3>二、主动公开政府信息情况</h3>", "行政规范性文件制发2件。", disclosed(year), "<h3>三、收到和处理政府信息公开申请情况</h3>", "全年收到申请3件，均已按期答复。", requests(3),
          "<h3>四、政府信息公开行政复议、行政诉讼情况</h3>", "无。", reviews(), "<h3>五、存在的主要问题及改进情况</h3>", "解读形式还不够丰富，将加强图文解读。", "<h3>六、其他需要报告的事项</h3>", "本年度未收取信息处理费。"]


def plain(slug, title, date, text, files=()):
    return Article(slug, title, date, [text], source=BUREAU, files=list(files))


def normative_articles(site):
    def doc(slug, title, number, document, written, published, text, **rest):
        return Article(slug, title, published, notice(BUREAU, text, written), source=BUREAU, header=header(index(number), title, document, written, published, **rest))

    rows = [
        doc("gf1", "关于印发《云汐市电动自行车登记管理规定》的通知", "202511-00012", "云公规〔2025〕2号", "2025-11-03", "2025-11-05", ["各分局、支队：现将《云汐市电动自行车登记管理规定》印发给你们，请认真贯彻执行。", "第一条　为加强电动自行车管理，制定本规定。", "第二条　本规定自2025年12月1日起施行，有效期五年。"]),
        doc("gf2", "关于印发《云汐市养犬管理实施细则》的通知", "202510-00009", "云公规〔2025〕1号", "2025-10-20", "2025-10-24", ["现将《云汐市养犬管理实施细则》印发给你们，请遵照执行。", "第一条　为规范养犬行为，制定本细则。"], validity=None),
        doc("gf3", "关于印发《云汐市旅馆业治安管理办法》的通知", "202406-00004", "云公规〔2024〕1号", "2024-06-11", "2024-06-14", ["现将《云汐市旅馆业治安管理办法》印发给你们，请遵照执行。", "第一条　为加强旅馆业治安管理，制定本办法。"], topic_value=""),
    ]
    rows[0].files = [("云汐市电动自行车登记管理规定.docx", "/zwgk/xzgfxwj/gf1.docx"), ("云汐市电动自行车登记管理规定.pdf", "/zwgk/xzgfxwj/gf1.pdf")]
    rows[0].after = '<p>政策解读：<a href="/zwgk/zcjd/202511/t20251106_jd1.html">《云汐市电动自行车登记管理规定》政策解读</a></p>'
    site.put(HOST, "/zwgk/xzgfxwj/gf1.docx", docx(["云汐市电动自行车登记管理规定", "第一条　为加强电动自行车管理，制定本规定。"]))
    site.put(HOST, "/zwgk/xzgfxwj/gf1.pdf", pdf("Rules on the registration of electric bicycles"))
    site.plant("document-element", f"http://{HOST}/zwgk/xzgfxwj/202510/t20251024_gf2.html", "规范性文件的信息头没有“有效性”", text="有效性")
    site.plant("document-element", f"http://{HOST}/zwgk/xzgfxwj/202406/t20240614_gf3.html", "规范性文件的“主题分类”为空", text="主题分类")
    return rows


def other_articles(site):
    rows = []

    def doc(slug, title, document, written, number="202509-00031", code=CREDIT, index_value=None, **metas):
        head = header(index_value or f"{code}/{number}", title, document, written, written, validity=None)
        rows.append(Article(slug, title, written, notice(BUREAU, ["各分局、支队、直属单位：", "现就有关事项通知如下，请认真抓好落实。", "一、提高认识。二、明确责任。三、按时报送。"], written), source=BUREAU, header=head, metas=metas))
        return f"http://{HOST}/zwgk/bmwj/{written[:7].replace('-', '')}/t{written.replace('-', '')}_{slug}.html"

    def bad(rule, note, *args, text=None, **kw):
        url = doc(*args, **kw)
        site.plant(rule, url, note, **({"text": text} if text else {}))

    doc("wj01", "关于做好2026年春季校园周边治安工作的通知", "云公通〔2026〕4号", "2026-02-26", "202602-00004")
    doc("wj02", "关于开展“全民反诈”集中宣传月活动的通知", "云公通〔2025〕19号", "2025-10-09", "202510-00019")
    bad("document-number", "年份用了方括号", "wj03", "关于规范窗口服务用语的通知", "云公通[2025]3号", "2025-03-28", "202503-00003", text="[2025]")
    bad("document-number", "顺序号前有虚位 0", "wj04", "关于做好汛期值班备勤工作的通知", "云公通〔2025〕08号", "2025-05-12", "202505-00008", text="08")
    bad("document-number", "顺序号前加了“第”", "wj05", "关于暑期未成年人保护工作的通知", "云公通〔2025〕第12号", "2025-07-02", "202507-00012", text="第12号")
    bad("document-number", "顺序号后缺“号”", "wj06", "关于开展内部安全检查的通知", "云公通〔2025〕15", "2025-08-11", "202508-00015", text="〔2025〕15")
    bad("document-number", "年份只写两位", "wj07", "关于报送三季度工作情况的通知", "云公通〔25〕16号", "2025-09-10", "202509-00016", text="〔25〕")
    bad("document-number", "文号年份 2024 与成文日期 2025 不一致", "wj08", "关于加强公务用车管理的通知", "云公通〔2024〕18号", "2025-09-25", "202509-00018", text="2024")
    bad("index-number", "统一社会信用代码的校验码不对", "wj09", "关于印发信访工作流程的通知", "云公通〔2025〕20号", "2025-10-14", "202510-00020", code=wrong(CREDIT))
    bad("index-number", "索引号里漏出了 null", "wj10", "关于做好国庆安保总结的通知", "云公通〔2025〕21号", "2025-10-17", index_value="null02D/01A/D3C20251017")
    bad("article-meta", "PubDate 为空", "wj11", "关于开展档案整理工作的通知", "云公通〔2025〕22号", "2025-11-20", "202511-00022", text="PubDate", PubDate="")
    bad("article-meta", "没有 ContentSource", "wj12", "关于冬季防火工作的通知", "云公通〔2025〕24号", "2025-12-03", "202512-00024", text="ContentSource", ContentSource=None)
    return rows


def service_articles(site):
    return [
        Article("bs1", "居民身份证申领、换领、补领办事指南", "2025-07-15", ["事项名称：居民身份证申领、换领、补领", "办理地点：各派出所户籍窗口　办理时间：工作日9:00—17:00　联系电话：0500-5550121", "收费标准：首次申领、换领20元，补领40元。", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"], source=BUREAU),
        Article("bs2", "大型群众性活动安全许可办事指南", "2025-07-15", ["事项名称：大型群众性活动安全许可", "办理地点：云汐市滨河路9号治安支队窗口　联系电话：0500-5550133", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"], source=BUREAU),
    ]
