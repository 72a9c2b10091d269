"""Drills (учения): the product is broken on purpose and must come back with nothing lost."""
