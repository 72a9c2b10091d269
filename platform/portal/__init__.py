"""The web pages people use."""
