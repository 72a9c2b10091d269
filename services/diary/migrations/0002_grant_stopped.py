from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessgrant",
            name="revoked_ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("consent", "отозвано согласие"),
                    ("stopped", "заявление о прекращении"),
                    ("rights", "прекращены права представителя"),
                    ("left", "обучающийся выбыл"),
                    ("mistake", "предоставлен по ошибке"),
                ],
                default="",
                max_length=20,
                verbose_name="основание прекращения",
            ),
        ),
    ]
