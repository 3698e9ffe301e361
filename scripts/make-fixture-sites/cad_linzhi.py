"""临沚市人民防空办公室 on a www and an xxgk host, with faults in the manner of a real page: empty elements, a trailing spam line."""

from binary import docx, pdf, png
from bureau import Bureau, basics, platform
from codes import credit
from kit import Article, Column, Site
from prose import notice, routine
from skin import Skin, footer

WWW, XXGK = "www.rfb.linzhi.xuncha-demo.gov.cn", "xxgk.rfb.linzhi.xuncha-demo.gov.cn"
OFFICE = "临沚市人民防空办公室"
CODE = "3299020031"
B = Bureau(OFFICE, "市人防办", "/lzrfb/", "临沚市青禾路16号", "0500-5551200", "lzrfb@linzhi.xuncha-demo.gov.cn", credit("329902", "MB0B2202"),
           [("季云帆", "党组书记、主任，主持全面工作"), ("苏晚晴", "党组成员、副主任，分管工程管理")], "负责全市人民防空建设和防空袭斗争准备工作，组织防空警报建设、人防工程管理和宣传教育。")


class Linzhi(Skin):
    """The xxgk host follows the older manner: labels and values in one row of cells, a blank before the colon."""

    here = "您现在的位置："
    arrow = " >> "
    body_class = "wzcon j-fontContent"
    doctype = "<!DOCTYPE html>"


