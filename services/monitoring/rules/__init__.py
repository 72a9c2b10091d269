"""Decisions of the room from plain values: totals, shares, what must stay hidden."""
