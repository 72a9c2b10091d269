"""The school's open pages, `/p/<school>/…`: how to get access, the application, its state."""
