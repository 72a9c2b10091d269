"""The doors: pages and API, HTTP in, HTTP out."""
