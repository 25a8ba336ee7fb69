"""LeadDraft → 《微信泄密违规案件（事件）线索报告表》 as .docx (微信使用保密管理工作规范, 附件2)."""

from __future__ import annotations

import re
from pathlib import Path

from leakwatch.forms import drawing, saving
from leakwatch.forms.annexes import Annexes, add_annexes
from leakwatch.forms.drawing import MOST_OF_A_NAME, Box, Drawn, Heading
from leakwatch.forms.places import clock
from leakwatch.model import LeadDraft

_FORM = "微信泄密违规案件（事件）线索报告表"
_NO_ANNEXES = Annexes()


def form_name(draft: LeadDraft) -> str:
    """A file name that says the lead's id alone and is safe on Windows and Linux."""
    safe = re.sub(r"[^0-9A-Za-z-]", "_", draft.id.removeprefix("XS-"))[:80]
    return f"XS-{safe}.docx"


def write_lead_form(draft: LeadDraft, path: Path, annexes: Annexes = _NO_ANNEXES) -> tuple[str, ...]:
    """Sentences on what the form at `path` does not say in whole.

    An existing file stays: the form then lies beside it (name-2.docx), which a sentence says.
    LeakwatchError if the system does not let us write.
    """
    return saving.save(draw_lead_form(draft, annexes), path)


def draw_lead_form(draft: LeadDraft, annexes: Annexes = _NO_ANNEXES) -> Drawn:
    """The form with the lead's id and clocks on every page."""
    due = "立即报告" if draft.at_once else f"{clock(draft.due_at)}前"
    heading = Heading(
        form=_FORM,
        id=draft.id,
        lines=(
            (f"线索编号：{draft.id}", "草稿 · 密级未经核定"),
            (f"起草时间：{clock(draft.found_at)}", f"报告时限：{due}"),
        ),
        drawn_at=draft.found_at,
    )
    document = drawing.blank(heading)
    drawing.add_title(document, draft.reporting_unit[:MOST_OF_A_NAME], _FORM)
    notes = list(drawing.add_boxes(document, _boxes(draft), f"线索 {draft.id}"))
    drawing.add_signature(document)
    notes += add_annexes(document, heading, annexes)
    return Drawn(form=_FORM, document=document, notes=tuple(notes))


def _boxes(draft: LeadDraft) -> tuple[Box, ...]:
    return (
        Box(label="报告单位", text=draft.reporting_unit, height_cm=1.3, most=MOST_OF_A_NAME),
        Box(label="案件（事件）发生单位", text=draft.incident_unit, height_cm=1.6, most=MOST_OF_A_NAME),
        Box(label="泄密违规行为", text=draft.conduct, height_cm=1.6),
        Box(label="涉及文件资料及密级", text=draft.documents_and_levels, height_cm=1.6),
        Box(label="事实经过：（时间、原因、经过等）", text=draft.facts, height_cm=5.5, is_wide=True),
        Box(label="补救及整改措施情况：", text=draft.remedy, height_cm=3.5, is_wide=True),
        Box(label="备注", text=draft.remark, height_cm=1.6),
    )
