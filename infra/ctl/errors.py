"""What stops `okrugctl`, said to the administrator in one sentence: what is wrong, what to do."""


class Refusal(Exception):
    """The work is not begun or not finished; what was there before still works."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
