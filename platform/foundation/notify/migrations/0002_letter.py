"""The state of the letter is no address: its name must not look like one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0001_initial")]
    operations = [
        migrations.RemoveIndex("notice", "notify_unsent"),
        migrations.RenameField("notice", "mail", "letter"),
        migrations.AddIndex(
            "notice",
            models.Index(
                condition=models.Q(("letter", "waiting")), fields=["id"], name="notify_unsent"
            ),
        ),
    ]
