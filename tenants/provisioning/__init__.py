"""Opening a school, keeping its schema at the code's head."""
