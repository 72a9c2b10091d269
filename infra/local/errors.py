"""What stops a start, said to a person in one sentence."""


class CannotStart(Exception):
    """Something outside the code is in the way; `sentence` says in Russian what and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
