from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_labels'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='rehearsal',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
