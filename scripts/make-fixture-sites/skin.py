"""How a site looks: page frame, list pages, articles, document headers, footers. Each site sets the manner it follows."""

from html import escape
from urllib.parse import urljoin


class Skin:
    """The manner of one site. `shape` is how document headers are written: table, cell, col or list."""

    shape = "table"
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
    charset = "utf-8"
    encoding = "utf-8"
    here = "当前位置："
    arrow = " &gt; "
    list_class = "list"
    body_class = "trs_editor_view"
    suffix = "_{site}"
    words = {"home": "首页", "source": "来源：", "date": "发布时间：", "files": "附件：", "next": "下一页", "first": "首页", "last": "尾页",
             "total": "共{n}页", "print": "打印", "close": "关闭窗口", "search": "搜索", "related": "相关文档："}

    def __init__(self, site, host, name, domain, code, footer, nav=()):
        self.site, self.host, self.name, self.domain, self.code = site, host, name, domain, code
        self.footer_html, self.nav, self.site_metas, self.home_url = footer, list(nav), {}, "/"

    # the frame -----------------------------------------------------------------------------------

    def metas(self, pairs):
        base = {"SiteName": self.name, "SiteDomain": self.domain, "SiteIDCode": self.code} | self.site_metas
        return "\n".join(f'<meta name="{k}" content="{escape(v)}" />' for k, v in (base | pairs).items() if v is not None)

    def frame(self, title, metas, crumbs, main, side=""):
        nav = "".join(f'<li><a href="{u}">{escape(n)}</a></li>' for n, u in self.nav)
        trail = ""
        if crumbs is not None:
            steps = [f'<a href="{u}">{escape(n)}</a>' if u else f"<span>{escape(n)}</span>" for n, u in crumbs]
            trail = f'<div class="position">{self.here}{self.arrow.join(steps)}</div>\n'
        return f"""{self.doctype}
<html lang="zh-CN">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={self.charset}" />
{self.metas(metas)}
<title>{escape(title)}</title>
<link rel="stylesheet" type="text/css" href="/css/site.css" />
</head>
<body>
<div class="header" id="header">
<div class="logo"><a href="{self.home_url}"><img src="/images/logo.png" alt="{escape(self.name)}" /></a></div>
<div class="search"><form action="/search.html" method="get"><input type="text" name="q" /><input type="submit" value="{self.words['search']}" /></form></div>
<div class="nav"><ul>{nav}</ul></div>
</div>
{trail}<div class="main" id="main">
{side}{main}
</div>
{self.footer_html}
</body>
</html>
"""

    def put(self, path, text, host=None):
        self.site.put(host or self.host, path, text, self.encoding)

    def absolute(self, path, host=None):
        return urljoin(f"http://{host or self.host}/", path)

    # columns -------------------------------------------------------------------------------------

    def article_path(self, column, article):
        return f"{column.path}{article.date[:7].replace('-', '')}/t{article.date.replace('-', '')}_{article.slug}.html"

    def prepare(self, column, parents=()):
        """Gives every article its path; call for all columns before any page is written."""
        column.parents, column.host = list(parents), column.host or self.host
        for article in column.articles:
            article.column = column
            article.path = article.external or article.path or self.article_path(column, article)
            article.url = self.absolute(article.path, column.host)
        for child in column.children:
            self.prepare(child, [*parents, column])

    def link(self, column, path):
        """`path` of a column as other hosts' pages must write it."""
        return path if not column.host or column.host == self.host or "://" in path else self.absolute(path, column.host)

    def crumbs(self, column, last=None):
        steps = [(self.words["home"], self.home_url)] + [(c.name, self.link(c, c.path)) for c in [*column.parents, column]]
        return steps + [(last, None)] if last else steps

    def row(self, column, article):
        date = f"<span>{article.date}</span>" if column.row_dates else ""
        css = ' class="top"' if article.slug == column.pinned else ""
        return f'<li{css}><a href="{self.link(column, article.path)}" title="{escape(article.title)}" target="_blank">{escape(shorten(article.title))}</a>{date}</li>'

    def ordered(self, column):
        return sorted(column.articles, key=lambda a: (a.slug == column.pinned, a.date, a.slug), reverse=True)

    def page_path(self, column, number):
        return column.path + ("index.html" if number == 1 else f"index_{number - 1}.html")

    def column_metas(self, column):
        text = column.description or f"{self.name}{column.name}栏目"
        return {"ColumnName": column.name, "ColumnDescription": text, "ColumnKeywords": f"{column.name},{self.name}", "ColumnType": column.kind or column.name} | column.metas

    def paging(self, column, number, count):
        if count < 2:
            return ""
        link = lambda n, text: f'<a href="{self.page_path(column, n)}">{text}</a>' if n != number else f'<span class="current">{text}</span>'
        numbers = " ".join(link(n, n) for n in range(1, count + 1))
        return f'<div class="page">{self.words["total"].format(n=count)} {numbers} {link(min(number + 1, count), self.words["next"])} {link(count, self.words["last"])}</div>'

    def side(self, column):
        above = column.parents[-1] if column.parents else None
        around = column.children or (above.children if above else [])
        if not around:
            return ""
        rows = "".join(f'<li><a href="{self.link(c, c.path)}">{escape(c.name)}</a></li>' for c in around)
        return f'<div class="left"><h3>{escape((column if column.children else above).name)}</h3><ul class="menu">{rows}</ul></div>\n'

    def column(self, column):
        """Writes the list pages of a column, its articles and its sub-columns."""
        rows = self.ordered(column)
        count = max(1, -(-len(rows) // column.per_page))
        for number in range(1, count + 1):
            part = rows[(number - 1) * column.per_page : number * column.per_page]
            blocks = ""
            if part:
                blocks += f'<ul class="{self.list_class}">\n' + "\n".join(self.row(column, a) for a in part) + "\n</ul>\n"
            elif not column.children and not column.body and not column.note and not column.script:
                blocks += f'<ul class="{self.list_class}">\n</ul>\n'
            blocks += column.script + (f'<p class="note">{column.note}</p>\n' if column.note else "") + column.body
            if column.children and not part:
                for child in column.children:
                    some = "\n".join(self.row(child, a) for a in self.ordered(child)[:3])
                    blocks += f'<div class="box"><h3><a href="{self.link(child, child.path)}">{escape(child.name)}</a></h3><ul>{some}</ul></div>\n'
            main = f'<div class="right"><h2>{escape(column.name)}</h2>\n{blocks}{self.paging(column, number, count)}</div>'
            title = column.name + self.suffix.format(site=self.name)
            self.put(self.page_path(column, number), self.frame(title, self.column_metas(column), self.crumbs(column), main, self.side(column)), column.host)
        for article in column.articles:
            if not article.external:
                self.article(article)
        for child in column.children:
            self.column(child)

    # articles ------------------------------------------------------------------------------------

    def header_block(self, header):
        if not header:
            return ""
        cells = list(header.items())
        if self.shape == "table":
            rows = "".join("<tr>" + "".join(f"<td><b>{k}：</b></td><td>{v}</td>" for k, v in cells[i : i + 2]) + "</tr>\n" for i in range(0, len(cells), 2))
            return f'<table class="bd1" border="0" cellpadding="0" cellspacing="0">\n{rows}</table>\n'
        if self.shape == "cell":
            rows = "".join("<tr>" + "".join(f'<td width="50%"><B>{k}:</B> {v}</td>' for k, v in cells[i : i + 2]) + "</tr>\n" for i in range(0, len(cells), 2))
            return f'<table class="xxgk_table" width="100%">\n{rows}</table>\n'
        if self.shape == "col":
            return '<div class="xl-top">\n' + "".join(f'<div class="col-item">{k}：<label>{v}</label></div>\n' for k, v in cells) + "</div>\n"
        return '<ul class="xxgk_head">\n' + "".join(f"<li><strong>{k}</strong><span>{v}</span></li>\n" for k, v in cells) + "</ul>\n"

    def article_metas(self, article):
        metas = self.column_metas(article.column) | {"ArticleTitle": article.title, "PubDate": f"{article.date} {article.time}", "ContentSource": article.source}
        return metas | article.metas

    def article(self, article):
        body = "\n".join(p if p.startswith("<") else f"<p>　　{p}</p>" for p in article.body)
        files = ""
        if article.files:
            rows = "".join(f'<li><a href="{path}">{escape(name)}</a></li>' for name, path in article.files)
            files = f'<div class="fujian"><strong>{self.words["files"]}</strong><ul>{rows}</ul></div>\n'
        info = f'<div class="info"><span>{self.words["source"]}{escape(article.source)}</span> <span>{self.words["date"]}{article.date} {article.time}</span></div>\n'
        main = f'{self.header_block(article.header)}<h1>{escape(article.title)}</h1>\n{info}<div class="{self.body_class}" id="zoom">\n{body}\n{article.after}</div>\n{files}'
        title = article.title + self.suffix.format(site=self.name)
        crumbs = self.crumbs(article.column, "正文")
        self.put(article.path, self.frame(title, self.article_metas(article), crumbs, main), article.column.host)

    # home ----------------------------------------------------------------------------------------

    def home(self, blocks, extra="", path="/", host=None, metas=None):
        """`blocks`: columns whose newest rows the home page shows."""
        html = ""
        for column in blocks:
            rows = "\n".join(self.row(column, a) for a in sorted(column.articles, key=lambda a: a.date, reverse=True)[:6])
            html += f'<div class="box"><h3><a href="{self.link(column, column.path)}">{escape(column.name)}</a></h3>\n<ul>{rows}</ul></div>\n'
        self.put(path, self.frame(self.name, {"ColumnType": "首页"} if metas is None else metas, None, html + extra), host)


def shorten(title, limit=32):
    return title if len(title) <= limit else title[: limit - 2] + "..."


def footer(sponsor, code, icp, police_text, police_digits, address, phone, *, mark="red", report_code=None, extra="", links=(), map_path="/wzdt/", access=True):
    """The bottom area with the nine elements of the guideline; leave one out by giving None or False."""
    friend = "".join(f'<a href="{u}" target="_blank">{n}</a> ' for n, u in links)
    parts = [f'<div class="footer" id="footer">\n<div class="links">{friend}</div>' if friend else '<div class="footer" id="footer">']
    line = []
    if map_path:
        line.append(f'<a href="{map_path}">网站地图</a>')
    line.append('<a href="/lxwm/">联系我们</a>')
    if access:
        line.append('<a href="/wza/" title="无障碍浏览">无障碍浏览</a> <a href="/wza/">长者助手</a>')
    parts.append("<p>" + " | ".join(line) + "</p>")
    if sponsor:
        parts.append(f"<p>主办单位：{sponsor}　地址：{address}　联系电话：{phone}</p>")
    beian = []
    if code:
        beian.append(f"网站标识码：{code}")
    if icp:
        beian.append(f'<a href="https://beian.miit.gov.cn/" target="_blank">{icp}</a>')
    if police_text:
        beian.append(f'<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode={police_digits}" target="_blank">{police_text}</a>')
    parts.append("<p>" + "　".join(beian) + "</p>")
    if mark:
        parts.append(f'<p><a href="https://bszs.conac.cn/sitename?method=show&amp;id=DEMO{code or ""}" target="_blank"><img src="/images/{mark}.png" alt="党政机关网站标识" /></a>')
        parts.append(f'<a href="https://zfwzzc.www.gov.cn/check_web/errorInfo_index.action?site={report_code or code}" target="_blank"><img src="/images/jiucuo.png" alt="我为政府网站找错" /></a></p>')
    parts.append(extra + "</div>")
    return "\n".join(parts)
