"""The product's own work: planned works, incidents, how available it was; public schema."""
