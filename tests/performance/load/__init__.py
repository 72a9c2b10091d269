"""The load model: schools written in bulk, the same on every machine."""
