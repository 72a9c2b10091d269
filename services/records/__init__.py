"""What is made of the journal: reports, the printed journal (отчёты, ведомости, журнал на бумаге).

Source: ROL-028, REP-001…REP-016; ARC-002, ARC-017, ARC-019. The room has no tables: it composes
what the rooms below hold.
"""
