"""What a consent to the processing of personal data (согласие) says: texts, snapshot."""
