"""The three tables of an annual report on disclosure in the form of 2021, whose figures agree."""

RESULTS = [
    ("（一）予以公开", None), ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", None),
    ("（三）不予公开", ["1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益", "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项"]),
    ("（四）无法提供", ["1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"]),
    ("（五）不予处理", ["1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请", "5.要求行政机关确认或重新出具已获取信息"]),
    ("（六）其他处理", ["1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "3.其他"]),
    ("（七）总计", None),
]


def _row(head, figures):
    return "<tr>" + head + "".join(f"<td>{n}</td>" for n in figures) + "</tr>"


def disclosed(year):
    """One document more in force every year since 2023."""
    issued, valid = 1, year - 2022
    block = lambda item, cells, rows: f'<tr><th colspan="4">第二十条第（{item}）项</th></tr><tr>' + "".join(f"<td>{c}</td>" for c in cells) + "</tr>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return ('<table border="1">' + block("一", ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], [["规章", 0, 0, 0], ["行政规范性文件", issued, 0, valid]])
            + block("五", ["信息内容", "本年处理决定数量"], [["行政许可", 26]]) + block("六", ["信息内容", "本年处理决定数量"], [["行政处罚", 4], ["行政强制", 0]])
            + block("八", ["信息内容", "本年收费金额（单位：万元）"], [["行政事业性收费", 0]]) + "</table>")


def requests(new):
    """`new` requests of persons, all answered with what they asked for."""
    figures = lambda n: [n, 0, 0, 0, 0, 0, n]
    out = ('<table border="1"><tr><td colspan="3" rowspan="3">（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td><td colspan="7">申请人情况</td></tr>'
           '<tr><td rowspan="2">自然人</td><td colspan="5">法人或其他组织</td><td rowspan="2">总计</td></tr>'
           "<tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>")
    out += _row('<td colspan="3">一、本年新收政府信息公开申请数量</td>', figures(new))
    out += _row('<td colspan="3">二、上年结转政府信息公开申请数量</td>', figures(0))
    first = f'<td rowspan="{sum(len(leaves) if leaves else 1 for _, leaves in RESULTS)}">三、本年度办理结果</td>'
    for name, leaves in RESULTS:
        count = new if name.startswith(("（一）", "（七）")) else 0
        if not leaves:
            out += _row(first + f'<td colspan="2">{name}</td>', figures(count))
            first = ""
            continue
        for at, leaf in enumerate(leaves):
            head = first + (f'<td rowspan="{len(leaves)}">{name}</td>' if at == 0 else "") + f"<td>{leaf}</td>"
            out += _row(head, figures(0))
            first = ""
    return out + _row('<td colspan="3">四、结转下年度继续办理</td>', figures(0)) + "</table>"


def reviews():
    five = "".join(f"<td>{c}</td>" for c in ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"])
    return ('<table border="1"><tr><td colspan="5" rowspan="2">行政复议</td><td colspan="10">行政诉讼</td></tr><tr><td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr>'
            f"<tr>{five}{five}{five}</tr>" + _row("", [0] * 15) + "</table>")
