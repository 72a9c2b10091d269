"""What stops a start, said to a person in one sentence."""


class CannotStart(Exception):  # noqa: N818 (a fact, as house errors are named)
    """Something outside the code is in the way; `sentence` says in Russian what and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
