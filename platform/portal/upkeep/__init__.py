"""Works and incidents as the district and a school see them: forms and words in common."""
