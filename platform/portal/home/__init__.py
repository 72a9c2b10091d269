"""Sign-in and the first page."""
