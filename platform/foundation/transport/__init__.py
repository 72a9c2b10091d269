"""The only way out: letters and requests, to listed hosts. Nothing is listed by default."""
