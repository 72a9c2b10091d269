"""Journals, a page, its cells."""
