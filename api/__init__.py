"""The machine doors: REST and health."""
