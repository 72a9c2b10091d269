"""How a school calls its subjects: the district's pages read no school, so names come along."""

from django.db import models


class SubjectName(models.Model):
    """A subject's name by its code, as the school had it when it was last counted."""

    school = models.ForeignKey(
        "registry.School", models.CASCADE, related_name="+", verbose_name="школа"
    )
    code = models.CharField("код предмета", max_length=40)
    name = models.CharField("название", max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="monitoring_subject_name_once")
        ]

    def __str__(self) -> str:
        return self.name
