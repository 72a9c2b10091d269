"""The permission matrix: who may knock at which address. A route without a row answers 404.

The fine gate, which child and which lesson, is each room's `access`. Tests walk this matrix over
every route × role × own and foreign school (tests/doors/test_permission_matrix.py).
"""

from kernel.roles import DISTRICT_ROLES, FAMILY_ROLES, STAFF_ROLES, Role
from tenants.accounts.gate import Audience, Where

ANYONE = Audience(Where.ANYWHERE)
SIGNED_IN = Audience(Where.SIGNED_IN)
STAFF = Audience(Where.SCHOOL, STAFF_ROLES)
# The journal is open only to staff who take part in teaching (PDP-013, ROL-025).
JOURNAL = Audience(Where.SCHOOL, frozenset({Role.TEACHER, Role.MANAGEMENT}))
TEACHING = Audience(Where.SCHOOL, frozenset({Role.TEACHER}))
OFFICE = Audience(Where.SCHOOL, frozenset({Role.ADMINISTRATOR, Role.MANAGEMENT, Role.SECRETARY}))
IMPORTS = Audience(Where.SCHOOL, frozenset({Role.ADMINISTRATOR, Role.SECRETARY}))
FAMILY = Audience(Where.FAMILY, FAMILY_ROLES)
DISTRICT = Audience(Where.DISTRICT, DISTRICT_ROLES)

MATRIX: dict[str, Audience] = {
    "health:live": ANYONE,
    "health:ready": ANYONE,
    "home:sign-in": ANYONE,
    "home:sign-out": ANYONE,
    "home:home": SIGNED_IN,
    "appearance": ANYONE,
    "teacher:today": TEACHING,
    "teacher:journals": JOURNAL,
    "teacher:journal-now": JOURNAL,
    "teacher:journal": JOURNAL,
    "teacher:cells": JOURNAL,
    "teacher:lessons": JOURNAL,
    "teacher:lesson": JOURNAL,
    "teacher:save-cells": TEACHING,
    "teacher:set-kind": TEACHING,
    "guardian:home": FAMILY,
    "guardian:day": FAMILY,
    "guardian:week": FAMILY,
    "guardian:marks": FAMILY,
    "guardian:absences": FAMILY,
    "guardian:calendar": FAMILY,
    "office:home": OFFICE,
    "office:employees": OFFICE,
    "office:imports": IMPORTS,
    "office:import": IMPORTS,
    "office:apply": IMPORTS,
    "office:drop": IMPORTS,
    "api:schema": ANYONE,
    "api:token": ANYONE,  # POST signs in, DELETE takes the key itself
    "api:me": SIGNED_IN,
    "api:journals": JOURNAL,
    "api:journal": JOURNAL,
    "api:save-cells": TEACHING,
    "api:week": FAMILY,
    "district:home": DISTRICT,
    "district:school": DISTRICT,
    "api:indicators": DISTRICT,
}
