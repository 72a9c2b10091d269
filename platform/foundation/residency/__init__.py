"""Where data lie and who processes them: the manifest, its reader, and what an address means."""
