"""澄岫市政府部门网站群: one platform; three bureaus live under paths, one under a query code."""

from binary import docx, pdf, png
from bureau import ESSENTIAL, Bureau, basics, platform
from codes import credit
from kit import Article, Column, Site
from prose import notice, routine
from skin import Skin, footer

HOST = "www.chengxiu.xuncha-demo.gov.cn"
CITY = "澄岫市人民政府"
CODE = "3299030001"
DEPT = "104"


def bureau(name, short, prefix, number, phone, leaders, duties):
    return Bureau(name, short, prefix, f"澄岫市市民大道{number}号", phone, f"bm{number}@chengxiu.xuncha-demo.gov.cn", credit("329903", f"MB0D4{number:03}"), leaders, duties)


POLICE = bureau("澄岫市公安局", "市公安局", "/gaj/", 11, "0500-5553110", [("容若舟", "党委书记、局长，主持全面工作")], "负责全市社会治安、户政、交通和出入境管理工作。")
DEFENCE = bureau("澄岫市人民防空办公室", "市人防办", "/rfb/", 12, "0500-5553120", [("阮清和", "党组书记、主任，主持全面工作")], "负责全市人民防空建设、人防工程管理和防空警报工作。")
SCHOOLS = bureau("澄岫市教育局", "市教育局", "/jyj/", 13, "0500-5553130", [("林知远", "党委书记、局长，主持全面工作")], "负责全市基础教育、职业教育和教师队伍管理工作。")
OFFICE = bureau("澄岫市人民政府办公室", "市政府办公室", "/zfxxgk/", 10, "0500-5553000", [("明怀瑾", "党组书记、主任，主持全面工作")], "负责市政府公文处理、政务公开和网站集约化平台运行管理。")
MARKET = bureau("澄岫市市场监督管理局", "市市场监管局", "/", 14, "0500-5553140", [("易水寒", "党委书记、局长，主持全面工作")], "负责全市市场综合监督管理和知识产权工作。")


class Chengxiu(Skin):
    """The platform's template never learned to write ContentSource: one fault of the template, not one per page."""

    shape = "list"
    here = "您的位置："
    list_class = "gl-list"
    body_class = "article-conter"

    def article_metas(self, article):
        return super().article_metas(article) | {"ContentSource": None} | article.metas

    def article_path(self, column, article):
        return f"{column.path}content_{article.date.replace('-', '')}{article.slug}.html"


class Coded(Chengxiu):
    """The fourth bureau: every page is list.jsp, info.jsp or index.jsp with deptcode=104; files lie under /jsp/."""

    def query(self, path, **keys):
        return f"{path}?deptcode={DEPT}" + "".join(f"&{k}={v}" for k, v in keys.items())

    def put(self, path, text, host=None):
        # `&` must be written as an entity in markup.
        parts = path.split("?", 1)
        keys = dict(pair.split("=") for pair in parts[1].split("&"))
        name = "jsp/" + "-".join([parts[0].strip("/").removesuffix(".jsp"), *(v for k, v in keys.items() if k != "deptcode")]) + ".html"
        self.site.put(self.host, "/" + name, text.replace("&colid", "&amp;colid").replace("&id=", "&amp;id=").replace("&page=", "&amp;page="), self.encoding)
        self.site.route(self.host, parts[0], query=keys, file=name)

    def page_path(self, column, number):
        return column.path + (f"&page={number}" if number > 1 else "")

    def article_path(self, column, article):
        return self.query("/info.jsp", id=f"{column.path.split('colid=')[-1]}{article.slug}")


