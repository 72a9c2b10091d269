"""The roof: settings, addresses, wiring; imports everything, imported by nobody."""
