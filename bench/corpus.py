"""A million made-up messages of a work group, and term lists of any length; the same for the same seed.

Lengths follow 621,000 real public lines (median 11, p90 53, p99 260). Words are everyday ones, every
seventh from jieba's dictionary by its frequency in newspapers and novels, so that words that nobody thought
of occur too. 3 % are talk of a work group, half of it full of words that only look like marks; 0.2 % are
marks and numbers, half of them in disguise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from pathlib import Path

import jieba
import numpy as np

_SEED = 3
_TALK = 0.03
_POSITIVES = 0.002
_LONGEST = 6000
_DICTIONARY_SHARE = 1 / 7
_STOPS = ("，", "，", "。", "？", "！", " ", "\n", "[捂脸]", "😂", "2031-05-06 ", "8:30", "@王明远 ")
_TALKS = tuple(
    "收到，马上办|{n}号楼的门禁卡今天发|请各科室{n}点前报名单|下午{n}点在三楼开会|材料放在王明远桌上了|周报{n}份已交"
    "|手机密码忘了，第{n}次|飞机密集起降，晚点{n}分钟|《秘密花园》涂色书{n}元|绝密飞行第{n}集|商业秘密法学习，第{n}讲"
    "|主机密封圈换了{n}个|保密知识竞赛，共{n}题|青政办发〔2031〕{n}号已在官网公布".split("|")
)
_PLAIN = tuple(
    "机密★{n}年|绝密★启用前 共{n}页|中办发〔2031〕{n}号|{term}，第{n}份|密级：秘密，{n}份|{term}看完删".split(
        "|"
    )
)
_VEILED = tuple(
    "機\u200b密★{n}年|机(jī)密★{n}年|秘 密☆{n}年|绝.密★{n}年|机[捂脸]密★{n}年|中辦發﹝二〇三一﹞{n}號".split(
        "|"
    )
)
_LEVELS = "绝密 机密 秘密 内部 涉密 不公开".split()
_CARRIERS = "文件 资料 电报 纪要 名单 方案 通报 函件 台账 附图".split()
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新"
_ORGANS = "委 政 府 纪 组 宣 统 法 编 密 机 信 公".split()
_CODES = "发 办发 函 电 字 传 通 报".split()
_PLACES_HEAD = "青云松白望临北苍石江河长平安永新东南西龙凤金银玉清高大古天阳"
_PLACES_TAIL = "石岭江塔川河屿梧山桥台岗湖泉溪洲"
_OFFICES = "委 政府 公安局 财政局 人社局 审计局 纪委 编办 国资委 信访局".split()
_PAPERS = "请示 批复 纪要 方案 预算 考察 名册 值班表 预案 内部通报 调查 谈话".split()
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高郑梁罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜"
)
_GIVEN_HEAD = "明晓建文志国海春秋雨子梦佳嘉思"
_GIVEN_TAIL = "远东宁波平安华强军芳敏静丽勇磊涛娜洋峰岚"
_MATTERS = ("", "", "案", "的考察材料", "任免", "举报信", "谈话笔录", "病历")


def messages(count: int) -> list[str]:
    """So many messages in a row."""
    random = np.random.default_rng(_SEED)
    lengths = np.exp(random.normal(np.log(11), 1.28, count)).clip(1, _LONGEST).astype(int).tolist()
    sorts = random.random(count)
    chatter = _chatter(random)
    special = _special(random)
    made = []
    for length, sort in zip(lengths, sorts.tolist(), strict=True):
        if sort < _POSITIVES:
            made.append(next(chatter)[: length // 2] + special(_PLAIN + _VEILED))
        elif sort < _POSITIVES + _TALK:
            made.append(special(_TALKS))
        else:
            made.append(_said(chatter, length))
    return made


def terms(count: int) -> list[str]:
    """The first so many terms: marks, then agency codes, then papers of offices and of people."""
    random = np.random.default_rng(_SEED)
    papers = _mixed(random, product(_PLACES_HEAD, _PLACES_TAIL, "市区县", _OFFICES, _PAPERS), 12_500)
    people = _mixed(random, product(_SURNAMES, _GIVEN_HEAD, _GIVEN_TAIL, _MATTERS), 16_000)
    every = [
        *map("".join, product(_LEVELS, _CARRIERS)),
        *_mixed(random, product(_PROVINCES, _ORGANS, _CODES), 2940),
        *_mixed(random, ((one,) for one in papers + people), 28_000),
    ]
    return list(islice(dict.fromkeys(every), count))


def _mixed(random: np.random.Generator, parts: Iterable[tuple[str, ...]], count: int) -> list[str]:
    every = list(map("".join, parts))
    return [every[place] for place in random.permutation(len(every))[:count].tolist()]


def _said(chatter: Iterator[str], length: int) -> str:
    text = next(chatter)
    while len(text) < length:
        text += next(chatter)
    return text[:length]


def _special(random: np.random.Generator) -> Callable[[tuple[str, ...]], str]:
    known = terms(300)

    def one_of(templates: tuple[str, ...]) -> str:
        template = templates[random.integers(len(templates))]
        return template.format(n=random.integers(2, 60), term=known[random.integers(len(known))])

    return one_of


def _chatter(random: np.random.Generator) -> Iterator[str]:
    """Words and stops without end."""
    everyday = _everyday()
    ranks = 1 / np.arange(5, len(everyday) + 5)
    words, counts = zip(*((word, int(count)) for word, count, *_ in _dictionary()), strict=True)
    while True:
        common = random.choice(len(everyday), 200_000, p=ranks / ranks.sum()).tolist()
        rare = np.searchsorted(np.cumsum(counts), random.random(200_000) * sum(counts)).tolist()
        rolls = random.random(200_000)
        stops = random.integers(len(_STOPS), size=200_000).tolist()
        for usual, unusual, roll, stop in zip(common, rare, rolls.tolist(), stops, strict=True):
            word = words[unusual] if roll < _DICTIONARY_SHARE else everyday[usual]
            yield word + _STOPS[stop] if roll > 1 - _DICTIONARY_SHARE else word


def _everyday() -> list[str]:
    lines = (Path(__file__).parent / "everyday.txt").read_text("utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _dictionary() -> Iterator[list[str]]:
    with (Path(jieba.__file__).parent / "dict.txt").open(encoding="utf-8") as lines:
        yield from map(str.split, lines)
