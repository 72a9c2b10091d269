"""Files people bring and documents made for them: checked, kept privately, served by a door."""
