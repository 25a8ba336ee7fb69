import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0003_arrivals")]

    operations = [
        migrations.AddField(
            model_name="arrival",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="arrival",
            name="title",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="unit", name="parent", field=models.CharField(blank=True, max_length=200)
        ),
        migrations.AddField(model_name="group", name="aliases", field=models.JSONField(default=list)),
    ]
