"""The public schema: schools, accounts, opening and closing a school."""
