"""What the elements of each XML vocabulary for office documents mean, by their local names.

UOF 2 (GB/T 20916-2013 for files) appends a code to the names of UOF 1: 段落_416B is 段落.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One vocabulary; what no field names is only walked through."""

    lines: frozenset[str]
    """What stands on a line of its own; inside a row it joins that."""
    rows: frozenset[str]
    cells: frozenset[str]
    words: frozenset[str] = frozenset()
    """Elements whose characters count; empty: all inside a line."""
    silent: frozenset[str] = frozenset()
    """Elements whose characters never count: pinyin above the text, codes of fields."""
    layers: Mapping[str, str] = field(default_factory=dict)
    """Elements that hold text beside the body → what the spot calls them."""
    sheets: Mapping[str, str] = field(default_factory=dict)
    """Elements that are a sheet → the attribute with its name."""
    workbook: str = ""
    """The element inside which they are; elsewhere they are tables of a text. Empty: everywhere."""
    slides: frozenset[str] = frozenset()
    blanks: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Elements that say something in an attribute → (attribute, layer)."""
    pictures: frozenset[str] = frozenset()
    """Elements whose characters are a file in base64."""


MASTER, BOX = "母版", "文本框"
_PROPERTIES = "文档属性"

OPEN_DOCUMENT = Dialect(
    lines=frozenset(
        "p h title desc creator initial-creator subject description keyword user-defined".split()
    ),
    rows=frozenset({"table-row"}),
    cells=frozenset({"table-cell", "covered-table-cell"}),
    silent=frozenset({"ruby-text", "generator", "creation-date", "date"}),
    layers={
        "meta": _PROPERTIES,
        "annotation": "批注",
        "note": "脚注",
        "deletion": "修订删除",
        "text-box": BOX,
        "custom-shape": BOX,
        "frame": BOX,
        "title": "替代文字",
        "desc": "替代文字",
        "master-page": MASTER,
        "header": "页眉",
        "header-left": "页眉",
        "header-first": "页眉",
        "footer": "页脚",
        "footer-left": "页脚",
        "footer-first": "页脚",
        "notes": "备注",
    },
    sheets={"table": "name"},
    workbook="spreadsheet",
    slides=frozenset({"page"}),
    blanks={"tab": "\t", "s": " ", "line-break": "\n"},
    spoken={"hidden-text": ("string-value", "隐藏文字"), "hidden-paragraph": ("string-value", "隐藏文字")},
    pictures=frozenset({"binary-data"}),
)

# Spelt so in the files of 2003; the parts of a newer package write the second half.
_WORD_PROPERTIES = frozenset(
    "Title Subject Author LastAuthor Keywords Description Category Manager Company"
    " title subject creator lastModifiedBy keywords description category contentStatus lpwstr".split()
)
WORD = Dialect(
    lines=frozenset({"p"}) | _WORD_PROPERTIES,
    rows=frozenset({"tr"}),
    cells=frozenset({"tc"}),
    words=frozenset({"t", "delText"}) | _WORD_PROPERTIES,
    silent=frozenset({"binData", "binaryData", "Fallback", "rt"}),
    layers={
        "DocumentProperties": _PROPERTIES,
        "CustomDocumentProperties": _PROPERTIES,
        "coreProperties": _PROPERTIES,
        "Properties": _PROPERTIES,
        "delText": "修订删除",
        "hdr": "页眉",
        "ftr": "页脚",
        "footnote": "脚注",
        "endnote": "尾注",
        "comment": "批注",
        "textbox": BOX,
        "txbxContent": BOX,
    },
    blanks={"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"},
    spoken={"textpath": ("string", "水印"), "docPr": ("descr", "替代文字"), "shape": ("alt", "替代文字")},
    pictures=frozenset({"binData", "binaryData"}),
)

EXCEL = Dialect(
    lines=_WORD_PROPERTIES,
    rows=frozenset({"Row"}),
    cells=frozenset({"Cell"}),
    words=frozenset({"Data"}) | _WORD_PROPERTIES,
    layers={
        "DocumentProperties": _PROPERTIES,
        "CustomDocumentProperties": _PROPERTIES,
        "Comment": "批注",
    },
    sheets={"Worksheet": "Name"},
    spoken={"Header": ("Data", "页眉"), "Footer": ("Data", "页脚")},
)

_UOF_PROPERTIES = frozenset(
    "标题 主题 创建者 最后作者 作者 摘要 关键字 分类 经理名称 公司名称 用户自定义元数据".split()
)
UOF = Dialect(
    lines=frozenset({"段落"}) | _UOF_PROPERTIES,
    rows=frozenset({"行"}),
    cells=frozenset({"单元格"}),
    words=frozenset({"文本串", "页眉页脚"}) | _UOF_PROPERTIES,
    layers={
        "元数据": _PROPERTIES,
        "批注": "批注",
        "脚注": "脚注",
        "尾注": "尾注",
        "页眉": "页眉",
        "首页页眉": "页眉",
        "奇数页页眉": "页眉",
        "偶数页页眉": "页眉",
        "页脚": "页脚",
        "首页页脚": "页脚",
        "奇数页页脚": "页脚",
        "偶数页页脚": "页脚",
        "页眉页脚": "页眉",
        "文本内容": BOX,
        "母版": MASTER,
        "幻灯片备注": "备注",
    },
    sheets={"工作表": "名称"},
    slides=frozenset({"幻灯片"}),
    blanks={"制表符": "\t", "空格符": " ", "换行符": "\n"},
    pictures=frozenset({"其他对象"}),
)
