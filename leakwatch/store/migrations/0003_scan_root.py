"""A scan knows which inbox it came from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="scan",
            name="root",
            field=models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        )
    ]
