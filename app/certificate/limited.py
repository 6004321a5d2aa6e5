"""A child that judges signed files in little memory and time: they come from others, and no file stops the next one."""

from __future__ import annotations

import base64
import json
import logging
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.certificate import revisions, validation
from app.certificate.revisions import Changed
from app.certificate.validation import Invalid, Signed, Unexamined, Untrusted

COMMAND = (sys.executable, "-m", "app.certificate.limited")
_ROOT = Path(__file__).resolve().parents[2]
_MEMORY, _SECONDS = 512 * 1024 * 1024, 5
_PATIENCE = 30  # seconds by the clock, for others may need the processor too
_DYING = 0.2  # seconds in which a child that answers no more has ended
_LONGEST = 64 * 1024  # signs of an answer
_MOST_WORDS = 200


class Overrun(Invalid):
    """To judge this file takes more than it may; ours take a hundredth of that."""

    def __init__(self) -> None:
        super().__init__("too much to read")


class Judge:
    """One child for many files, started for the first; who ends a fresh one is refused, and the next gets another."""

    def __init__(self, chain: str) -> None:
        self._chain = chain
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def judged(self, pdf: bytes, at: datetime, unsigned: bytes | None = None) -> Signed:
        """Who signed this file, validly at that moment; and nothing else was added to the unsigned one, if it is given.

        Raises Invalid, and Unexamined when it is our own trouble.
        """
        fresh, child = self._child is None, self._child or self._started()
        asked = {"pdf": _sent(pdf), "unsigned": _sent(unsigned or b""), "at": at.isoformat()}
        try:
            print(json.dumps(asked), file=child.stdin, flush=True)
            answer = self._heard(child)
        except (OSError, ValueError) as error:
            ended = self._end(_DYING)
            if not fresh:
                # What the files before have left in a child counts against none.
                return self.judged(pdf, at, unsigned)
            if ended in (-signal.SIGKILL, -signal.SIGALRM):
                # The machine is short of memory, or so busy that our own work took all the time by the clock.
                raise Unexamined(f"the child that judges signatures was ended by signal {-ended}") from error
            raise Overrun from error
        if "invalid" in answer:
            raise (Changed if answer["changed"] else Invalid)(answer["invalid"])
        moment = answer["signed_at"]
        signed = Signed(answer["signer"], answer["subject"], datetime.fromisoformat(moment) if moment else None)
        if not answer["trusted"]:
            raise Untrusted(signed)
        return signed

    def _started(self) -> subprocess.Popen[str]:
        try:
            child = self._child = subprocess.Popen(  # noqa: S603 (nothing of the sender's stands in the command)
                [*COMMAND, self._chain], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self._heard(child)
        except (OSError, ValueError) as error:
            self._end()
            raise Unexamined(f"the child that judges signatures did not start: {error}") from error
        return child

    @staticmethod
    def _heard(child: subprocess.Popen[str]) -> dict[str, Any]:
        assert child.stdout is not None
        answer = json.loads(child.stdout.readline(_LONGEST))
        if not isinstance(answer, dict):
            raise ValueError("no answer")
        return answer

    def _end(self, patience: float = 0) -> int | None:
        """Ends the child; how it had ended by itself, if it had."""
        child, self._child = self._child, None
        if child is None:
            return None
        with suppress(subprocess.TimeoutExpired):
            child.wait(patience)
        ended = child.returncode
        child.kill()
        with suppress(OSError):
            # What it was still to hear goes nowhere.
            child.communicate()
        return ended


def _sent(content: bytes) -> str:
    return base64.b64encode(content).decode()


def main() -> None:
    """The child: a file a line comes in as JSON, and a line goes out for each."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    logging.disable()
    roots = validation.loaded(Path(sys.argv[1]).read_bytes())
    _say({"roots": len(roots)})
    for line in sys.stdin:
        # Who is over the limit is ended by the system, without a word.
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + _SECONDS, -1))
        signal.alarm(_PATIENCE)
        try:
            answer = _answer(json.loads(line), roots)
        except MemoryError:
            sys.exit(1)
        signal.alarm(0)
        _say(answer)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _answer(asked: dict[str, str], roots: list[Any]) -> dict[str, Any]:
    pdf, unsigned = base64.b64decode(asked["pdf"]), base64.b64decode(asked["unsigned"])
    try:
        signed, trusted = validation.validated(pdf, roots, datetime.fromisoformat(asked["at"])), True
        if unsigned:
            revisions.only_signed(unsigned, pdf)
    except Untrusted as no:
        signed, trusted = no.signed, False
    except Invalid as no:
        return {"invalid": str(no)[:_MOST_WORDS], "changed": isinstance(no, Changed)}
    moment = signed.signed_at and signed.signed_at.isoformat()
    return {"signer": signed.signer[:_MOST_WORDS], "subject": signed.subject, "signed_at": moment, "trusted": trusted}


if __name__ == "__main__":
    main()
