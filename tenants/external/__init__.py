"""One login from outside (вход через внешнего поставщика): ЕСИА and any OpenID Connect provider.

A person from outside becomes one of ours by an invitation code bound to a child, or by СНИЛС and
birth date that a school has confirmed; never by name alone (law.md §4).
"""
