"""青麓县人民政府: a county portal in Traditional text, most pages in real GB18030 bytes under the label gb2312."""

from binary import docx, pdf, png, xlsx
from bureau import Bureau, basics, platform
from codes import credit
from kit import Article, Column, Site
from prose import notice, routine
from skin import Skin, footer
from traditional import traditional

HOST = "www.qinglu.xuncha-demo.gov.cn"
COUNTY = "青麓县人民政府"
OFFICE = "青麓县人民政府办公室"
CODE = "3299230001"
B = Bureau(OFFICE, "县政府办公室", "/xxgk/", "青麓县文昌路1号", "0500-5552300", "qinglu@qinglu.xuncha-demo.gov.cn", credit("329923", "MB0C3303"),
           [("闻人澄", "县委副书记、县长，主持县政府全面工作"), ("温庭秋", "县委常委、常务副县长，负责发展改革、财政工作"), ("柳㳘", "副县长，负责教育、卫生工作")], "协助县政府领导同志组织起草、审核以县政府名义发布的公文。")


class Qinglu(Skin):
    """Everything is turned into Traditional text; pages below /xxgk/ are UTF-8, all others GB18030 labelled gb2312."""

    shape = "col"
    here = "您当前所在位置："
    list_class = "news-list"
    body_class = "pages_content"
    suffix = " - {site}"
    utf8 = False

    def put(self, path, text, host=None):
        text = traditional(text)
        if path.startswith("/xxgk/"):
            self.site.put(self.host, path, text.replace("charset=gb2312", "charset=utf-8"), "utf-8")
        else:
            self.site.put(self.host, path, text, "gb18030")

    def article_path(self, column, article):
        return f"{column.path}content/{article.date[:4]}/{article.date[5:].replace('-', '')}{article.slug}.shtml"

    def page_path(self, column, number):
        return column.path + ("" if number == 1 else f"list_{number}.html")


