"""Marked documents with what they say, in the layouts of GB/T 9704-2012 and before; all of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.photos.ink import BLACK, BODIES, Random, Sheet, red, unit

_SCALE = 7.0
_LEFT, _RIGHT, _FOOT = 28.0, 182.0, 262.0
_PITCH = 9.4
_CODES = ("云环密发", "青政办密", "青应急密发", "云委办密", "中办发", "云水密函", "青委密发", "云发改密")
_TERMS = ("1年", "3年", "5年", "10年", "20年", "30年", "长期")
_SENTENCES = (
    "为做好汛期水源地安全保卫工作，经局党组研究，现将有关事项通知如下",
    "各单位要严格落实值班制度，主要负责人保持通信畅通，遇有情况按程序报告",
    "取水口布防和备用水源调度安排由区应急指挥部统一掌握，未经批准不得变更",
    "检修工作应当于五月二十日前完成，完成情况由专人报送，不得通过互联网传递",
    "重点目标名单由王明远同志负责管理，调阅时须经分管领导签字并登记时间",
    "所需经费从年度预算中列支，财务部门按照进度拨付，审计部门跟踪监督",
    "柳树镇、南湖街道要组织力量对沿线管网逐段排查，建立台账，限期整改",
    "会议要求，加强人员教育和装备保养，做到责任到岗、任务到人、措施到位",
    "本方案知悉范围限于各单位主要负责人和承办人员，用后按份号收回销毁",
    "监测数据每日十八时前汇总，异常数据当日复核，复核结果书面说明原因",
    "市生态环境局会同水务、公安、卫生健康等部门成立专班，李文清任组长",
    "演练采取不打招呼的方式进行，参演单位在两小时内到达指定位置集结待命",
)
_TITLES = (
    "关于做好重点目标|安全保卫工作的通知",
    "关于印发水源地|应急处置方案的通知",
    "关于调整值守力量的报告",
    "关于开展专项检查|有关情况的请示",
    "青石水库布防工作要点",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line."""

    text: str
    y: float
    """Of its foot, in mm from the top of the sheet."""


@dataclass(frozen=True, slots=True)
class Document:
    """A sheet and what stands on it."""

    sheet: Sheet
    level: str
    """绝密, 机密, 秘密."""
    number: str
    """As printed; empty for none."""
    lines: Sequence[Line]
    mark_mm: tuple[float, float]
    """The middle of the mark."""


@dataclass(frozen=True, slots=True)
class Faces:
    """What is set in which face."""

    body: Sequence[str]
    head: Sequence[str]
    title: Sequence[str]


TUNING_FACES = Faces(("song", "hei"), ("heavy", "hei"), ("heavy", "bold"))
FINAL_FACES = Faces(("ming", "kai", "zen", "song"), ("zen", "heavy", "bold"), ("bold", "zen", "ming"))


@dataclass(slots=True)
class _Setting:
    """A sheet that is being set."""

    sheet: Sheet
    random: Random
    faces: Faces
    lines: list[Line] = field(default_factory=list)

    def put(self, at: tuple[float, float], words: str, look: tuple[str, float], anchor: str = "la") -> None:
        """Words in black, written down as a line."""
        self.sheet.text(at, words, (*look, BLACK), anchor)
        self.lines.append(Line(words, at[1] + look[1] * 1.2))

    def one_of(self, names: Sequence[str]) -> str:
        return str(self.random.choice(list(names)))


def document(random: Random, faces: Faces) -> Document:
    """A first page: a red head with number in two of three, else a title alone."""
    shade = int(random.integers(232, 254))
    paper = (shade, shade - int(random.integers(0, 5)), shade - int(random.integers(0, 14)))
    page = _Setting(Sheet.of((210, 297), paper, _SCALE), random, faces)
    level, mark_mm = _corner(page)
    y, number = _red_head(page) if random.random() < 0.66 else (random.uniform(62, 78), "")
    for part in page.one_of(_TITLES).split("|"):
        y += 12
        page.put((105, y), part, (page.one_of(faces.title), 7.7), "ma")
    _body(page, y + 18)
    return Document(page.sheet, level, number, tuple(page.lines), mark_mm)


def _corner(page: _Setting) -> tuple[str, tuple[float, float]]:
    """Copy number, mark and urgency at the upper left; in the old layouts the mark alone at the right."""
    random, name = page.random, page.one_of(page.faces.head)
    level = str(random.choice(["绝密", "机密", "秘密"], p=[0.2, 0.35, 0.45]))
    words = f"{level}{'★' if random.random() < 0.9 else '☆'}{random.choice(_TERMS)}"
    if random.random() < 0.2:
        is_alone = random.random() < 0.6
        page.put((_RIGHT, 37), "　".join(level) if is_alone else words, (name, 5.6), "ra")
        return level, (_RIGHT - 9, 40)
    rows = [words] if random.random() < 0.7 else [level]
    rows = [f"{random.integers(1, 99999):06d}", *rows] if random.random() < 0.7 else rows
    rows = [*rows, str(random.choice(["特急", "加急"]))] if random.random() < 0.5 else rows
    for row, said in enumerate(rows):
        page.put((_LEFT, 35 + 9.2 * row), said, (name, 5.6))
    return level, (_LEFT + 12, 38 + 9.2 * (len(rows) > 1 and rows[0].isdigit()))


def _red_head(page: _Setting) -> tuple[float, str]:
    random, sheet, ink = page.random, page.sheet, red(page.random)
    words = unit(random) + str(random.choice(["文件", "", "办公室文件"]))
    y, height = random.uniform(64, 84), random.uniform(14, 21)
    wide = min(154.0, len(words) * height) / 2
    sheet.stretched((105 - wide, y, 105 + wide, y + height), words, (page.one_of(("bold", "ming")), ink))
    page.lines.append(Line(words, y + height))
    y += height + random.uniform(9, 15)
    number = f"{random.choice(_CODES)}〔{random.integers(2019, 2036)}〕{random.integers(1, 199)}号"
    page.put((105, y), number, (page.one_of(page.faces.body), 5.5), "ma")
    sheet.rule((_LEFT, _RIGHT, y + 9), random.uniform(0.6, 1.2), ink)
    return y + random.uniform(14, 22), number


def _body(page: _Setting, y: float) -> None:
    random, name = page.random, page.one_of(page.faces.body)
    page.put((_LEFT, y), "各镇人民政府，区直各单位：", (name, 5.5))
    room = int((_RIGHT - _LEFT) / 5.5)
    y += _PITCH
    while y < _FOOT - 30:
        chosen = random.permutation(_SENTENCES)[: int(random.integers(2, 5))]
        text = "　　" + "；".join(map(str, chosen)) + "。"
        for start in range(0, len(text), room):
            if y < _FOOT:
                page.put((_LEFT, y), text[start : start + room], (name, 5.5))
            y += _PITCH
    if y < _FOOT and random.random() < 0.5:
        page.put((_RIGHT - 12, y + 4), str(random.choice(BODIES)), (name, 5.5), "ra")
        page.sheet.seal((_RIGHT - 34, min(y + 6, 272)), random)