def build():
    site = Site("portal-chengxiu", "澄岫市政府部门网站群（路径与查询参数）", "Shared portal of Chengxiu: bureaus by path and by query", [f"http://{HOST}/"], "portal")
    site.host(HOST, "www", "utf-8")
    site.host("tv.xuncha-demo.gov.cn")
    site.unit("portal", OFFICE.name, "general-office", [{"host": HOST}])
    for unit, kind, b in (("gaj", "public-security-bureau", POLICE), ("rfb", "civil-air-defence-office", DEFENCE), ("jyj", "education-bureau", SCHOOLS)):
        site.unit(unit, b.name, kind, [{"host": HOST, "path": b.prefix}])
    site.unit("scjgj", MARKET.name, "market-supervision-bureau", [{"host": HOST, "query": {"key": "deptcode", "value": DEPT}}])
    # The footer was copied from a platform of another province: 皖ICP against 3299…
    bottom = footer("澄岫市人民政府办公室", CODE, "皖ICP备99004401号-3", "苏公网安备32990302000041号", "32990302000041", "澄岫市市民大道1号", "0500-5553000", links=[("澄岫广播电视台", "http://tv.xuncha-demo.gov.cn/")])
    site.plant("province-consistency", f"http://{HOST}/", "ICP 备案号是皖，网站标识码和公安备案号是 32（苏）")
    site.route("tv.xuncha-demo.gov.cn", "/", status=200, headers={"Content-Type": "text/html; charset=utf-8"}, location="http://tv.xuncha-demo.gov.cn/live/")
    site.routes[-1].update(status=302)
    site.route("tv.xuncha-demo.gov.cn", "/live/", status=521, delay_ms=300)
    skin = Chengxiu(site, HOST, "澄岫市人民政府部门网站", HOST, CODE, bottom)
    skin.site_metas = {"SiteDomain": None}
    coded = Coded(site, HOST, "澄岫市人民政府部门网站", HOST, CODE, bottom)
    coded.site_metas = skin.site_metas
    site.put(HOST, "/css/site.css", "body{font:14px/1.9 'PingFang SC',sans-serif}.footer{background:#444;color:#fff}\n")
    for name, colour in (("logo", (120, 40, 40)), ("red", (200, 30, 30)), ("jiucuo", (220, 120, 20)), ("xiu", (120, 130, 160))):
        site.put(HOST, f"/images/{name}.png", png(20, 8, colour))

    city_news = Column("/zwyw/", "要闻动态", [Article(f"y{i}", t, d, routine("市政府办公室", w, d), source="澄岫发布") for i, (t, d, w) in enumerate(CITY_NEWS)])
    city_notice = Column("/tzgg/", "通知公告", [Article("tg1", "关于调整部分公交线路的公告", "2026-03-05", notice("澄岫市人民政府办公室", ["自3月10日起，部分公交线路调整走向。"], "2026-03-05"), source="市政府办公室")])
    contact = Column("/lxwm/", "联系我们", body="<p>地址：澄岫市市民大道1号　电话：0500-5553000</p>")
    access = Column("/wza/", "无障碍浏览", body="<p>提供语音朗读、放大字号等功能。</p>")
    sitemap = Column("/wzdt/", "网站地图")
    own = [city_news, city_notice, office(), contact, access, sitemap]
    bureaus = [police(site), defence(site), schools(site)]
    market_columns = market(site, coded)
    skin.nav = coded.nav = [("首页", "/"), ("要闻动态", "/zwyw/"), ("通知公告", "/tzgg/"), ("政府信息公开", "/zfxxgk/")] + [(b.name, b.prefix) for b in (POLICE, DEFENCE, SCHOOLS)] + [(MARKET.name, coded.query("/index.jsp"))]
    for column in [*own, *(c for cs in bureaus for c in cs)]:
        skin.prepare(column)
    for column in market_columns:
        coded.prepare(column)
    sitemap.body = "<ul>" + "".join(f'<li><a href="{c.path.replace("&", "&amp;")}">{c.name}</a></li>' for t in [*own[:3], *(c for cs in bureaus for c in cs), *market_columns] for c in t.walk()) + "</ul>"
    for column in [*own, *(c for cs in bureaus for c in cs)]:
        skin.column(column)
    for column in market_columns:
        coded.column(column)
    skin.home([city_news, city_notice], "<ul class=\"bm\">" + "".join(f'<li><a href="{u}">{n}</a></li>' for n, u in skin.nav[4:]) + "</ul>")
    for b, columns in zip((POLICE, DEFENCE, SCHOOLS), bureaus):
        front(skin, b.name, b.prefix, columns)
    front(coded, MARKET.name, coded.query("/index.jsp"), market_columns)
    skin.put("/search.html", skin.frame("站内搜索", {}, [("首页", "/"), ("站内搜索", None)], '<form action="/search.html"><input name="q" /></form>'))
    # The platform's templates: SiteDomain is missing on every page, ContentSource on every article of every unit. One finding each,
    # however many pages show it.
    site.plant("site-meta", f"http://{HOST}/", "平台模板从不输出 SiteDomain：每页都缺，算一处", text="SiteDomain", root_cause="template")
    site.plant("article-meta", f"http://{HOST}{FIRST_ARTICLE}", "平台模板从不输出 ContentSource：各单位的内容页都缺，算一处", text="ContentSource", root_cause="template")
    return site


# The first article of the platform's own pages, where a fault of the template is shown.
FIRST_ARTICLE = "/tzgg/content_20260305tg1.html"

