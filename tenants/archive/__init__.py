"""The archive of a school (архив школы): all of it in open formats, and a school made of it again.

XCH-013, NFR-017. Why it is made so: docs/adr/0013-archive-of-a-school.md.
"""
