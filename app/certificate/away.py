"""What is said when nobody can sign."""

from datetime import timedelta

SOON = timedelta(minutes=10)


class SignerAway(Exception):
    """Nobody can sign now: why, in a sentence for who runs the service, and how long to wait before the next try."""

    def __init__(self, why: str, wait: timedelta = SOON) -> None:
        super().__init__(why)
        self.wait = wait
