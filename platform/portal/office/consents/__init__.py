"""Consents in the office: the register, accepting, withdrawal, destruction, requests, texts."""
