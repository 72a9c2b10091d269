"""Pupils, guardians, staff, classes, groups (контингент, кадры)."""
