"""An upload that was read lies sealed in the vault."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0003_scan_root")]

    operations = [
        migrations.AddField(model_name="arrival", name="sealed_files", field=models.BinaryField(default=b""))
    ]
