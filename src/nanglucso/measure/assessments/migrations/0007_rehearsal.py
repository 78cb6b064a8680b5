from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0006_admission'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='rehearsal',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
