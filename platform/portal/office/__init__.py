"""Pages of the school's office: people, import."""
