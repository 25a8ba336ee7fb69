"""What units, jobs and purges are told by is sealed as the names of groups are."""

from django.db import migrations, models

from leakwatch.store.sealed_text import BlindedText, SealedText

SEALED = {
    "unit": {
        "name": SealedText(db_column="sealed_name", blinded="name_key"),
        "contact": SealedText(db_column="sealed_contact"),
        "telephone": SealedText(db_column="sealed_telephone"),
        "parent": SealedText(db_column="sealed_parent"),
    },
    "lead": {"purged_because": SealedText(db_column="sealed_purged_because")},
    "jobrun": {"detail": SealedText(db_column="sealed_detail")},
}


def seal(apps, _schema_editor):
    for model, fields in SEALED.items():
        rows = apps.get_model("store", model).objects
        for row in (rows.exclude(purged_because="") if model == "lead" else rows).iterator(500):
            for name in fields:
                setattr(row, f"sealed_{name}", getattr(row, name))
            row.save()  # blinds, too


def replaced():
    for model, fields in SEALED.items():
        for name, field in fields.items():
            yield migrations.AddField(model, f"sealed_{name}", field.clone())
    yield migrations.AddField("unit", "name_key", BlindedText(of="name", default=""), preserve_default=False)
    yield migrations.RunPython(seal, migrations.RunPython.noop)  # back: only with empty tables, in tests
    for model, fields in SEALED.items():
        for name in fields:
            yield migrations.RemoveField(model, name)
            yield migrations.RenameField(model, f"sealed_{name}", name)


class Migration(migrations.Migration):
    dependencies = [("store", "0006_wider_queue")]

    operations = [
        *replaced(),
        migrations.AddConstraint("unit", models.UniqueConstraint(fields=("name_key",), name="unit_once")),
    ]
