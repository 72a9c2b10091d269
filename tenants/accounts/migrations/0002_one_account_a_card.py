from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person_id__isnull", False)),
                fields=("school", "role", "person_id"),
                name="membership_one_account_a_card",
            ),
        ),
    ]
