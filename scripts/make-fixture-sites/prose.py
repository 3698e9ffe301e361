"""Body text for routine items: invented, neutral, and the same on every run."""

import zlib

_OPEN = [
    "近日，{unit}{what}，进一步压实工作责任，推动各项任务落到实处。",
    "{day}，{unit}{what}。活动由分管负责同志主持，相关科室和基层单位参加。",
    "为做好年度重点工作，{unit}于{day}{what}，取得较好成效。",
    "{day}上午，{unit}{what}，现场气氛热烈，群众反响良好。",
]
_MIDDLE = [
    "活动中，工作人员通过摆放展板、发放资料、面对面讲解等方式，向群众介绍有关政策和办事流程，并对大家关心的问题逐一作了解答。",
    "会议要求，要坚持问题导向，对照任务清单逐项梳理，明确责任人和完成时限，做到件件有着落、事事有回音。",
    "检查组一行查阅了台账资料，实地察看了现场情况，对发现的薄弱环节当场提出整改意见，并要求限期报送整改结果。",
    "参加人员围绕工作中的重点难点问题进行了交流发言，分享了经验做法，并就下一步工作提出了意见建议。",
]
_CLOSE = [
    "下一步，{unit}将继续完善长效机制，不断提升服务群众的能力和水平。",
    "下阶段，{unit}将持续跟进，确保工作取得实效。",
    "据介绍，今年以来{unit}已组织类似活动多次，受到群众普遍欢迎。",
    "{unit}有关负责人表示，将以此次工作为契机，推动全年目标任务顺利完成。",
]


def routine(unit, what, date):
    """Three paragraphs about an everyday event, chosen by its own words."""
    seed = zlib.crc32((what + date).encode())
    month, day = int(date[5:7]), int(date[8:])
    words = {"unit": unit, "what": what, "day": f"{month}月{day}日"}
    return [part[(seed >> shift) % 4].format(**words) for part, shift in ((_OPEN, 0), (_MIDDLE, 4), (_CLOSE, 8))]


def notice(office, lines, date):
    """A document body with its sign-off."""
    year, month, day = (int(x) for x in date.split("-"))
    return [*lines, f'<p style="text-align:right">{office}</p>', f'<p style="text-align:right">{year}年{month}月{day}日</p>']