def build():
    site = Site("county-qinglu", "青麓县人民政府（繁体与 GB18030）", "County portal of Qinglu in Traditional text and GB18030", [f"http://{HOST}/"], "qinglu")
    site.host(HOST, "www")
    site.host("tjj.qinglu.xuncha-demo.gov.cn")
    site.host("bdc.qinglu.xuncha-demo.gov.cn")
    site.unit("qinglu", COUNTY, "county-government", [{"host": HOST}])
    bottom = footer(OFFICE, CODE, "苏ICP备99003301号-2", "苏公网安备32992302000023号", "32992302000023", B.address, B.phone, mark="red",
                    links=[("县统计局", "http://tjj.qinglu.xuncha-demo.gov.cn/"), ("不动产登记", "http://bdc.qinglu.xuncha-demo.gov.cn/")])
    error_report = bottom.index('<a href="https://zfwzzc')
    bottom = bottom[:error_report] + "</p>\n" + bottom[bottom.index("</div>", error_report):]
    site.plant("footer-element", f"http://{HOST}/", "页脚没有“我为政府网站找错”", text="找错")
    site.route("tjj.qinglu.xuncha-demo.gov.cn", "/", status=503)
    site.route("bdc.qinglu.xuncha-demo.gov.cn", "/", status=301, location="http://bdc.qinglu.xuncha-demo.gov.cn/home/")
    site.route("bdc.qinglu.xuncha-demo.gov.cn", "/home/", status=401)
    skin = Qinglu(site, HOST, "青麓县人民政府", HOST, CODE, bottom)
    skin.charset = "gb2312"
    site.put(HOST, "/css/site.css", "body{font:15px/2 PMingLiU,serif}.footer{background:#363;color:#fff}\n")
    for name, colour in (("logo", (40, 110, 60)), ("red", (200, 30, 30)), ("blue", (30, 60, 200)), ("jiucuo", (220, 120, 20)), ("qinglu", (90, 160, 110))):
        site.put(HOST, f"/images/{name}.png", png(18, 9, colour))

    news = Column("/zwyw/", "要闻动态", [Article(f"a{i:02}", t, d, body or routine("县政府办公室", w, d), source="青麓发布") for i, (t, d, w, body) in enumerate(NEWS)], kind="工作动态", per_page=6)
    towns = Column("/xzdt/", "乡镇动态", [Article(f"b{i}", t, d, routine(u, w, d), source=u) for i, (t, d, u, w) in enumerate(TOWNS)])
    notices = Column("/tzgg/", "通知公告", [
        Article("c1", "关于文昌路封闭施工的公告", "2026-02-27", notice(OFFICE, ["因雨污分流改造，文昌路（东门至鼓楼段）自3月1日起封闭施工四十五天，请过往车辆绕行。"], "2026-02-27"), source=OFFICE),
        Article("c2", "2026年度县级项目申报通知", "2026-01-16", notice(OFFICE, ["各镇、各部门：请于2月底前报送项目材料。"], "2026-01-16"), source=OFFICE, files=[("申报表.docx", "/tzgg/fujian/sbb.docx"), ("项目汇总表.xlsx", "/tzgg/fujian/hzb.xlsx")]),
        Article("c3", "关于公布行政复议受理地点的公告", "2025-10-29", notice(OFFICE, ["行政复议申请受理地点：青麓县文昌路3号一楼。"], "2025-10-29"), source=OFFICE),
    ])
    site.put(HOST, "/tzgg/fujian/sbb.docx", docx(["项目申报表", "项目名称", "申报单位"]))
    site.put(HOST, "/tzgg/fujian/hzb.xlsx", xlsx([["序号", "项目"], [1, "河道整治"], [2, "道路改造"]]))
    about = Column("/zjql/", "县情概况", body='<p>青麓县地处云麓山北麓，因山色得名，面积一千二百平方公里，辖九镇二乡。</p><p><img src="/images/qinglu.png" alt="青麓风光" /></p>')
    service = Column("/bsfw/", "办事服务", [Article("s1", "社会保障卡申领办事指南", "2025-08-05", ["办理地点：县政务服务中心　办理时间：工作日9:00—17:00　联系电话：0500-5552318", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"], source="县政务服务中心")])
    box = Column("/xzxx/", "县长信箱", [Article("x1", "关于东门小区路灯不亮的回复", "2026-03-04", ["<p>【来信】　东门小区西侧路灯多日不亮。</p>", "<p>【回复】　已安排维修，3月3日恢复照明，感谢监督。</p>"], source=OFFICE)])
    contact = Column("/lxwm/", "联系我们", body=f"<p>地址：{B.address}　电话：{B.phone}</p>")
    access = Column("/wza/", "无障碍浏览", body="<p>网站提供放大字号、语音朗读等长者助手功能。</p>")
    sitemap = Column("/wzdt/", "网站地图")
    root = disclosure(site)
    top = [news, towns, notices, about, root, service, box]
    everything = [*top, contact, access, sitemap]
    # An old topic in the navigation of every page: one dead target, one finding, however many pages show it.
    skin.nav = [("首页", "/")] + [(c.name, c.path) for c in top] + [("乡村振兴专题", "/zt/xczx/")]
    site.plant("dead-link", f"http://{HOST}/zt/xczx/", "每页导航里的旧专题 404，只算一处")
    for column in everything:
        skin.prepare(column)
    sitemap.body = "<ul>" + "".join(f'<li><a href="{c.path}">{c.name}</a></li>' for t in top for c in t.walk()) + "</ul>"
    texts(site, skin, news, root)
    for column in everything:
        skin.column(column)
    skin.home([news, notices, towns], '<div class="pic"><a href="/zjql/"><img src="/images/qinglu.png" alt="走进青麓" /></a></div>\n')
    # Nothing was published for twenty days: the home page and both news columns.
    site.plant("home-freshness", f"http://{HOST}/", "首页最新一条是 2026-02-28，超过 14 天")
    site.plant("column-freshness", f"http://{HOST}/zwyw/", "要闻动态最新一条是 2026-02-27，超过 14 天")
    site.plant("column-freshness", f"http://{HOST}/xzdt/", "乡镇动态最新一条是 2026-02-28，超过 14 天")
    skin.put("/search.html", skin.frame("站内检索", {}, [("首页", "/"), ("站内检索", None)], '<form action="/search.html"><input name="q" /></form>'))
    raw_pages(site, skin)
    return site


NEWS = [
    ("县政府召开常务会议研究春耕备耕工作", "2026-02-27", "召开常务会议，研究春耕备耕和水利建设工作", None),
    ("全县重点项目集中开工", "2026-02-26", "举行一季度重点项目集中开工活动", None),
    ("县领导带队检查学校食堂食品安全", "2026-02-25", "组织检查学校食堂食品安全", None),
    ("青麓县举办迎春长跑", "2026-02-23", "举办迎春长跑活动，八百名市民参加", None),
    ("访古村：䴉(huán)鸟归来的地方", "2026-02-16", "", ["䴉鸟是青麓湿地的常客，今冬观测到四十七只，比上年多出一倍。", "㴔塘村的护鸟员说，水好了，鸟自然就来。"]),
    ("县总工会举办职工篮球联赛", "2026-02-07", "", ["职工篮球联赛决赛日前举行，教育代表队夺冠，曾在CBA效力的教练到场指导。"]),
    ("全县推进“高效办成一件事”", "2026-01-22", "部署推进“高效办成一件事”重点事项", None),
    ("县政府与农业大学签订合作协议", "2026-01-09", "与农业大学签订合作协议", None),
]

TOWNS = [
    ("东溪镇清理河道迎汛期", "2026-02-28", "东溪镇人民政府", "组织清理河道漂浮物"),
    ("北岭乡茶农忙备春茶", "2026-02-24", "北岭乡人民政府", "组织茶农备足春茶用工，落实用工保障"),
    ("南桥镇开展防溺水宣传", "2026-02-20", "南桥镇人民政府", "开展防溺水宣传活动"),
]


def header(title, document, written, published, number, validity="有效", topic="综合政务", body=OFFICE, **_):
    head = {"索引号": f"{B.code}/{number}", "分类": topic, "发布机构": body, "成文日期": written, "名称": title, "文号": document, "发布日期": published, "主题词": "政务"}
    return head | ({"有效性": validity} if validity is not None else {})


def document(slug, title, doc_no, written, published, number, *text, **rest):
    return Article(slug, title, published, notice(rest.get("body") or OFFICE, list(text), written), source=OFFICE, header=header(title, doc_no, written, published, number, **rest))


def disclosure(site):
    normative = B.column("xzgfxwj", "行政规范性文件",
        document("gf1", "青麓县人民政府关于印发农村公路管理办法的通知", "青政规〔2025〕3号", "2025-11-12", "2025-11-14", "202511-00021", "各镇人民政府、县各部门：现将农村公路管理办法印发给你们，请遵照执行。", "第一条　为加强农村公路管理，制定本办法。", body=COUNTY),
        document("gf2", "青麓县人民政府关于印发城市绿线管理规定的通知", "青政规〔2025〕1号", "2025-10-08", "2025-10-10", "202510-00006", "各镇人民政府、县各部门：现将城市绿线管理规定印发给你们。", body=""))
    site.plant("document-element", f"http://{HOST}{'/xxgk/xzgfxwj/content/2025/1010gf2.shtml'}", "规范性文件的“发布机构”为空", text="发布机构")
    others = B.column("zcwj", "政策文件",
        document("wj1", "青麓县人民政府办公室关于做好2026年春耕备耕工作的通知", "青政办发〔2026〕5号", "2026-02-24", "2026-02-25", "202602-00005", "各镇人民政府：现就春耕备耕工作通知如下。", validity=None),
        document("wj2", "青麓县人民政府办公室关于成立防汛指挥部的通知", "青政办发〔2025〕第17号", "2025-05-20", "2025-05-21", "202505-00017", "各镇人民政府：现将防汛指挥部组成人员通知如下。", validity=None))
    site.plant("document-number", f"http://{HOST}/xxgk/zcwj/content/2025/0521wj2.shtml", "顺序号前加了“第”", text="第17")
    reading = B.column("zcjd", "政策解读", B.item("jd1", "《青麓县旅游民宿管理办法》解读", "2025-06-30", "一、制定背景。二、主要内容。"))
    site.plant("column-freshness", f"http://{HOST}/xxgk/zcjd/", "政策解读最新一条是 2025-06-30，超过六个月")
    # Documents of the superior government are reprints: what they lack is not this county's fault.
    superior = B.column("sjwj", "上级文件",
        Article("sj1", "云江省人民政府关于印发省级政务服务管理办法的通知", "2025-12-09", notice("云江省人民政府", ["各市、县（区）人民政府：现将《云江省政务服务管理办法》印发给你们，请认真贯彻执行。", "第一条　为规范政务服务，制定本办法。"], "2025-12-01"), source="云江省人民政府网站", header={"文号": "云江政规〔2025〕9号", "发布日期": "2025-12-09"}),
        Article("sj2", "云江省人民政府办公厅关于做好冬春农田水利工作的通知", "2025-11-19", notice("云江省人民政府办公厅", ["各市、县（区）人民政府：冬春是农田水利建设的有利时节，现就有关工作通知如下。"], "2025-11-13"), source="云江日报"))
    cols = basics(B)
    cols["random"].articles = []
    site.plant("column-empty", f"http://{HOST}/xxgk/ssj/", "双随机栏目为空")
    more = [
        B.column("zfgzbg", "政府工作报告", Article("bg1", "2026年青麓县政府工作报告", "2026-01-26", ["各位代表：现在，我代表县人民政府向大会报告工作，请予审议。"], source=COUNTY)),
        B.column("tjxx", "统计信息", B.item("tj1", "2025年青麓县国民经济运行情况", "2026-02-09", "2025年全县经济运行总体平稳。")),
        B.column("zdxm", "重大建设项目", B.item("xm1", "2026年县级重点建设项目名单", "2026-02-13", "2026年安排重点项目三十六个。")),
        B.column("ggzy", "公共资源配置", B.item("gz1", "公共资源交易信息公开情况", "2026-01-14", "全年完成交易项目一百二十宗。")),
        B.column("shgy", "社会公益事业建设", B.item("sg1", "社会公益事业建设情况", "2026-01-14", "全年新建村级图书室五个。")),
        B.column("shjz", "社会救助", B.item("sj1", "2026年2月城乡低保发放情况", "2026-03-04", "2026年2月发放低保资金，保障对象按标准足额领取。")),
        B.column("jyxx", "教育信息", B.item("jx1", "2026年义务教育招生政策", "2026-03-03", "小学、初中实行免试就近入学。")),
        B.column("ylws", "医疗卫生", B.item("yl1", "家庭医生签约服务进展", "2026-02-20", "家庭医生签约服务覆盖全县各村。")),
        B.column("jyxc", "促进就业", B.item("jc1", "春风行动招聘会情况", "2026-02-26", "春风行动招聘会提供岗位一千余个。")),
        B.column("shbz", "社会保障", B.item("sb1", "城乡居民养老保险缴费公告", "2026-02-26", "城乡居民养老保险缴费工作已经开始。")),
        B.column("hjbh", "生态环境", B.item("hj1", "2026年2月环境空气质量", "2026-03-05", "2026年2月环境空气质量优良天数二十六天。")),
        B.column("aqsc", "安全生产", B.item("aq1", "一季度安全生产检查情况", "2026-02-27", "一季度检查企业四十家。")),
        B.column("spyp", "食品药品安全", B.item("sp1", "食品抽检信息公告", "2026-03-02", "本期抽检食品三十批次，全部合格。")),
        B.column("xczx", "乡村振兴", B.item("xc1", "乡村振兴项目公示", "2026-02-27", "现将乡村振兴项目予以公示。")),
        B.column("tdzs", "土地征收", B.item("td1", "征收土地预公告", "2026-01-29", "因公共利益需要，拟征收下列土地。")),
        B.column("fwzs", "房屋征收", B.item("fw1", "房屋征收补偿方案公告", "2025-12-16", "现将房屋征收补偿方案予以公告。")),
        B.column("zfgb", "政府公报", B.item("gb1", "青麓县人民政府公报2025年第4期", "2026-01-05", "本期公报刊登县政府文件六件。")),
        B.column("jczw", "基层政务公开标准目录", B.item("jm1", "青麓县基层政务公开标准目录", "2025-06-25", "目录覆盖二十六个领域。")),
        B.column("wzbb", "政府网站工作年度报表", B.item("bb1", "青麓县人民政府网站工作年度报表（2025年度）", "2026-01-12", "填报单位：青麓县人民政府办公室。")),
        B.column("zdjc", "重大决策预公开", B.item("jc1", "2026年度重大行政决策事项目录", "2026-03-02", "一、编制综合交通规划；二、制定养老服务条例实施办法。")),
        B.column("dfzw", "地方政府债务", B.item("zw1", "2025年政府债务限额和余额情况", "2026-01-30", "2025年末政府债务余额控制在限额以内。")),
        B.column("yjs", "高效办成一件事", B.item("yj2", "“新生儿出生一件事”办理指引", "2025-11-20", "出生医学证明、户口登记等事项一次申请、联合办理。")),
        B.column("yshj", "营商环境", B.item("ys2", "优化营商环境工作要点", "2026-02-06", "围绕准入、用地、用工等环节提出三十项措施。")),
        B.column("sgs", "双公示", B.item("sg2", "2026年2月行政许可和行政处罚公示", "2026-03-03", "2026年2月行政许可和行政处罚信息公示如下。")),
        B.column("czzd", "财政直达资金", B.item("zd2", "2025年直达资金分配情况", "2025-12-30", "直达资金已全部分配到项目。")),
        B.column("hmhn", "惠民惠农政策和资金", B.item("hm1", "耕地地力保护补贴发放公示", "2025-12-04", "补贴资金通过一卡通发放到户。")),
        B.column("ggqs", "公共企事业单位", B.item("gq1", "供水、供气单位信息公开情况", "2025-11-27", "供水、供气单位公开服务事项和收费标准。")),
        B.column("sjkf", "数据开放", B.item("sk1", "公共数据开放目录", "2025-10-31", "首批开放数据集二十个。")),
        B.column("cwhy", "政府常务会议", B.item("cw1", "县政府召开第四十八次常务会议", "2026-02-26", "会议审议并原则通过春耕生产方案。")),
        B.column("flfg", "法律法规", B.item("fl1", "政府信息公开条例要点", "2025-05-15", "条例自2019年5月15日起施行。")),
        B.column("zxft", "在线访谈", B.item("ft1", "县人社局负责人谈春季用工服务", "2026-02-25", "主持人：请介绍春季用工服务的安排。嘉宾：我们安排了六场招聘活动。")),
        B.column("zagl", "治安管理", B.item("za1", "烟花爆竹燃放管理提示", "2026-01-30", "禁放区域内禁止燃放烟花爆竹。")),
        B.column("cpzl", "产品质量监督", B.item("cp1", "产品质量监督抽查结果", "2026-01-28", "本期抽查产品十五批次，全部合格。")),
    ]
    return platform(B, [cols["functions"], cols["leaders"], cols["internal"], normative, others, superior, reading, *(cols[k] for k in cols if k not in ("functions", "leaders", "internal")), *more])


PINYIN = {"報": "bào", "國": "guó", "開": "kāi", "務": "wù", "縣": "xiàn", "條": "tiáo", "實": "shí", "動": "dòng", "機": "jī", "構": "gòu", "關": "guān", "員": "yuán", "個": "gè", "會": "huì", "導": "dǎo", "進": "jìn", "發": "fā", "為": "wéi", "對": "duì", "與": "yǔ", "這": "zhè", "數": "shù", "據": "jù", "應": "yīng", "點": "diǎn", "過": "guò", "強": "qiáng", "領": "lǐng", "組": "zǔ", "織": "zhī", "辦": "bàn", "經": "jīng", "來": "lái", "長": "zhǎng", "時": "shí", "間": "jiān", "電": "diàn", "話": "huà", "請": "qǐng", "業": "yè", "眾": "zhòng", "設": "shè", "現": "xiàn", "從": "cóng", "號": "hào", "後": "hòu", "將": "jiāng", "續": "xù"}


def garble(text):
    return "".join(f"{c}({PINYIN[c]})" if c in PINYIN else c for c in traditional(text))


def texts(site, skin, news, root):
    """The annual report of 2024 was pasted from a page that had been through a rewriting machine."""
    report = next(c for c in root.walk() if c.name == "政府信息公开年报").first("nb2024")
    report.body = [garble(p) if not p.startswith("<") else p for p in [
        "本报告根据《中华人民共和国政府信息公开条例》编制，数据统计时间为2024年1月1日至12月31日。如对本报告有疑问，请与县政府办公室联系。",
        *report.body, "一年来，县政府办公室加强组织领导，健全工作机制，推动政务公开与业务工作同部署、同实施，及时发布群众关心的信息，回应社会关切。",
        "下一步，将继续强化公开意识，完善制度，规范发布，主动接受社会监督，使政务公开工作经得起群众检验。"]]
    site.plant("garbled-text", report.url, "年报正文每几个字就夹着括号拼音")
    tampered = news.articles[6]
    tampered.metas = {}
    tampered.after = '<p>（责任编辑：青麓发布）</p>\n<div style="position:absolute;left:-9999px"><a href="http://yazhou-cai.example/kaihu">365娱乐app开户送彩金</a></div>\n'
    site.plant("injected-spam", tampered.url, "移出屏幕的娱乐开户链接", certainty="suspected")


def raw_pages(site, skin):
    """Three pages by hand: one that was converted twice, one under a wrong label, one with four-byte characters."""
    frame = lambda title, body: traditional(skin.frame(f"{title} - 青麓县人民政府", {}, [("首页", "/"), ("县情概况", "/zjql/"), (title, None)], body))
    # Its text was saved through a wrong charset once: what is stored is garbage, whatever the page declares.
    text = "东溪镇因东溪得名，明代设驿，清代设镇，今辖十七个村、三个社区。镇内有古桥七座、祠堂二十一处，每年春社、秋社都有庙会。"
    garbage = traditional(text).encode("utf-8").decode("gb18030", errors="replace")
    site.put(HOST, "/zjql/dongxi.html", frame("东溪镇志", f"<h1>东溪镇志</h1><p>{garbage}</p><p>{garbage}</p>").encode("gb18030"))
    site.plant("garbled-text", f"http://{HOST}/zjql/dongxi.html", "正文经错误的字符集转存过，整段乱码")
    # UTF-8 bytes under the label gb2312: we read them, browsers show garbage.
    site.put(HOST, "/zjql/nanqiao.html", frame("南桥镇志", f"<h1>南桥镇志</h1><p>{text.replace('东溪', '南桥')}</p>").encode("utf-8"))
    site.plant("garbled-text", f"http://{HOST}/zjql/nanqiao.html", "字节是 UTF-8，页面却声明 gb2312，浏览器显示乱码", text="utf-8")
    names = skin.frame("生僻地名 - 青麓县人民政府", {}, [("首页", "/"), ("走进青麓", "/zjql/"), ("生僻地名", None)],
                       "<h1>青麓生僻地名</h1><p>㴔塘村、㙟头坞、𬇙水、𠅤坪，这些地名中的字在旧字库中没有，网页按国家标准编码后可以正常显示。</p>")
    site.put(HOST, "/zjql/diming.html", traditional(names).replace("charset=gb2312", "charset=GB18030").encode("gb18030"))
    about = site.files["www/zjql/index.html"].decode("gb18030")
    extra = traditional('<ul class="more"><li><a href="/zjql/dongxi.html">东溪镇志</a></li><li><a href="/zjql/nanqiao.html">南桥镇志</a></li><li><a href="/zjql/diming.html">青麓生僻地名</a></li></ul>')
    site.files["www/zjql/index.html"] = about.replace('<p><img src="/images/qinglu.png"', extra + '<p><img src="/images/qinglu.png"').encode("gb18030")
