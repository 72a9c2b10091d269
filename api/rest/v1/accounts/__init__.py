"""Token, me: who signs in."""
