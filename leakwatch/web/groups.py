"""The register of work groups: who owns which, who has filed, what nobody registered, what fell silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from leakwatch.errors import Refused
from leakwatch.forms import fields
from leakwatch.forms.register_form import Filing, draw_register_form
from leakwatch.model import SHANGHAI
from leakwatch.register import PLATFORMS, Silent, due, silent, standing, workbook
from leakwatch.register import Unit as FiledUnit
from leakwatch.store import groups, naming
from leakwatch.store.groups import Editor, Entry
from leakwatch.store.models import Group, Role, Unit, User
from leakwatch.web import trail
from leakwatch.web.downloads import DOCX, XLSX, download

_PAGE = 100
_MOST = 200
_STANDINGS = {
    "filed": "已报备",
    "early": "还没到时候",
    "remind": "请在 6 月 15 日前报备",
    "overdue": "逾期未报备",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownUnit:
    """How a unit stands this year."""

    unit: FiledUnit
    id: int
    groups: int
    filed_at: date | None
    standing: str
    words: str


class _Day(forms.DateInput):
    """A date as browsers want it, whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EntryForm(forms.Form):
    """What of a group can be edited."""

    is_registered = forms.BooleanField(label="已登记为工作群", required=False)
    owner_name = forms.CharField(label="群主", max_length=100, required=False)
    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.order_by("pk"), required=False)
    new_unit = forms.CharField(label="单位不在上面时，写新单位的名称", max_length=200, required=False)
    remark = forms.CharField(label="备注", max_length=500, required=False)
    filed_at = forms.DateField(label="报备日期", required=False, widget=_Day())
    dissolved_at = forms.DateField(label="解散日期", required=False, widget=_Day())
    owners = forms.ModelMultipleChoiceField(
        label="群主账号（登录后只看得到这个群的线索）",
        queryset=User.objects.filter(role=Role.OWNER, is_active=True).order_by("username"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Units and how they stand, the groups of the register, those that are not in it, those that fell silent."""
    now = settings.OFFICE.clock()
    unregistered = Group.objects.filter(is_registered=False)
    strange = list(unregistered.order_by(F("last_message_at").desc(nulls_last=True), "pk")[: _MOST + 1])
    twins = groups.twins(strange)
    today = now.astimezone(SHANGHAI).date()
    shown = {
        "units": _units(today),
        "due_on": due(today.year).due_on,
        "page": Paginator(groups.registered(), _PAGE).get_page(request.GET.get("page")),
        "strange": [(row, twins.get(row.pk)) for row in strange[:_MOST]],
        "has_more": len(strange) > _MOST,
        "silent": _silent(),
        "platforms": PLATFORMS,
    }
    return render(request, "groups.html", shown)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, id: int) -> HttpResponse:
    """One group, to be edited; one that is not registered starts with what its twin says."""
    group = get_object_or_404(Group.objects.select_related("unit"), pk=id)
    twin = groups.twins([group]).get(group.pk) if not group.is_registered else None
    form = EntryForm(request.POST or None, initial=_start(twin or group))
    if request.method == "POST" and form.is_valid():
        try:
            leads = groups.change(group, _entry(form), editor(request))
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"已保存{groups.told(leads)}")
            return redirect("groups")
    return render(request, "group.html", {"form": form, "group": group, "twin": twin, "platforms": PLATFORMS})


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The register as .xlsx."""
    written = workbook(groups.register(), settings.OFFICE.config.units.reporting_unit)
    _note_taken(request, "register")
    return download(written, "微信工作群登记表.xlsx", XLSX)


@require_safe
def unit_form(request: HttpRequest, id: int) -> HttpResponse:
    """微信工作群报备表 of one unit as .docx."""
    unit = get_object_or_404(Unit, pk=id)
    register = groups.register()
    filing = Filing(
        bureau=settings.OFFICE.config.units.reporting_unit,
        unit=next(one for one in register.units if one.name == unit.name),
        groups=tuple(group for group in register.groups if group.unit == unit.name),
        drawn_at=settings.OFFICE.clock(),
    )
    written = fields.recorded(draw_register_form(filing).document)
    _note_taken(request, f"unit:{unit.pk}")
    return download(written, f"微信工作群报备表-{unit.name}.docx", DOCX)


def editor(request: HttpRequest) -> Editor:
    """Who asks, now."""
    office = settings.OFFICE
    named = naming.of_config(office.config, office.sealer)
    return Editor(user=request.user, at=office.clock(), naming=named)


def _note_taken(request: HttpRequest, subject: str) -> None:
    with transaction.atomic():
        trail.note(request, "register.taken", subject)


def _units(today: date) -> list[ShownUnit]:
    """Each unit; it has filed when one of its groups was."""
    filed: dict[str, list[date | None]] = {}
    register = groups.register()
    for group in register.groups:
        if group.dissolved_at is None:
            filed.setdefault(group.unit, []).append(group.filed_at)
    ids = dict(Unit.objects.values_list("name", "pk"))
    shown = []
    for unit in register.units:
        last = max((day for day in filed.get(unit.name, []) if day), default=None)
        stands = standing(today, last)
        shown.append(
            ShownUnit(
                unit=unit,
                id=ids[unit.name],
                groups=len(filed.get(unit.name, [])),
                filed_at=last,
                standing=stands.value,
                words=_STANDINGS[stands.value],
            )
        )
    return shown


def _silent() -> Sequence[Silent]:
    rows = Group.objects.filter(is_registered=True, dissolved_at=None).exclude(last_message_at=None)
    return silent(dict(rows.values_list("name", "last_message_at")), settings.OFFICE.clock())


def _start(group: Group) -> dict[str, object]:
    return {
        "is_registered": group.is_registered,
        "owner_name": group.owner_name,
        "unit": group.unit_id,
        "remark": group.remark,
        "filed_at": group.filed_at,
        "dissolved_at": group.dissolved_at,
        "owners": list(group.owners.values_list("pk", flat=True)),
    }


def _entry(form: EntryForm) -> Entry:
    given = form.cleaned_data
    unit = given["unit"]
    if name := given["new_unit"].strip():
        unit, _ = Unit.objects.get_or_create(name=name)
    return Entry(
        owner_name=given["owner_name"],
        unit=unit,
        remark=given["remark"],
        is_registered=given["is_registered"],
        filed_at=given["filed_at"],
        dissolved_at=given["dissolved_at"],
        owners=list(given["owners"]),
    )
