"""Parts of Django that know no school word."""
