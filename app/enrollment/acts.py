"""The UUID that every act of a learner carries, so that twice is once."""

from __future__ import annotations

import re
from uuid import uuid4

from flask import abort

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def new_act() -> str:
    """A UUID to render into a form."""
    return str(uuid4())


def is_act(sent: object) -> bool:
    """Whether this is a UUID in its usual spelling."""
    return isinstance(sent, str) and _UUID.match(sent) is not None


def act_of(sent: object) -> str:
    """The UUID that came with a form; a form without a whole one was not ours (400)."""
    if not isinstance(sent, str) or not is_act(sent):
        abort(400)
    return sent
