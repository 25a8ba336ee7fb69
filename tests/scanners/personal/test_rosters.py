"""A roster is two rows or more, each with a person and something of that person alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Origin

Hits = Callable[..., list[Hit]]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("王明远 离异\n李云 独居", ["王明远 离异\n李云 独居"]),
        ("王明远：13812345678；李云，13912345678", ["王明远：13812345678；李云，13912345678"]),
        ("低保：1 钱三妹 67岁 2 赫广田 71岁", ["钱三妹 67岁 2 赫广田 71岁"]),
        ("拟开除：苗壮（酒驾）、常乐（赌博）", ["苗壮（酒驾）、常乐（赌博）"]),
        ("单骁 男 1996.4；鄢磊 男 1998.11", ["单骁 男 1996.4；鄢磊 男 1998.11"]),
        ("3幢 徐 18662510947；8幢 钮 13405578826", ["徐 18662510947；8幢 钮 13405578826"]),
        ("复学的：关×（父亲服刑），麻×（随奶奶，耳聋）", ["关×（父亲服刑），麻×（随奶奶，耳聋）"]),
        ("考勤扣钱的：雒文斌迟到九次，石莉旷工两天", ["雒文斌迟到九次，石莉旷工两天"]),
        (
            "子女就读：\n应姐--儿子，市一中初三\n戈叔--女儿，实小二班",
            ["应姐--儿子，市一中初三\n戈叔--女儿，实小二班"],
        ),
        ("摸底：蓝总有外债，裘院长孩子拿了绿卡", ["蓝总有外债，裘院长孩子拿了绿卡"]),
        ("王明远36岁，住西关17号；李云45岁，住桥东路9号", ["王明远36岁，住西关17号；李云45岁，住桥东路9号"]),
        (
            "没证的：卖菜的王明远36岁租住西关17号，修鞋的李云45岁住桥东路9号",
            ["王明远36岁租住西关17号，修鞋的李云45岁住桥东路9号"],
        ),
        (
            "我念一下 王明远三十六岁租住西关十七号 李云四十五岁住桥东路九号",
            ["王明远三十六岁租住西关十七号 李云四十五岁住桥东路九号"],
        ),
        ("选手王明远36岁，李云45岁，赵青山58岁", []),
        ("姓名 科室\n向成 办公室\n杨金花 财务", []),
        ("姓名\n向成\n杨金花\n周三训练", []),
        ("低保名单：王明远、李云、赵青山", ["王明远、李云、赵青山"]),
        ("优秀党员名单：王明远、李云、赵青山", []),
        ("低保评议小组：王明远、李云、赵青山", []),
        ("低保名单：王明远、李云、赵青山三人负责核", []),
        ("王明远 两份\n李云 一份", []),
        ("午饭：王明远 120，李云 98，张青 130", []),
        ("王明远 离异", []),
        ("面饼、包子、粟米粥、豆浆", []),
    ],
)
def test_rows_are_counted_by_what_they_tell(hits: Hits, text: str, quotes: list[str]) -> None:
    assert [hit.quote for hit in hits(text) if hit.rule.category == "pd.roster"] == quotes


def test_a_roster_says_what_makes_it_one(hits: Hits) -> None:
    (roster,) = (
        hit
        for hit in hits("低保户\n王明远 13812345678\n李云 13912345678\n张青 13712345678")
        if hit.rule.category == "pd.roster"
    )

    assert [signal.id for signal in roster.signals] == ["row_numbers", "row_hardship", "many_rows"]


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("姓名\t出生日期\t缴费基数\n焦立本\t1971-05-19\t4100\n诸葛芸\t1988-12-01\t6300", "row_columns"),
        ("序号 姓名 与户主关系 年收入\n1 向成 本人 0\n2 杨金花 妻 6200", "row_columns"),
        ("姓名 致贫原因\n向成 因病\n杨金花 因残", "row_columns"),
        ("姓名\n向成\n杨金花\n补助金额\n1200\n860", "row_columns"),
        ("登记：邱素芬，女，61，无业；戈大勇，男，48，残疾", "row_details"),
        ("低保户\n王明远 13812345678\n李云 13912345678", "row_numbers"),
    ],
)
def test_a_roster_says_what_stands_in_each_row(hits: Hits, text: str, signal: str) -> None:
    (roster,) = (hit for hit in hits(text) if hit.rule.category == "pd.roster")

    assert roster.signals[0].id == signal


def test_people_far_apart_in_a_story_are_no_rows(hits: Hits) -> None:
    story = "村里修了路，办起了厂，日子一天天好起来，大家都说这是靠自己的手干出来的。" * 3
    text = f"解放后，王明远失业回乡。{story}后来，李云离婚进城。{story}"

    assert [hit for hit in hits(text) if hit.rule.category == "pd.roster"] == []


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("低保对象明细(带卡号和家庭住址).xlsx", ["row_columns"]),
        ("河口镇监测户_姓名证号卡号_终稿.xlsx", ["row_columns"]),
        ("培训报名表.xlsx", None),
    ],
)
def test_a_file_name_tells_what_the_list_holds(hits: Hits, text: str, signals: list[str] | None) -> None:
    found = [hit for hit in hits(text, Origin.FILENAME) if hit.rule.id == "pd.roster.title"]

    assert [signal.id for hit in found for signal in hit.signals] == (signals or [])
    assert bool(found) is (signals is not None)
