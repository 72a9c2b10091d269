"""The only way to the data: a tenant-pinned connection that fails closed (house.md §4)."""
