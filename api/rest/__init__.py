"""REST over the same operations."""
