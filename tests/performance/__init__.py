"""How fast the product is, measured beside a reference (`make bench`, design goals «Speed»)."""
