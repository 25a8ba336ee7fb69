"""Is what stands around a red line a red head? Limits chosen on the tuning half of bench/photos/red.py."""

from __future__ import annotations

from leakwatch.redhead.heads import Head

_SMALL_PX = 13
"""Height of a title whose characters run into one another."""
_PITCH = 0.085
"""From row to row: 0.055 to 0.065 on A4, with blank lines between a little more; 0.088 on a menu."""
_ROOM = 0.7
"""Below the line, for a title and a body: an envelope with a stamp in a frame has one row there."""
_CUT, _CUT_LETTER = 0.25, 0.4
"""A photo that ends so closely below the line shows no print there, or only that of the title."""


def is_red_head(head: Head) -> bool:
    """Whether title, page, and number or letter form are all there."""
    return _is_title(head) and _is_page(head) and (_has_number(head) or _is_letter(head))


def _is_title(head: Head) -> bool:
    """Red characters in the middle above the line, as high as the standard has them."""
    is_small = head.title_height * head.line.length < _SMALL_PX
    return (
        0.045 <= head.title_height <= 0.235
        and head.title_width >= 0.2
        and head.title_off < 0.12
        and 0.06 <= head.title_fill <= 0.8
        and head.title_runs >= (3 if is_small else 5)
        and head.dark_in_title < 0.65
        and not head.is_framed
    )


def _is_page(head: Head) -> bool:
    """Black print below in the pitch of a page, hardly any red besides.

    Letter paper has many red lines; that of an app runs from edge to edge.
    """
    least_rows = 2 if head.bottom > _ROOM else 1
    return (
        0.22 <= head.share < (1.05 if head.is_double else 0.98)
        and head.red_below < 0.6
        and head.red_above < (0.3 if head.bottom < _CUT else 1.2)
        and head.lines_below <= 4
        and (head.rows_below >= least_rows or (head.bottom < _CUT and _has_number(head)))
        and (head.rows_below < 5 or 0.03 < head.pitch < _PITCH)
    )


def _has_number(head: Head) -> bool:
    """Room between title and line with the number in black; a full row is the body and date of minutes."""
    if head.top < 0.06 or not 0.05 <= head.gap <= 0.28:
        return False
    if head.number > 0.93:
        return head.gap > 0.1 and head.red_below < 0.2
    return head.number >= 0.1 or (head.number > 0.03 and head.gap > 0.13)


def _is_letter(head: Head) -> bool:
    """The line close below the title, the number below it: price lists and slides begin at the paper's edge.

    Of 18 letters the gap is 0.026 to 0.05 and the title 0.06 to 0.125 high; a line within a newspaper's name
    has a gap of 0.01 and that of a menu 0.08, the name of a restaurant is 0.15 high. A second line close below
    the first is a letter's alone, and so is one at the foot: the first may be lower then, and a photo with
    both at the head may end not far below them.
    """
    is_cut = head.is_double and head.bottom < _CUT_LETTER
    has_more = head.is_double or head.has_foot
    return (
        0.014 < head.gap < (0.095 if has_more else 0.065)
        and 0.055 < head.title_height < 0.135
        and head.title_width > 0.35
        and head.top > 0.1
        and head.share > 0.33
        and head.red_below < (0.6 if head.has_foot else 0.3)
        and (head.rows_below >= 3 or (is_cut and head.rows_below > 0))
        and (0.04 < head.pitch < _PITCH or is_cut)
    )
