"""Names of chats and files are sealed as words are."""

from django.db import migrations, models

from leakwatch.store.sealed_text import BlindedText, SealedText, SealedTexts

SEALED = {
    "group": {
        "name": SealedText(db_column="sealed_name", blinded="name_key"),
        "owner_name": SealedText(db_column="sealed_owner_name"),
        "remark": SealedText(db_column="sealed_remark"),
        "aliases": SealedTexts(db_column="sealed_aliases"),
    },
    "conversation": {"name": SealedText(db_column="sealed_name")},
    "unread": {"group": SealedText(db_column="sealed_group", blinded="group_key")},
    "arrival": {
        "name": SealedText(db_column="sealed_name", blinded="name_key"),
        "partial": SealedTexts(db_column="sealed_partial"),
        "detail": SealedText(db_column="sealed_detail"),
        "place": SealedText(db_column="sealed_place"),
    },
}
BLINDED = {"group": ("name_key", "name"), "unread": ("group_key", "group"), "arrival": ("name_key", "name")}


def seal(apps, _schema_editor):
    for model, fields in SEALED.items():
        for row in apps.get_model("store", model).objects.iterator(500):
            for name in fields:
                setattr(row, f"sealed_{name}", getattr(row, name))
            row.save()  # blinds, too


def replaced():
    for model, fields in SEALED.items():
        for name, field in fields.items():
            yield migrations.AddField(model, f"sealed_{name}", field.clone())
        if model in BLINDED:
            key, of = BLINDED[model]
            yield migrations.AddField(model, key, BlindedText(of=of, default=""), preserve_default=False)
    yield migrations.RunPython(seal)
    for model, fields in SEALED.items():
        for name in fields:
            yield migrations.RemoveField(model, name)
            yield migrations.RenameField(model, f"sealed_{name}", name)


class Migration(migrations.Migration):
    dependencies = [("store", "0004_sealed_uploads")]

    operations = [
        migrations.RemoveConstraint("group", "group_once"),
        migrations.RemoveConstraint("arrival", "arrival_once"),
        *replaced(),
        migrations.AddConstraint(
            "group", models.UniqueConstraint(fields=("platform", "name_key"), name="group_once")
        ),
        migrations.AddConstraint(
            "arrival", models.UniqueConstraint(fields=("root", "name_key", "signature"), name="arrival_once")
        ),
    ]
