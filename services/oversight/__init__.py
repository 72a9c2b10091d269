"""The committee's own casework: complaints, cases handed over, checks of schools (надзор)."""
