"""Who complained or testified is a leak; who deals with the complaint is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit

Hits = Callable[..., list[Hit]]


@pytest.mark.parametrize(
    "text",
    [
        "实名举报周院长的就是药剂科老隋",
        "那封信是出纳小匡写的",
        "写信告闸口吃拿卡要的是报关行的会计小池，女的",
        "投诉咱窗口态度的是那个总来办种子证的光头大哥，姓晁",
        "线人住翠屏村老槐树那边",
        "证人是隔壁的修表匠，姓逯",
        "是仓库的小仝把照片捅给记者的",
        "那个投诉砂场的人是老羿",
        "告咱们强拆的那个老太太姓汪",
        "举报材料署名：殷国庆",
        "12345那张工单，打电话的是楼上702教琴的骆老师",
        "欠薪那单，带头要钱的工人叫谈庆",
        "那个“匿名证人”就是同班组的龙二姐",
        "举报砂场的就是村头开店的皮嫂",
        "信访人储建国反映违建",
        "告书记的带头人储老三",
        "打12345的就住我们楼上702",
        "受害女生叫杨小满，初二",
        "死者向某，老寨的",
        "反映人车桂兰，女，67",
        "孩子爸爸报的警，叫连海",
        "昨天拘的那个叫单洪波，酒驾",
        "重伤的是司机老佘",
        "劳动仲裁那九个人牵头的叫向忠义，住老车站边上",
        "写信的那个人查到了，当面说",
        "投诉人好像就是你们股以前那个临聘的",
        "投诉夜间施工的是祥和里7-302的柳老先生",
        "反映学校乱收费的家长找到了，在菜场卖鱼",
    ],
)
def test_a_deed_is_linked_to_somebody(hits: Hits, text: str) -> None:
    assert [hit.rule.id for hit in hits(text) if hit.rule.category == "pd.case"] == ["pd.case"]


@pytest.mark.parametrize(
    "text",
    [
        "小李把信访件送到二楼给王科长签字",
        "举报箱的钥匙在老周那",
        "被害人的笔录让小张去做",
        "投诉食堂咸的是我",
        "举报是每个公民的权利",
        "接线人员态度很好，王师傅也在",
        "12345转来三个单子，都是井盖",
        "投诉的是谁",
        "投诉的问题查到了",
        "举报人是不是我们单位的",
        "那个人叫车去了",
        "死者为大",
        "笑死的是看见@王明远",
        "碰撞的声音让人睡不好，叫人修一下",
        "年会带头唱歌的是工会小陈",
        "打电话的是送水的老周，让他放一楼",
        "反映的问题家长找到了原因",
    ],
)
def test_staff_and_talk_are_no_informants(hits: Hits, text: str) -> None:
    assert [hit.quote for hit in hits(text) if hit.rule.category == "pd.case"] == []
