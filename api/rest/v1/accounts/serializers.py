"""Shapes of sign-in and of «me»."""

from rest_framework import serializers


class CredentialsSerializer(serializers.Serializer):
    """A login and a password."""

    login = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    code = serializers.CharField(
        max_length=100,
        default="",
        allow_blank=True,
        help_text="код второго фактора, если он включён у учётной записи",
    )


class TokenSerializer(serializers.Serializer):
    """A key, shown this once."""

    token = serializers.CharField(help_text="передавать заголовком Authorization: Token <ключ>")
    expires_at = serializers.DateTimeField()


class RoleSerializer(serializers.Serializer):
    """A role: its stable name and how people call it."""

    code = serializers.CharField()
    title = serializers.CharField()


class MySchoolSerializer(serializers.Serializer):
    """A school where the person holds roles."""

    slug = serializers.CharField(help_text="адрес школы: /api/v1/s/<slug>/…")
    name = serializers.CharField()
    timezone = serializers.CharField()
    roles = RoleSerializer(many=True)


class MyChildSerializer(serializers.Serializer):
    """A child whose diary is open to the person, or the pupil himself."""

    id = serializers.IntegerField(help_text="номер в адресах дневника этой школы")
    school = serializers.CharField(help_text="адрес школы")
    name = serializers.CharField()
    class_title = serializers.CharField(help_text="пусто вне класса")
    is_self = serializers.BooleanField()


class MeSerializer(serializers.Serializer):
    """Who is signed in, and where he is known."""

    name = serializers.CharField()
    district_roles = RoleSerializer(many=True)
    schools = MySchoolSerializer(many=True)
    children = MyChildSerializer(many=True)
