"""Pages of the committee: numbers, not children."""
