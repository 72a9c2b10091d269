"""The calculator of terms, the same in a school's office and in the committee."""
