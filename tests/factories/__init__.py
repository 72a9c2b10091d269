"""Situations for tests, built by code."""
