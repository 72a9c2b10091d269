"""What travels up: who hears which event, who fills a new school. Read top to bottom."""


def wire() -> None:
    """Subscribe handlers and register fillers; called once at start."""
