"""A child's week."""
