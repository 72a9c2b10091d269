"""The rooms of a school, one bounded context each; order and shelves: docs/architecture.md."""
