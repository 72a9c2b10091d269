"""What a guardian or pupil may see: grants and views (дневник, доступ)."""
