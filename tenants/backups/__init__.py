"""The journal of backups (журнал резервного копирования): what was copied, where to, by whom.

Source: ARC-014 (two carriers in different rooms), ARC-015 (twice a week), ARC-016 (by schedule, by
the responsible employee, restoring), ARC-018 (who answers). The copying itself is `infra.backup`;
here stands what people read, and what the product does with a school that was restored.
"""
