"""An employee may be appointed to answer for the electronic archive and its copies (ARC-018)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_consents"),
    ]

    operations = [
        migrations.AlterField(
            model_name="appointment",
            name="duty",
            field=models.CharField(
                choices=[
                    ("organising", "организация ведения электронного журнала"),
                    ("technical", "администрирование на уровне школы"),
                    ("cards", "ведение личных карт"),
                    ("working_group", "член рабочей группы по контролю журналов"),
                    ("coordinator", "координатор электронного журнала и дневника"),
                    ("process", "заполнение модуля «Учебный процесс» и контроль сроков"),
                    ("methodical", "методическая поддержка"),
                    ("class_families", "деление класса на группы и регистрация родителей"),
                    ("marks_control", "своевременность и достоверность записей в журнале"),
                    ("data_documents", "документы по защите персональных данных"),
                    ("data_processing", "координация обработки персональных данных"),
                    ("archive", "электронный архив и резервное копирование"),
                    ("order_control", "контроль исполнения приказа"),
                    ("other", "иное поручение"),
                ],
                max_length=20,
                verbose_name="обязанность",
            ),
        ),
    ]
