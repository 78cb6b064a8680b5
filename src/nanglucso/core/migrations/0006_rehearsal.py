from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_backups'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='rehearsal',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
