"""The municipal service as a case: application, register, clock, decision, complaint (услуга)."""
