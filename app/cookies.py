"""The session cookie: ours when its signature is. How long it lives our own rows decide, not the time on the cookie."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

_KEPT = 4096  # cookies of people who are here just now


class Sessions(SecureCookieSessionInterface):
    """Flask's own, without its look at the clock.

    Flask throws away a cookie that seems to come from the future, so a clock set back by a second would sign everybody
    out. The time limits of a session stand in `accounts.models.LoginSession`.
    """

    def __init__(self, app: Flask) -> None:
        signed = self.get_signing_serializer(app)
        assert signed is not None, "the settings have a secret key"
        self._signed: URLSafeTimedSerializer = signed
        # Everybody sends the same cookie again and again, and the same signature is right again. Kept is only what was
        # signed: who that is, and whether they are still signed in, is read anew each time.
        self._inside = lru_cache(_KEPT)(signed.make_signer().unsign)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says; an empty session when it is not ours."""
        sent = request.cookies.get(self.get_cookie_name(app))
        if not sent:
            return self.session_class()
        try:
            return self.session_class(self._signed.load_payload(self._inside(sent)))
        except BadSignature:
            return self.session_class()
