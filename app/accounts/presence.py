"""Noting now and then that a signed-in device is in use, so that one that lies unused can be signed out."""

from __future__ import annotations

import logging

from flask import Response, g
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.accounts import actions
from app.accounts.blueprint import bp
from app.db import engine, hastily

log = logging.getLogger(__name__)


@bp.after_app_request
def note_use(response: Response) -> Response:
    """Notes the use once the page is made. The only thing that looking at a page writes; see tests/ledger.py."""
    # Who was not asked for is not looked up for this.
    user = g.get("_login_user")
    if user is None or not user.is_authenticated or not user.to_note or response.status_code >= 500:
        return response
    try:
        with hastily(engine()) as s:
            actions.note_use(s, user.session_id, clock.now())
    except SQLAlchemyError as error:
        # The page is more useful than the note, and the next request tries again.
        log.warning("use of a device not noted: %s", type(error).__name__)
    return response
