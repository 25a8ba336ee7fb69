"""Log and verdicts can only grow."""

from django.db import migrations

from leakwatch.store import append_only


def protect(_apps, schema_editor):
    append_only.protect(schema_editor.connection)


def expose(_apps, schema_editor):
    append_only.expose(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [migrations.RunPython(protect, expose)]
