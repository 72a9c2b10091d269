"""Pure Python: the words and the arithmetic of a school district, without Django."""
