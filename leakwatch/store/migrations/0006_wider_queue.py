"""The queue's index holds what the list is narrowed by: filters read no sealed boxes either."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Index only."""

    dependencies = (("store", "0005_sealed_names"),)
    operations = (
        migrations.RemoveIndex(model_name="lead", name="lead_queue"),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=[
                    "merged_into",
                    "-at_once",
                    "due_at",
                    "-is_draft",
                    "level",
                    "id",
                    "state",
                    "category",
                    "reported_at",
                ],
                name="lead_queue",
            ),
        ),
    )
