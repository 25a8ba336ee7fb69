"""JSON of any size and in any state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leakwatch.chats.parts.json_stream import Cut, Joined, JsonFile, Torn, as_text, outline
from leakwatch.model import Reason


def _records(path: Path, data: str | bytes, key: str = "messages") -> list[object]:
    path = path / "f.json"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with JsonFile(path) as source:
        return list(source.records(key))


def test_records_come_one_by_one_whatever_stands_around_them(tmp_path: Path) -> None:
    text = '{"a": {"messages": [9]}, "messages": [ {"n":1} , {"n":"]}"} ], "z": "[{"}'
    assert _records(tmp_path, text) == [{"n": 1}, {"n": "]}"}]


def test_a_top_level_array_is_read_too(tmp_path: Path) -> None:
    assert _records(tmp_path, '\ufeff[{"n":1}, null, 2]', "") == [{"n": 1}, None, 2]


def test_records_larger_than_the_window_fit(tmp_path: Path) -> None:
    big = {"n": 1, "text": "密" * 3_000_000}
    assert _records(tmp_path, json.dumps({"messages": [big, {"n": 2}]})) == [big, {"n": 2}]


def test_records_across_window_edges_are_whole(tmp_path: Path) -> None:
    rows = [{"n": n, "text": "值班安排😀" * 20} for n in range(9000)]
    assert _records(tmp_path, json.dumps({"messages": rows}, ensure_ascii=False)) == rows


def test_fields_are_found_before_and_behind_the_records(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    avatars = {f"k{n}": "A" * 100_000 for n in range(30)}
    path.write_text(json.dumps({"weflow": {}, "avatars": avatars, "messages": [{}], "session": {"n": 1}}))
    with JsonFile(path) as source:
        assert source.fields(frozenset({"weflow", "session", "gone"})) == {"weflow": {}, "session": {"n": 1}}


@pytest.mark.parametrize("cut_at", [30, 40, 50, 51])
def test_a_truncated_file_gives_its_leading_records_and_says_so(tmp_path: Path, cut_at: int) -> None:
    whole = '{"messages":[{"n":1,"t":"甲"},{"n":2,"t":"乙"},{"n":3,"t":"丙"}]}'
    assert _records(tmp_path, whole[:cut_at])[-1] == Cut(Reason.INCOMPLETE)
    assert _records(tmp_path, whole[:cut_at])[0] == {"n": 1, "t": "甲"}


_NESTED = {"t": {"of": ["值班"]}}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("odd", "read"),
    [
        ("", []),
        ("# 注释", []),
        ('{"n": 2,}}', [Torn('{"n": 2,}}')]),
        ("[2]", [[2]]),
        (json.dumps(_NESTED), [_NESTED]),
        (json.dumps({"t": "密" * 500_000}), [{"t": "密" * 500_000}]),
        ("[" * 500 + "]" * 500, [Torn("[" * 500 + "]" * 500)]),
    ],
)
def test_lines_come_in_their_order_whatever_stands_among_them(
    tmp_path: Path, odd: str, read: list[object], end: str
) -> None:
    rows: list[object] = [{"n": n, "text": "值班安排😀" * 20} for n in range(3000)]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path = tmp_path / "f.jsonl"
    path.write_text(end.join([*lines[:1500], odd, *lines[1500:]]), "utf-8", newline="")
    with JsonFile(path) as source:
        assert list(source.lines()) == [*rows[:1500], *read, *rows[1500:]]


def test_a_broken_record_is_kept_as_text_and_reading_goes_on(tmp_path: Path) -> None:
    text = '{"messages":[{"n":1},{"n":2,"t":"他说"\\u7edd\\u5bc6"了"},{"n":3}]}'
    assert _records(tmp_path, text) == [
        {"n": 1},
        Torn('{"n":2,"t":"他说"绝密"了"},'),
        {"n": 3},
    ]


def test_a_broken_last_record_is_kept_as_text_too(tmp_path: Path) -> None:
    text = '{"messages":[{"n":1},{"n":2,"t":"他说"好"了"}],"session":{"long":"enough"}}'
    assert _records(tmp_path, text) == [{"n": 1}, Torn('{"n":2,"t":"他说"好"了"}'), Cut(Reason.DAMAGED)]


def test_halves_of_surrogate_pairs_can_be_encoded(tmp_path: Path) -> None:
    text = '{"messages":[{"t":"\\ud83d坏", "\\udc00": ["\\uD83D\\uDE00"]}]}'
    assert _records(tmp_path, text) == [{"t": "\ufffd坏", "\ufffd": ["😀"]}]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[",
        b'{"messages"',
        b'{"messages":',
        b'{"messages":[',
        b"\x00" * 50,
        b"\xff\xfe{\x00\x00\xd8",
        b'{"messages":[' + b"[" * 100_000,
        b'{"messages":[' + b"9" * 10_000 + b"]}",
        b'{"messages":{"a":1}}',
        b'{"messages":"',
        b"not json at all",
    ],
)
def test_nothing_makes_it_raise(tmp_path: Path, data: bytes) -> None:
    assert not [value for value in _records(tmp_path, data) if not isinstance(value, Cut | Torn)]
    assert isinstance(outline(data), dict)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    data = json.dumps({"messages": [{"t": "值班安排已发群里，请大家查收"}]}, ensure_ascii=False).encode(
        encoding
    )
    assert _records(tmp_path, data) == [{"t": "值班安排已发群里，请大家查收"}]


def test_lines_pass_over_comments_and_keep_broken_ones_as_text(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text('# 注释\n{"n":1}\n\n{"n":2,}}\n{"n":3}\n{"n":4')
    with JsonFile(path) as source:
        assert list(source.lines()) == [{"n": 1}, Torn('{"n":2,}}'), {"n": 3}, Cut(Reason.INCOMPLETE)]


def test_the_outline_shows_keys_behind_long_arrays_and_base64() -> None:
    rows = [{"n": n, "more": [[{}]]} for n in range(1000)]
    head = json.dumps(
        {"avatars": {"a": "A" * 200_000}, "messages": rows, "session": {"type": "群聊"}}
    ).encode()
    found = outline(head)
    assert (found["messages"], found["session"]) == ([{"n": 0, "more": [[{}]]}], {"type": "群聊"})


def test_the_outline_of_a_cut_head_shows_what_was_whole() -> None:
    assert outline(b'{"weflow":{"v":1},"messages":[{"n":1},{"n":2},{"n') == {
        "weflow": {"v": 1},
        "messages": [{"n": 1}],
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("甲", "甲"), (7, "7"), ({"t": "甲"}, '{"t": "甲"}'), ([1], "[1]"), (True, "true")],
)
def test_any_value_is_text(value: object, text: str) -> None:
    assert as_text(value) == text


def test_a_second_array_of_the_same_key_is_read_too(tmp_path: Path) -> None:
    text = '{"messages":[{"n":1}],"session":{"a":[1]},"messages":[],"messages":[{"n":2}],"z":[]}'
    assert _records(tmp_path, text) == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        (
            "messages",
            '{"messages":[{"n":1}]}\n{"session":{},"messages":[{"n":2}]}',
            [{"n": 1}, Joined(), {"n": 2}],
        ),
        ("", '[{"n":1}][{"n":2}]', [{"n": 1}, Joined(), {"n": 2}]),
        ("messages", '{"messages":[{"n":1}]}\\u7edd密', [{"n": 1}, Joined(), Torn("绝密")]),
        ("messages", '{"messages":[{"n":1}]}\0\0 \n', [{"n": 1}]),
        ("messages", '{"messages":[{"n":1}]', [{"n": 1}, Cut(Reason.INCOMPLETE)]),
        ("messages", '{"messages":[{"n":1}]]}', [{"n": 1}, Cut(Reason.DAMAGED)]),
    ],
)
def test_what_follows_the_document_is_read_too(
    tmp_path: Path, key: str, text: str, expected: list[object]
) -> None:
    assert _records(tmp_path, text, key) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":"' + "A" * 3_000_000 + '","b":[1,{}],"c":"短"}', '{"a":"","b":[1,{}],"c":"短"}'),
        ('{"a":"' + '\\"' * 2_000_000 + '","b":"\\\\"}', '{"a":"","b":""}'),
        ('{"a":"' + "密" * 2000 + "\\\\" + '"}', '{"a":""}'),
        ("[" + "1," * 2000 + "2]", "[" + "1," * 2000 + "2]"),
        ('{"a":"\\', '{"a":"\\'),
    ],
)
def test_the_condensed_head_keeps_all_but_long_strings(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text)
    with JsonFile(path) as source:
        assert source.condensed_head().decode() == expected


NESTED = "[" * 600 + r'"\ud83d"' + "]" * 600


def test_a_record_that_nests_too_deep_is_torn_and_reading_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'[{{"a": {NESTED}}}, {{"a": 1}}]', "utf-8")
    with JsonFile(path) as source:
        assert [type(found) for found in source.records()] == [Torn, dict]


def test_a_line_that_nests_too_deep_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"a": {NESTED}}}\n{{"a": 1}}\n', "utf-8")
    with JsonFile(path) as source:
        assert [type(found) for found in source.lines()] == [Torn, dict]


def test_the_outline_of_what_nests_too_deep_is_short() -> None:
    assert outline(f'{{"a": {{"c": {NESTED}}}, "b": 1}}'.encode()) == {"a": None}


def test_escaped_pairs_in_torn_text_are_one_character(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(r'{"a": \u7edd\u5bc6\ud83d\ude00\ud83d!' + "\n", "utf-8")
    with JsonFile(path) as source:
        assert list(source.lines()) == [Torn('{"a": 绝密😀\ufffd!')]


def _many(*odd: str, after: int = 2000) -> str:
    """Rows for several pieces, odd ones among them."""
    rows = [json.dumps({"n": n, "t": "值班安排" * 20}, ensure_ascii=False) for n in range(2 * after)]
    rows[after:after] = odd
    return (
        '{"session": {"a": [{}, {}]}, "messages": [\n' + ",\n".join(rows) + '\n], "z": [{"n": 1}, {"n": 2}]}'
    )


@pytest.mark.parametrize(
    "text",
    [
        _many(),
        _many('{"t": "},{", "u": "\\"},\\n{\\"n\\": 7"}', after=700),
        _many('{"a": [{"n": 1},{"n": 2}], "b": {"c": [[]]}}'),
        _many('{"a": "\\udc00"}'),
        _many('{"a": "\\ud83d"}', '{"a": 12345678901234567890123}', '{"a": 1e400}', '{"a": -0.5e-7}'),
        _many('{"a": 1,, "b": "他说"绝密"了"}'),
        _many('{"a": "一行\n又一行"}', "null", "[1, 2]", '"甲"', ",,"),
        _many(f'{{"a": {NESTED}}}'),
        _many('{"t": "' + "密" * 300_000 + '"}'),
        _many()[:200_000],
        _many() + "\n" + _many(after=5),
    ],
)
def test_whole_pieces_of_utf8_give_what_single_records_give(tmp_path: Path, text: str) -> None:
    in_utf8 = _records(tmp_path, text)
    assert in_utf8 == _records(tmp_path, "\ufeff" + text)
    assert in_utf8 == _records(tmp_path, text.encode("utf-16"))
    assert len(in_utf8) > 1000


def test_an_array_below_another_object_is_read_where_the_way_leads(tmp_path: Path) -> None:
    text = '{"items": [0], "data": {"has_more": false, "items": [{"n":1}], "items": [{"n":2}]}, "z": 1}'
    assert _records(tmp_path, text, "data/items") == [{"n": 1}, {"n": 2}]


def test_a_way_that_ends_early_gives_what_stood_before(tmp_path: Path) -> None:
    found = _records(tmp_path, '{"data": {"items": [{"n":1}, {"n"', "data/items")
    assert found == [{"n": 1}, Cut(Reason.INCOMPLETE)]
