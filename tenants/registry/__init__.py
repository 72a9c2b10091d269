"""District and its schools: the tenants."""
