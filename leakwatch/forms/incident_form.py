"""LeadDraft → 《泄密事件报告表》 as .docx (泄密事件报告和查处工作机制, 五), sent when the case is closed.

Only unit, content with its level as marked, and course are facts that leakwatch knows. Who is answerable, why,
with what harm and what came of it is for people to write.
"""

from __future__ import annotations

from pathlib import Path

from leakwatch.forms import drawing
from leakwatch.forms.annexes import Annexes, add_annexes
from leakwatch.forms.drawing import MOST_OF_A_NAME, Box, Drawn, Heading
from leakwatch.forms.lead_form import form_name
from leakwatch.forms.places import clock
from leakwatch.model import LeadDraft

_FORM = "泄密事件报告表"
_HARM = "造成危害：（由人工填写）"


def incident_form_name(draft: LeadDraft) -> str:
    """The name of the lead's form, and that it is the other one."""
    name = Path(form_name(draft))
    return f"{name.stem}-{_FORM}{name.suffix}"


def draw_incident_form(draft: LeadDraft, annexes: Annexes) -> Drawn:
    """The form with the lead's id on every page."""
    heading = Heading(
        form=_FORM,
        id=draft.id,
        lines=(
            (f"线索编号：{draft.id}", "草稿 · 密级未经核定"),
            (f"起草依据：{clock(draft.found_at)}发现的线索", "查处工作终结后报送"),
        ),
        drawn_at=draft.found_at,
    )
    document = drawing.blank(heading)
    drawing.add_title(document, _FORM)
    notes = list(drawing.add_boxes(document, _boxes(draft), f"线索 {draft.id}"))
    drawing.add_line(document, "主管领导：　　　　　　　　　填表人：", drawing.LABEL_PT, before_pt=9)
    drawing.add_signature(document, "20　　年　　月　　日")
    notes += add_annexes(document, heading, annexes)
    return Drawn(form=_FORM, document=document, notes=tuple(notes))


def _boxes(draft: LeadDraft) -> tuple[Box, ...]:
    course = "泄密事件发生经过、造成危害及造成泄密的主要原因："
    return (
        Box(label="发生泄密事件单位", text=draft.incident_unit, height_cm=1.3, most=MOST_OF_A_NAME),
        Box(label="泄密内容\n及密级", text=draft.documents_and_levels, height_cm=1.5),
        Box(label="主要责任人基本情况：", height_cm=1.8, is_wide=True, is_for_people=True),
        Box(label=course, text=f"{draft.facts}\n{_HARM}", height_cm=4.5, is_wide=True),
        Box(label="补救措施：", height_cm=1.7, is_wide=True, is_for_people=True),
        Box(label="处理结果：", height_cm=1.7, is_wide=True, is_for_people=True),
        Box(label="备注：", height_cm=1.0, is_wide=True, is_for_people=True),
    )
