"""`okrugctl`: a bare machine becomes a server of a district, and stays one (Russian: установка).

Travels in the bundle beside the product and imports nothing of it; what runs before the release's
libraries are there (`install`, `upgrade`, `size`) uses the standard library only.
"""
