"""Speaking with providers of identity: plain OpenID Connect, and ЕСИА's dialect of it."""
