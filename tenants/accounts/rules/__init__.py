"""Decisions about ways in, from plain values."""
