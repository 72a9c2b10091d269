"""The pre-trial complaint as it is kept and worked on: one procedure for two rooms.

No app and no tables of its own: `services.cases` (to the school's head) and `services.oversight`
(to the committee) each have their own, of these abstract models. ADR 9 says why.
"""
