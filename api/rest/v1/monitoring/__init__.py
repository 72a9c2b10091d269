"""The district's numbers."""
