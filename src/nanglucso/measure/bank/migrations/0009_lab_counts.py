from django.db import migrations, models


def from_scores(apps, schema_editor):
    for version in apps.get_model("bank", "LabVersion").objects.all():
        version.counts = bool(set(version.body["score"]) - set(version.set_aside))
        version.save(update_fields=["counts"])


class Migration(migrations.Migration):
    dependencies = [("bank", "0008_labels")]
    operations = [
        migrations.AddField("labversion", "counts", models.BooleanField(default=True)),
        migrations.RunPython(from_scores, migrations.RunPython.noop),
    ]
