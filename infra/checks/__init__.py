"""What `make check` looks at beside the ready-made tools."""
