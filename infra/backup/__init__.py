"""Backups with PostgreSQL's own tools: copies in two places, checked, and given back.

`python -m infra.backup init|base|schools|files|verify|prune|due|status`, and to give back:
`restore-school|restore-all|restore-files`.
The guide for people: docs/ru/backup.md. No encryption of our own: places lie on encrypted volumes.
"""
