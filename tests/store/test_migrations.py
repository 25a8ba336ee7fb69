"""What a table of an earlier version held is there after the next start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from leakwatch.store.models import JobRun, Lead, Unit
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def before_sealed_units() -> Iterator[None]:
    """The tables of 0005; those of today afterwards, whatever happens."""
    MigrationExecutor(connection).migrate([("store", "0005_sealed_names")])
    yield
    _today()


def _today() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "store"])


@pytest.mark.usefixtures("before_sealed_units")
def test_units_jobs_and_purges_are_sealed_and_found_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_unit (name, contact, telephone, parent) "
            "VALUES ('云岭区应急处', '陈雨', '0571-1', ''), ('水务处', '', '', '云岭区应急处')"
        )
        cursor.execute("INSERT INTO store_jobrun (name, detail) VALUES ('watch', '/收件：打不开')")
    before = MigrationExecutor(connection).loader.project_state([("store", "0005_sealed_names")]).apps
    times = {"found_at": NOON, "due_at": NOON + timedelta(days=1), "changed_at": NOON}
    rows = before.get_model("store", "lead").objects
    rows.create(id="XS-20310506-00ff3a", purged_because="保存期满", is_draft=True, sealed=b"1", **times)
    rows.create(id="XS-20310506-00ff3b", is_draft=True, sealed=b"2", **times)
    _today()
    units = {unit.name: (unit.contact, unit.telephone, unit.parent) for unit in Unit.objects.all()}
    assert units == {"云岭区应急处": ("陈雨", "0571-1", ""), "水务处": ("", "", "云岭区应急处")}
    assert Unit.objects.get(name="水务处").parent == "云岭区应急处"
    assert JobRun.objects.get().detail == "/收件：打不开"
    assert [lead.purged_because for lead in Lead.objects.order_by("pk")] == ["保存期满", ""]