CITY_NEWS = [("市政府召开全体会议", "2026-03-15", "召开全体会议，部署全年重点工作"), ("全市数字政府建设推进会召开", "2026-03-06", "召开数字政府建设推进会"), ("市领导调研老旧小区改造", "2026-02-11", "调研老旧小区改造工作")]


def front(skin, name, path, columns):
    """The front page of one bureau on the platform."""
    blocks = ""
    for column in columns:
        rows = "\n".join(skin.row(column, a) for a in skin.ordered(column)[:5])
        blocks += f'<div class="box"><h3><a href="{column.path}">{column.name}</a></h3><ul>{rows}</ul></div>\n'
    skin.put(path, skin.frame(f"{name}_{skin.name}", {"ColumnName": name, "ColumnDescription": f"{name}部门网站", "ColumnKeywords": name, "ColumnType": "首页"}, [("首页", "/"), (name, None)], blocks))


def document(b, slug, title, number, written, index, *text, validity="有效"):
    head = {"索引号": f"{b.code}/{index}", "信息分类": "部门文件", "发文机关": b.name, "成文日期": written, "信息名称": title, "文 号": number, "发布日期": written, "效力状态": validity, "主题词": b.short}
    return Article(slug, title, written, notice(b.name, list(text) or ["各县（区）、各有关单位：现将有关事项通知如下，请认真贯彻执行。"], written), source=b.name, header={k: v for k, v in head.items() if v is not None})


def common(b, normative, others, reading, kids, only=None):
    cols = {k: c for k, c in basics(b).items() if only is None or k in only} | kids
    order = [cols.pop("functions"), cols.pop("leaders"), normative, others, reading, *cols.values()]
    return platform(b, order, path=f"{b.prefix}xxgk/")


