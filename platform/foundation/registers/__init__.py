"""Registers (журналы регистрации): numbers without a gap, per register and calendar year."""
