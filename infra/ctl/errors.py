"""What stops `okrugctl`, said to the administrator in one sentence: what is wrong, what to do."""

from infra.local.errors import sentence_of


class Refusal(Exception):
    """The work is not begun or not finished; what was there before still works."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# What cuts a work short that has begun: then what was there before is given back.
CUT_SHORT = (Refusal, OSError, KeyboardInterrupt)


def reason_of(trouble: BaseException) -> str:
    """Return why a work was cut short."""
    match trouble:
        case Refusal():
            return trouble.sentence
        case OSError():
            return sentence_of(trouble)
    return "Прервано."
