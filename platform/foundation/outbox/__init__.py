"""Events that travel up or across schemas: written with the change, delivered at least once."""
