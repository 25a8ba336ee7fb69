"""The control words of RTF that decide what is text, and where it stands."""

from __future__ import annotations

BODY = "正文"

PARTS = {
    "header": "页眉", "headerl": "页眉", "headerr": "页眉", "headerf": "首页页眉",
    "footer": "页脚", "footerl": "页脚", "footerr": "页脚", "footerf": "首页页脚",
    "footnote": "脚注", "annotation": "批注", "shptxt": "文本框", "dptxbxtext": "文本框",
    "title": "文档属性", "subject": "文档属性", "author": "文档属性", "operator": "文档属性",
    "manager": "文档属性", "company": "文档属性", "category": "文档属性", "keywords": "文档属性",
    "comment": "文档属性", "doccomm": "文档属性", "propname": "文档属性", "staticval": "文档属性",
    "fldinst": "域代码", "xe": "域代码", "tc": "域代码", "docvar": "域代码",
}  # fmt: skip
"""Destination → where its text stands."""

PICTURE, OBJECT, FONTS, SHAPE_NAME, SHAPE_VALUE = "pict", "objdata", "fonttbl", "sn", "sv"
SPECIAL = frozenset({PICTURE, OBJECT, FONTS, SHAPE_NAME, SHAPE_VALUE})
"""Destinations whose content is no text of the document."""

THROUGH = frozenset(
    "shppict shpinst sp picprop background info userprops field fldrslt object do nesttableprops".split()
)
"""Groups that may be marked as optional, but hold what is to be read."""

UNREAD = frozenset(
    "colortbl stylesheet listtable listoverridetable revtbl rsidtbl filetbl generator nonshppict objclass"
    " objname atnid atnauthor atndate atnref atnparent bkmkstart bkmkend pnseclvl nonesttables upr template"
    " creatim revtim printim buptim datafield themedata colorschememapping latentstyles datastore xmlnstbl"
    " ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn htmltag mhtmltag blipuid falt panose objalias objsect".split()
)

CHARACTERS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "row": "\n", "nestrow": "\n",
    "lbr": "\n", "softline": "\n", "cell": "\t", "nestcell": "\t", "tab": "\t",
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emspace": " ", "enspace": " ", "qmspace": " ", "~": " ", "_": "-", "\n": "\n", "\r": "\n",
    "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip

PICTURE_KINDS = {
    "pngblip": "png",
    "jpegblip": "jpg",
    "emfblip": "emf",
    "wmetafile": "wmf",
    "dibitmap": "bmp",
    "macpict": "pict",
}

CHARSETS = {77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253",
            162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
            222: "cp874", 238: "cp1250"}  # fmt: skip


def code_page(number: int) -> str:
    """The codec of a Windows code page; GB18030 holds all that 936 and 1252 bytes of Chinese writers mean."""
    if number in (936, 54936, 0, 20936):
        return "gb18030"
    try:
        "".encode(codec := "utf-8" if number == 65001 else f"cp{number}")
    except LookupError:
        return "gb18030"
    return codec
