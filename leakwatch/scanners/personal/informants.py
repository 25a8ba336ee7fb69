"""Who complained, reported, testified or was harmed: a deed or a role, linked to somebody in particular."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leakwatch.scanners.personal.persons import How, Person, Persons

_GRAVE = (
    r"举报|检举|揭发|告发|告状|告密|控告|实名反映|匿名|联名|信访|上访|写(?:的)?信|写给[^。,\n]{1,8}的|来信|实名信|递(?:的)?材料|作证|爆料|报警|报案|"
    r"打(?:的)?(?:12345|市长热线|热线)|吹哨|捅[出到给上]|递状|申诉|起诉|申请仲裁|劳动仲裁|"
    r"告(?:咱们?|我们|他们|局里?|镇|村|街道|单位|学校|公司|政府|领导|书记|[^诉知别示白\s]{1,3}长|.{1,8}那封)"
)
_LIGHT = r"投诉|反映|来电|提意见|维权|差评|12345|12315"
# Harmless by itself (带头唱歌的是小陈), somebody's complaint or case in a text that speaks of one.
_WEAK = (
    r"打(?:来)?(?:的)?电话|打进来|来电|拨(?:打)?(?:的)?|发(?:的)?帖|发抖音|发视频|拍(?:的)?视频|录(?:的)?音|拍照片?|带头|领头|挑头|牵头|"
    r"闹事?|拍桌子|砸|堵门|拉横幅|要(?:工)?钱|讨薪|要工资|骂[^,。\n]{0,6}|骂人|递条子|提供(?:的)?(?:线索|情况|照片)|说出来|捅出来|留(?:的)?(?:言|名|电话)|"
    r"来窗口[^,。\n]{0,4}|来找[^,。\n]{0,6}|写(?:的)?(?:材料|东西|纸条|小作文)|塞(?:的)?(?:材料|纸条)|实名(?:的)?|匿名(?:的)?"
)
_MATTER = re.compile(
    r"12345|12315|工单|热线|信访|上访|举报|投诉|检举|控告|仲裁|劳动监察|监察那|案子|警情|出警|报警|纠纷|欠薪|讨薪|拆迁|征地|违建|维权|舆情|稳控|维稳|"
    r"来访|接访|窗口闹|闹的|抖音|发帖|帖子|网上骂|派出所|笔录|作证|证人|线索|匿名|实名|带头要|约谈"
)
_ROLES = (
    r"举报[人者方](?!数|员|权)|检举人|投诉[人者]|信访人(?!数|员)|上访[人户者](?!数|员)|告状的|告发人|来信人|来访人|反映人|来电人|写信人|诉求人|(?<![接天无有离在热])线人|线索提供人|"
    r"知情人|证人(?!员)|目击者|报警人|报案人|被害人|受害(?:[人者](?!家)|[女男]?(?:学生|孩|童|生)|儿童|妇女|职工|工人|村民)|伤者|死者(?!为大)|(?:死亡|遇难|受伤|失联)(?:的|人员?|者|学生|工人|职工|村民|矿工)|遇难者|"
    r"(?:被打|被咬|被撞|被骗|被欺负|落水|溺水|跳楼|轻生|自杀|自缢)(?:的|者|那个|女|男|学生|孩子)|被告(?![知诉])人?|原告|(?:被)?申请人|当事人|嫌疑人|逃犯|特情|耳目|"
    r"(?<![笑碰吓急累气热饿])(?:死|拘|抓|撞|淹死|摔死|打死|撞死)的(?:那[个位](?=叫|姓|是)|(?:那[个位])?(?:学生|女的|男的|老人|孩子|司机|工人|人))|"
    r"(?:重伤|轻伤|来访|刑满释放|报警|涉诉)的(?=叫|姓|是|还是|[㐀-鿿]{2,3}(?![㐀-鿿]))|报的警|发(?:视频|帖)的网友|"
    r"女事主|事主|(?:酒驾|醉驾|毒驾)(?:抽血|查获|检测)?(?:结果|名单|人员)?(?=:)|出[院所狱]?(?:后)?[要需]?(?:重点)?管控的?(?=:)|被询问人|(?:奖金|奖励|赏金)领款人|(?:被)?性骚扰|走失|失踪|家暴|性侵|猥亵|强奸|拐卖|被拐|收养|领养|抱养|养父|养母|生母|弃婴|打拐|[这那]个?案子?[里中]?的|社区矫正(?!工作|中心|机构|局|科)|庇护|保护令|未成年(?!人|工|保护)|矫正对象|社矫|缓刑|刑满|吸毒人员|戒毒人员|"
    r"精神病人|重点人|稳控对象|约谈对象|被约谈|替考|被处罚人|被执行人|钉子户|反对.{0,4}那户|(?:信访|上访|举报|投诉)(?:名单|名册|老户|重点|群体|代表)"
)
_NOUN = r"[^。!?\n]{0,16}?(?:的|人|者|户|信|单子|件|方|那个|那位|那头|那边|那封|那家|那娃|工单|材料|帖子?|视频|照片|录音)"
_DEED = re.compile(
    rf"(?P<role>{_ROLES})|(?P<weak>(?:{_WEAK})[^。!?\n,]{{0,16}}?(?:的|人|者))|(?P<light>(?:{_LIGHT})[^。!?,\n]{{0,14}}?(?:,(?:打电话|来电|提|闹)|)(?:的|人|者))|(?:{_GRAVE})(?:{_NOUN}|(?=落款|署名|:))|落款|署名|[那这]封信(?=[^㐀-鿿]|是)"
)
_IS_ROLE = re.compile(rf"(?:{_ROLES})[^,。]{{0,6}}$")
_IS_POINTED = re.compile(r"(?:那个|那位|那头|那边|人)$")
_NAMED_BESIDE = 6
_APPOSED = re.compile("[㐀-鿿]{0,5}[人者]")
"""Between a deed and a name: 告书记的带头人储老三."""
_COPULA = (
    r"(?<![还不要总可但只于都])是(?!不|否|谁|哪|什么|为|要|因|每|公民|说|想|怕|没|这|[^,。]{0,8}(?:吗|么|呢)[?。,])|叫(?!停|我|你|他|大家)|姓(?!名)|"
    r"[:(]|(?<=访的)还是|(?<=线人)还是|落款|署名|签的|出自|[名真原本]名|名字|真人|认出|都是|[查核找对问]到人|查出来|查清|查到"
)
_LINK = re.compile(_COPULA)
_ROLE_LINK = re.compile(rf"{_COPULA}|住|家在|在|躲|签|的(?=[^,。]{{0,4}}$)")
_LIGHT_REACH = 14
_BACKWARD = re.compile(
    r"^[^。!?,\n]{0,10}(?:写|递|打|捅|告|举报|投诉|检举|反映|爆|交|签|报|发|寄|提)[^。!?,\n]{0,8}?的"
)
_LED_BY = re.compile(r"(?:就|其实|都|也|肯定)?(?:是|由|系)[^。!?,\n]{0,8}$")
_EQUALS = re.compile(r"[^。!?\n]{0,4}(?:就|正|便)是[^。!?\n]{0,10}$")
_ONE = re.compile(r"[^。!?,\n]{0,20}?的?(?:那[个位]|人)(?![㐀-鿿])")
_WHO = r"(?:(?<=[人者方位个])|那[个位家]人?|人|家长|学生|业主|村民|职工|司机|老板|女的|男的)"
"""At the end of a deed or right behind it: 举报人…, 写信的|那个人…."""
_TRACED = re.compile(
    rf"{_WHO}(?:是谁)?(?:已经|都|也|给)?(?:查到|查出来?|找到|找着|认出来?|摸到|摸清|锁定|对上)(?:了|啦|[,。!]|$)"
)
"""写信的那个人查到了: whoever says so knows who it is."""
_LIKENED = re.compile(
    rf"{_WHO}(?:好像|应该|估计|八成|多半|可能|大概|其实|听说)*就?是(?!不|否|谁|哪|什么|为|要|因|[^,。]{{0,10}}(?:吗|么|呢)[?。,])"
    r"[^,。!?\n]{0,12}(?:那[个位家户]|[你我他咱]们|以前|原来|隔壁|对门|楼[上下])[^,。!?\n]{0,10}(?:的|人|家|户|师傅|老板)(?=[\s,。!?]|$)"
)
"""投诉人好像就是你们股以前那个临聘的: described so that those who read it know who is meant."""
_REACH = 34
_BACK = 26
_ADJACENT = 3
_NAMED_WITHIN = 14
# 被害人的笔录让小李去做: whoever deals with the case is no party to it.
_STAFF = re.compile(
    r"[让请给由找跟派交归@]|笔录|材料|方案|会|表|台账|工作|服务|制度|权益|保护|政策|培训|接待|通知|处理|负责"
)
_END = re.compile(r"[。!\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Informant:
    """Somebody whose part in a case is given away."""

    how: How
    start: int
    end: int
    """Folded span over deed and person, half-open."""


def informants(text: str, persons: Persons) -> Iterator[Informant]:
    """Deeds and roles that are linked to a person, in the order of the deeds."""
    is_matter = _MATTER.search(text) is not None
    for deed in _DEED.finditer(text):
        if deed.group("weak") and not is_matter:
            continue
        left = max(0, deed.start() - _BACK)
        right = min(len(text), deed.end() + _REACH)
        around = [_moved(person, left) for person in persons.find(text[left:right])]
        told = _after(text, deed, around) or _before(text, deed, around) or _without_name(text, deed)
        if told:
            yield Informant(
                how=told.how,
                start=min(deed.start(), told.start),
                end=max(deed.end(), told.end),
            )


def _after(text: str, deed: re.Match[str], around: list[Person]) -> Person | None:
    """举报的就是老隋; 线人住翠屏村; 证人，姓逯."""
    following = [person for person in around if person.start >= deed.end()]
    linked = [person for person in following if _is_linked(text, deed, person)]
    return min(linked, key=lambda person: (tuple(How).index(person.how), person.start), default=None)


def _without_name(text: str, deed: re.Match[str]) -> Person | None:
    """Somebody who has been found, or is described to those who know the place, without a name."""
    found = _TRACED.match(text, deed.end()) or _LIKENED.match(text, deed.end())
    return Person(how=How.DESCRIBED, start=found.start(), end=found.end()) if found else None


def _is_linked(text: str, deed: re.Match[str], person: Person) -> bool:
    between = text[deed.end() : person.start]
    reach = _LIGHT_REACH + (_LIGHT_REACH // 2) * (person.how is How.NAMED)
    if _END.search(between) or (deed.group("light") and len(between) > reach):
        return False
    if _IS_ROLE.search(deed.group()) and person.how is not How.DESCRIBED:
        is_beside = len(between) <= (_NAMED_WITHIN if person.how is How.NAMED else _ADJACENT)
        is_linked = _ROLE_LINK.search(text, deed.end(), person.end) is not None
        return is_linked or (is_beside and not _STAFF.search(between))
    if person.how is How.NAMED and _IS_POINTED.search(deed.group()) and len(between) <= _NAMED_BESIDE:
        return True
    if person.how is How.HOME:
        return _ROLE_LINK.search(text, deed.end(), person.start + 1) is not None
    if person.how is How.NAMED and _APPOSED.fullmatch(between):
        return True
    is_told = person.how is not How.DESCRIBED or not deed.group("light")
    return is_told and _LINK.search(text, deed.end(), person.start + 1) is not None


def _before(text: str, deed: re.Match[str], around: list[Person]) -> Person | None:
    """材料是小匡递的; 是三楼的老周打的12345; 卢大姐就是投诉噪音的那位."""
    for person in around:
        if _EQUALS.match(text[person.end : deed.start()]) and _ONE.match(
            text[deed.end() - 1 : deed.end() + 20]
        ):
            return person
        is_led = _LED_BY.search(text[max(0, person.start - 12) : person.start])
        if person.end <= deed.end() and is_led and _BACKWARD.match(text[person.end : person.end + 22]):
            return person
    return None


def _moved(person: Person, by: int) -> Person:
    return Person(how=person.how, start=person.start + by, end=person.end + by)