def build():
    site = Site("cad-linzhi", "临沚市人民防空办公室（主站与信息公开站）", "Civil air defence office of Linzhi on two hosts", [f"http://{WWW}/"], "cad")
    site.host(WWW, "www", "utf-8")
    site.host(XXGK, "xxgk")  # no charset in the header: the page's own meta decides
    site.host("gcxx.linzhi.xuncha-demo.gov.cn")
    site.host("map.linzhi.xuncha-demo.gov.cn")
    site.unit("cad", OFFICE, "civil-air-defence-office", [{"host": WWW}, {"host": XXGK}])
    # No accessibility entry anywhere: one fault of the site, not one per page.
    bottom = footer(OFFICE, CODE, "苏ICP备99002203号", "苏公网安备 32990202000031号", "32990202000031", B.address, B.phone, access=False,
                    links=[("工程信息网", "http://gcxx.linzhi.xuncha-demo.gov.cn/"), ("人防工程地图", "http://map.linzhi.xuncha-demo.gov.cn/")])
    site.plant("footer-element", f"http://{WWW}/", "页脚没有适老化、无障碍入口", text="适老化")
    site.route("gcxx.linzhi.xuncha-demo.gov.cn", "/", status=403)
    site.route("map.linzhi.xuncha-demo.gov.cn", "/", status=429, headers={"Retry-After": "1"})
    www = Linzhi(site, WWW, OFFICE, WWW, CODE, bottom)
    xxgk = Linzhi(site, XXGK, OFFICE, WWW, CODE, bottom.replace('href="/', f'href="http://{WWW}/'))
    xxgk.home_url = f"http://{WWW}/"
    for host in (WWW, XXGK):
        site.put(host, "/css/site.css", "body{font:14px/2 SimSun,serif}.footer{border-top:2px solid #036}\n")
        for name, colour in (("logo", (0, 60, 120)), ("blue", (30, 60, 200)), ("red", (200, 30, 30)), ("jiucuo", (220, 120, 20))):
            site.put(host, f"/images/{name}.png", png(16, 8, colour))
    site.put(WWW, "/images/sjpx.png", png(20, 10, (90, 120, 90)))

    news = Column("/rfdt/", "人防动态", [Article(f"n{i:02}", t, d, body or routine(OFFICE, w, d), source=OFFICE) for i, (t, d, w, body) in enumerate(NEWS)], kind="工作动态", per_page=6)
    districts = Column("/qxrf/", "区县人防", [Article(f"q{i}", t, d, routine(u, w, d), source=u) for i, (t, d, u, w) in enumerate(DISTRICTS)])
    notices = Column("/tzgg/", "通知公告", notice_articles(site))
    education = Column("/xcjy/", "宣传教育", [
        Article("xj1", "听懂防空警报：三种信号怎么分", "2025-09-16", ["预先警报：鸣36秒，停24秒，反复三遍。", "空袭警报：鸣6秒，停6秒，反复十五遍。", "解除警报：连续鸣三分钟。"], source=OFFICE),
        # One honest gloss of a rare character is no damage.
        Article("xj2", "沚(zhǐ)水边的防空洞：老人讲述城市记忆", "2025-07-08", ["“沚”是水中的小块陆地，临沚因此得名。", "八十岁的何老伯回忆，当年大家在沚水边挖防空洞，手上磨出了血泡。"], source=OFFICE),
    ])
    works = Column("/rfgc/", "人防工程", [Article("gc1", "结建防空地下室审批流程说明", "2025-10-11", ["建设单位应在申请施工许可前办理防空地下室设计审查。"], source=OFFICE), Article("gc2", "人防工程平时使用登记须知", "2025-06-19", ["平时使用人防工程的，应当到主管部门登记。"], source=OFFICE)])
    warning = Column("/fkjb/", "防空警报", [Article("jb1", "关于组织防空警报试鸣的公告", "2025-09-10", notice(OFFICE, ["定于2025年9月18日上午10时至10时19分在全市组织防空警报试鸣，请广大市民保持正常秩序。"], "2025-09-10"), source=OFFICE)])
    service = Column("/bszn/", "办事指南", [Article("bs1", "防空地下室易地建设审批办事指南", "2025-06-25", ["办理地点：临沚市政务服务中心二楼　办理时间：工作日9:00—17:00　联系电话：0500-5551208", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"], source=OFFICE)])
    box = Column("/zrxx/", "主任信箱", [Article("x1", "小区地下车库是人防工程吗", "2026-02-24", ["<p>【来信】　请问小区负二层车库是否属于人防工程？</p>", "<p>【答复】　经查，该车库为平战结合人防工程，平时可作停车使用。</p>"], source=OFFICE)])
    tell = Column("/jbts/", "监督举报", body=f"<p>欢迎社会各界监督人防工程建设和使用。</p><p>举报电话：0500-5551266　来信请寄：{B.address}</p>")
    links = Column("/lxwm/", "联系我们", body=f"<p>地址：{B.address}　电话：{B.phone}　邮箱：{B.mail}</p>")
    sitemap = Column("/wzdt/", "网站地图")
    root = disclosure(site)
    site.route(XXGK, "/", status=302, location="/lzrfb/")
    top = [news, districts, notices, education, works, warning, service, box, tell]
    nav = [("首页", f"http://{WWW}/"), ("政府信息公开", f"http://{XXGK}/lzrfb/")] + [(c.name, f"http://{WWW}{c.path}") for c in (news, notices, works, warning, education, service, box)]
    www.nav = [(n, u.removeprefix(f"http://{WWW}")) for n, u in nav]
    xxgk.nav = nav
    for column in [*top, links, sitemap]:
        www.prepare(column)
    root.host = XXGK
    for column in root.walk():
        column.host = XXGK
    xxgk.prepare(root)
    sitemap.body = "<ul>" + "".join(f'<li><a href="{www.link(c, c.path)}">{c.name}</a></li>' for t in [*top, root] for c in t.walk()) + "</ul>"
    spam(site, news, root)
    for column in [*top, links, sitemap]:
        www.column(column)
    xxgk.column(root)
    www.home([news, notices, districts, warning], f'<div class="gk"><a href="http://{XXGK}/">政府信息公开平台</a> <a href="/xcjy/"><img src="/images/sjpx.png" alt="人防宣传" /></a></div>\n')
    www.put("/search.html", www.frame("站内搜索", {}, [("首页", "/"), ("站内搜索", None)], '<form action="/search.html"><input name="q" /></form>'))
    xxgk.put("/search.html", xxgk.frame("信息公开检索", {}, [("首页", f"http://{WWW}/"), ("信息公开检索", None)], '<form action="/search.html"><input name="q" /></form>'))
    return site


NEWS = [
    ("市人防办组织开展早春植树活动", "2026-03-14", "组织干部职工开展早春义务植树活动", None),
    ("全市人防工程安全检查启动", "2026-03-09", "启动全市人防工程安全大检查", None),
    ("职工篮球赛落幕，指挥通信站队夺冠", "2026-03-04", "", ["3月3日，市人防办职工篮球赛落幕，指挥通信站队以两分优势夺冠。", "赛后，大家一起观看了电视转播的CBA常规赛，交流战术心得，气氛十分融洽。"]),
    ("市人防办召开机关作风建设会议", "2026-02-12", "召开机关作风建设会议", None),
    ("人防知识走进青禾小学", "2026-01-21", "组织人防知识进校园活动，走进青禾小学", None),
    ("市人防办赴结对村走访慰问", "2026-01-13", "赴结对村走访慰问困难群众", None),
    ("年度人防训练考核圆满结束", "2025-12-19", "组织完成年度人防训练考核", None),
    ("“9·18”警报试鸣活动顺利完成", "2025-09-18", "组织完成防空警报试鸣活动", None),
]

DISTRICTS = [
    ("青禾区人防办检查地下商场安全", "2026-03-11", "青禾区人防办", "检查地下商场消防和人防设施安全"),
    ("南浦县组织疏散演练", "2026-02-03", "南浦县人防办", "组织机关干部疏散演练"),
]


def notice_articles(site):
    site.put(WWW, "/tzgg/fj/jcbg.pdf", pdf("Inspection report of civil defence works 2025"))
    site.put(WWW, "/tzgg/fj/bmb.docx", docx(["人防志愿者报名表", "姓名", "单位"]))
    site.plant("dead-attachment", f"http://{WWW}/tzgg/fj/mingdan.xls", "志愿者通知的名单附件 404")
    return [
        Article("tz1", "关于招募人防志愿者的通知", "2026-03-02", notice(OFFICE, ["现面向社会招募人防志愿者，报名截止2026年4月10日。"], "2026-03-02"), source=OFFICE, files=[("报名表.docx", "/tzgg/fj/bmb.docx"), ("入选名单.xls", "/tzgg/fj/mingdan.xls")]),
        Article("tz2", "2025年人防工程检查情况通报", "2025-12-24", notice(OFFICE, ["现将2025年人防工程检查情况通报如下。"], "2025-12-24"), source=OFFICE, files=[("检查报告.pdf", "/tzgg/fj/jcbg.pdf")]),
        Article("tz3", "关于人防指挥所夜间施工的公告", "2025-10-13", notice(OFFICE, ["因设备检修需要，10月15日至17日夜间施工，请周边居民谅解。"], "2025-10-13"), source=OFFICE, after='<p>施工位置见<a href="/tzgg/sgwz.html">示意图</a>。</p>\n'),
    ]


def header(title, document, written, published, number, keywords="人防", validity="有效"):
    return {"索引号": f"{B.code}/{number}", "组配分类": "部门文件", "发布机构": OFFICE, "主题分类": "人防", "有效性": validity, "关键词": keywords, "名称": title, "文号": document, "生成日期": written, "发布日期": published}


def document(slug, title, doc_no, written, published, number, *text, **rest):
    return Article(slug, title, published, notice(OFFICE, list(text), written), source=OFFICE, header=header(title, doc_no, written, published, number, **rest))


def disclosure(site):
    normative = B.column("gfxwj", "行政规范性文件",
        document("gf1", "关于印发《临沚市人防工程平时使用管理办法》的通知", "临人防规〔2025〕1号", "2025-12-02", "2025-12-08", "202512-00003", "各区县人防办：现将管理办法印发给你们，请遵照执行。", "第一条　为规范人防工程平时使用，制定本办法。"),
        document("gf2", "关于印发《临沚市防空地下室易地建设费管理办法》的通知", "", "2025-10-27", "2025-10-30", "202510-00011", "各区县人防办：现将管理办法印发给你们，请遵照执行。", "第一条　为加强易地建设费管理，制定本办法。", keywords=""),
        document("gf3", "关于印发《临沚市人防警报设施管理规定》的通知", "临人防规【2024】2号", "2024-07-15", "2024-07-18", "202407-00007", "各区县人防办：现将管理规定印发给你们，请遵照执行。"))
    gf = f"http://{XXGK}/lzrfb/gfxwj/"
    site.plant("document-element", f"{gf}202510/t20251030_gf2.html", "规范性文件的“文号”为空", text="文号")
    site.plant("document-number", f"{gf}202407/t20240718_gf3.html", "年份用了【】", text="【2024】")
    others = B.column("bmwj", "其他文件",
        # As on the real page: a work plan has no document number and no keywords, and need not have them.
        document("wj1", "临沚市人防办2026年政务公开工作实施方案", "", "2026-01-19", "2026-01-20", "202601-00002", *PLAN, keywords=""),
        document("wj2", "关于做好2026年防空警报设施维护工作的通知", "临人防〔2026〕6号", "2026-03-03", "2026-03-04", "202603-00001", "各区县人防办、警报维护单位：现就设施维护工作通知如下。"),
        document("wj3", "关于开展人防工程汛期排查的通知", "临人防〔2025〕27号", "2025-05-26", "2025-05-27", "", "各区县人防办：现就汛期排查通知如下。"))
    site.plant("index-number", f"http://{XXGK}/lzrfb/bmwj/202505/t20250527_wj3.html", "索引号只有机构代码，没有日期和流水号")
    reading = B.column("zcjd", "政策解读", B.item("jd1", "《临沚市人防工程平时使用管理办法》解读", "2025-12-09", "一、制定背景。二、主要内容。三、执行标准。", after='<p>原文：<a href="/lzrfb/gfxwj/202512/t20251208_gf1.html">关于印发《临沚市人防工程平时使用管理办法》的通知</a></p>'))
    cols = basics(B)
    cols["plans"].articles = [B.item("gh0", "临沚市人民防空办公室2024年工作计划", "2024-02-06", "2024年工作计划如下。")]
    site.plant("column-freshness", f"http://{XXGK}/lzrfb/ghjh/", "规划计划最新一条是 2024-02-06，超过一年")
    cols["emergency"].articles = []
    site.plant("column-empty", f"http://{XXGK}/lzrfb/yjgl/", "应急管理栏目为空")
    cols["proposals"].articles, cols["proposals"].note = [], "情况说明：2025年我办没有承办建议提案。"
    fee = B.column("ydjsf", "人防易地建设费", B.item("yd1", "2025年易地建设费征收情况", "2026-01-27", "2025年共征收易地建设费12笔，全部缴入国库。"))
    site.plant("required-column", f"http://{WWW}/", "没有“政府信息公开制度”栏目", text="政府信息公开制度")
    return platform(B, [cols["functions"], cols["leaders"], cols["internal"], normative, others, reading, fee, *(cols[k] for k in cols if k not in ("functions", "leaders", "internal"))], omit=("rules",))


PLAN = ["为做好2026年政务公开工作，结合人防实际，制定本方案。", "一、工作目标。以公开促规范、促服务，让群众看得到、听得懂、能监督。", "二、主要任务。（一）规范公开内容；（二）做好政策解读；（三）回应社会关切；（四）办好依申请公开。", "三、保障措施。（一）加强领导；（二）加强培训；（三）加强考核。"]


def spam(site, news, root):
    column = next(c for c in root.walk() if c.name == "其他文件")
    plan = column.first("wj1")
    plan.after = "<p>CBA直播,CBA直播在线观看</p>\n"
    site.plant("injected-spam", plan.url, "正文之后多出一行与主题无关的赌博推广语", certainty="suspected", text="CBA直播")
    tz = "http://" + WWW + "/tzgg/sgwz.html"
    site.plant("dead-link", tz, "公告里的示意图链接 404")
