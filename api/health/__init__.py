"""Is the process alive, may it take requests."""