def police(site):
    b = POLICE
    news = b.column("jwdt", "警务动态", *(Article(f"g{i}", t, d, body or routine(b.name, w, d), source=b.name) for i, (t, d, w, body) in enumerate([
        ("澄岫警方捣毁一处网络赌博窝点", "2026-03-12", "", ["民警根据线索，在城北一出租屋内捣毁一个为赌博网站“跑分”的窝点，抓获嫌疑人六名，查扣手机二十余部。", "警方提示：出租、出借银行卡用于网络赌博、电信诈骗资金转移，涉嫌帮助信息网络犯罪活动罪。"]),
        ("市公安局部署春季治安整治", "2026-03-07", "部署春季社会治安集中整治", None)])))
    notices = b.column("tzgg", "通知公告", b.item("n1", "关于启用新版居住证的公告", "2026-02-02", "自2026年3月1日起启用新版居住证，旧版证件在有效期内继续有效。"))
    grass = b.column("jcdt", "基层动态", *(Article(f"k{i}", t, d, routine(u, w, d), source=u) for i, (t, d, u, w) in enumerate([("城北派出所夜查娱乐场所", "2026-02-10", "城北派出所", "组织夜查娱乐场所"), ("南湖派出所开展防盗宣传", "2026-01-20", "南湖派出所", "开展防盗宣传")])))
    site.plant("column-freshness", f"http://{HOST}/gaj/jcdt/", "公安局基层动态最新一条是 2026-02-10", unit="gaj")
    normative = b.column("gfxwj", "行政规范性文件", document(b, "d1", "关于印发《澄岫市出租房屋治安管理办法》的通知", "澄公规〔2025〕1号", "2025-12-11", "202512-00001", "各分局：现将办法印发给你们，请遵照执行。", "第一条　为加强出租房屋治安管理，制定本办法。"))
    others = b.column("bmwj", "部门文件", document(b, "d2", "关于做好春运交通安全工作的通知", "澄公通〔2026〕1号", "2026-01-12", "202601-00001"))
    reading = b.column("zcjd", "政策解读", b.item("r1", "《澄岫市出租房屋治安管理办法》解读", "2025-12-12", "一、起草背景。二、主要内容。"))
    tips = b.column("jfts", "警方提示", b.item("p1", "网上买球、投注都是陷阱", "2026-03-01", "近期有人在群聊中推荐“稳赢”的欧洲杯买球平台，诱导充值投注，民警提醒切勿参与。"))
    wanted = b.column("tjl", "通缉令", b.item("w1", "关于敦促在逃人员投案自首的通告", "2025-11-20", "敦促涉嫌开设赌场、电信诈骗等犯罪的在逃人员尽快投案自首。举报电话：0500-5553166。"))
    service = b.column("bszn", "办事指南", b.item("s1", "居住证办理指南", "2025-10-09", "办理地点：各派出所。联系电话：0500-5553121。", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"))
    report = b.column("jbts", "举报投诉", body="<p>欢迎举报黄赌毒、电信网络诈骗等违法犯罪线索。</p><p>举报电话：110、0500-5553166　来信请寄：澄岫市市民大道11号</p>")
    household = b.column("hjgl", "户籍管理", b.item("h1", "户口登记事项清单", "2025-09-11", "出生登记、户口迁移等事项的条件、材料和时限公布如下。"))
    box = b.column("jzxx", "局长信箱", b.item("m1", "关于摩托车年检的回复", "2026-02-27", "您好，摩托车年检可网上预约。"))
    return [news, notices, grass, tips, wanted, service, box, report, common(b, normative, others, reading, {"household": household})]


def office():
    """The platform of the office that runs the site."""
    b = OFFICE
    normative = b.column("gfxwj", "行政规范性文件", document(b, "d1", "澄岫市人民政府办公室关于印发政务公开管理办法的通知", "澄政办规〔2025〕2号", "2025-12-18", "202512-00005", "各县（区）人民政府、市各部门：现将办法印发给你们，请遵照执行。", "第一条　为规范政务公开工作，制定本办法。"))
    others = b.column("bmwj", "部门文件", document(b, "d2", "澄岫市人民政府办公室关于做好网站集约化工作的通知", "澄政办发〔2026〕4号", "2026-02-03", "202602-00003"))
    reading = b.column("zcjd", "政策解读", b.item("r1", "《澄岫市政务公开管理办法》解读", "2025-12-19", "一、起草背景。二、主要内容。"))
    service = b.column("bszn", "办事指南", b.item("s1", "政府信息公开申请办理指南", "2025-09-22", "申请人可以当面、邮寄或者网上提交申请。", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"))
    cols = {k: c for k, c in basics(b).items() if k in ESSENTIAL}
    return platform(b, [cols.pop("functions"), cols.pop("leaders"), normative, others, reading, service, *cols.values()])


def defence(site):
    b = DEFENCE
    news = b.column("gzdt", "人防动态", *(Article(f"r{i}", t, d, routine(b.name, w, d), source=b.name) for i, (t, d, w) in enumerate([("市人防办开展春季工程巡查", "2026-03-13", "开展春季人防工程巡查"), ("人防宣传进社区", "2026-03-08", "组织人防宣传进社区活动")])))
    notices = b.column("tzgg", "通知公告", b.item("n1", "关于人防工程维护保养的通知", "2026-01-27", "各人防工程使用单位应当按规定做好维护保养。"))
    normative = b.column("gfxwj", "行政规范性文件", document(b, "d1", "关于印发《澄岫市人防工程维护管理规定》的通知", "澄人防规〔2025〕2号", "2025-11-24", "202511-00004", "各县（区）人防办：现将规定印发给你们，请遵照执行。", "第一条　为加强人防工程维护管理，制定本规定。"))
    others = b.column("bmwj", "部门文件", document(b, "d2", "关于印发年度训练计划的通知", "澄人防〔2026〕3号", "2026-02-05", "202602-00002"))
    reading = b.column("zcjd", "政策解读", b.item("r1", "《澄岫市人防工程维护管理规定》解读", "2025-11-25", "一、起草背景。二、主要内容。"))
    warning = b.column("fkjb", "防空警报")
    site.plant("column-empty", f"http://{HOST}/rfb/fkjb/", "人防办防空警报栏目为空", unit="rfb")
    works = b.column("rfgc", "人防工程", b.item("c1", "人防工程建设审批流程", "2025-09-15", "建设单位应当依法办理人防工程建设审批。"))
    education = b.column("xcjy", "宣传教育", b.item("e1", "人防常识问答", "2025-10-20", "问：防空警报有几种？答：有预先警报、空袭警报、解除警报三种。"))
    fee = b.column("ydjsf", "人防易地建设费", b.item("f1", "易地建设费征收标准", "2025-06-18", "征收标准按照省有关规定执行。"))
    service = b.column("bszn", "办事指南", b.item("s1", "防空地下室审批办事指南", "2025-10-09", "办理地点：市政务服务中心。联系电话：0500-5553121。", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"))
    box = b.column("zrxx", "主任信箱", b.item("m1", "关于人防车位租赁的回复", "2026-02-26", "您好，人防车位租赁由工程使用单位负责，可向物业公司咨询。"))
    report = b.column("jbts", "监督举报", body="<p>欢迎社会各界监督人防工程建设和使用。</p><p>举报电话：0500-5553126　来信请寄：澄岫市市民大道12号</p>")
    return [news, notices, works, warning, education, service, box, report, common(b, normative, others, reading, {"fee": fee})]


def schools(site):
    b = SCHOOLS
    news = b.column("gzdt", "工作动态", *(Article(f"j{i}", t, d, routine(b.name, w, d), source=b.name) for i, (t, d, w) in enumerate([("全市中小学开学工作平稳有序", "2026-03-10", "检查中小学开学工作"), ("市教育局召开教学质量分析会", "2026-03-07", "召开教学质量分析会")])))
    notices = b.column("tzgg", "通知公告", b.item("n1", "关于2026年教师资格认定的公告", "2026-03-04", "2026年教师资格认定网上报名时间为4月1日至15日。", files=[("认定指南.pdf", "/jyj/tzgg/rdzn.pdf"), ("体检表.docx", "/jyj/tzgg/tjb.docx")]))
    site.put(HOST, "/jyj/tzgg/rdzn.pdf", pdf("Guide to teacher certification 2026"))
    site.plant("dead-attachment", f"http://{HOST}/jyj/tzgg/tjb.docx", "教育局公告的附件体检表 404", unit="jyj")
    normative = b.column("gfxwj", "行政规范性文件", document(b, "d1", "关于印发《澄岫市校外培训机构管理办法》的通知", "澄教规〔2025〕1号", "2025-10-30", "202510-00003", "各县（区）教育局：现将办法印发给你们，请遵照执行。", "第一条　为规范校外培训，制定本办法。"))
    others = b.column("bmwj", "部门文件", document(b, "d2", "关于做好近视防控工作的通知", "澄教〔2026〕2号", "2026-01-29", "202601-00004"))
    reading = b.column("zcjd", "政策解读", b.item("r1", "《澄岫市校外培训机构管理办法》解读", "2025-10-31", "一、起草背景。二、主要内容。"))
    service = b.column("bszn", "办事指南", b.item("s1", "教师资格认定办事指南", "2025-10-09", "办理地点：市政务服务中心。联系电话：0500-5553131。", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"))
    return [news, notices, service, common(b, normative, others, reading, {}, ESSENTIAL)]


def market(site, skin):
    """Columns of the bureau with the query code."""
    b = MARKET

    def column(id, name, *articles, **rest):
        return Column(skin.query("/list.jsp", colid=id), name, list(articles), **rest)

    news = column("11", "工作动态", *(Article(f"s{i}", t, d, routine(b.name, w, d), source=b.name) for i, (t, d, w) in enumerate([("市市场监管局开展“3·15”宣传", "2026-03-15", "开展“3·15”国际消费者权益日宣传活动"), ("节后食品安全检查启动", "2026-03-06", "启动节后食品安全专项检查")])))
    notices = column("12", "通知公告", b.item("n1", "关于食品抽检情况的通告", "2026-02-09", "本期抽检食品二百批次，不合格二批次。"))
    normative = column("21", "行政规范性文件", document(b, "d1", "关于印发《澄岫市小餐饮管理办法》的通知", "澄市监规〔2025〕3号", "2025-11-17", "202511-00008", "各县（区）局：现将办法印发给你们，请遵照执行。", "第一条　为加强小餐饮管理，制定本办法。"))
    others = column("22", "部门文件", document(b, "d2", "关于开展计量检查的通知", "澄市监〔2026〕07号", "2026-01-22", "202601-00009"))
    site.plant("document-number", f"http://{HOST}/info.jsp?deptcode={DEPT}&id=22d2", "顺序号前有虚位 0", text="07号", unit="scjgj")
    service = column("13", "办事指南", b.item("s1", "营业执照办理指南", "2025-10-09", "办理地点：市政务服务中心。联系电话：0500-5553141。", "设定依据：国家和省有关规定", "申请条件：申请人具备规定的资格", "办理材料：申请表、身份证明"))
    reading = column("23", "政策解读", b.item("r1", "《澄岫市小餐饮管理办法》解读", "2025-11-18", "一、起草背景。二、主要内容。"))
    cols = {k: c for k, c in basics(b).items() if k in ESSENTIAL}
    for number, child in enumerate(cols.values(), 31):
        child.path = skin.query("/list.jsp", colid=number)
    kids = [cols["functions"], cols["leaders"], normative, others, reading, *(c for k, c in cols.items() if k not in ("functions", "leaders"))]
    root = platform(b, kids)
    root.path = skin.query("/list.jsp", colid="2")
    for number, child in enumerate(root.children, 91):
        child.path = skin.query("/list.jsp", colid=number)
    return [news, notices, service, root]
