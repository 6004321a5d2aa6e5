"""The session cookie: ours when its signature is. How long it lives our own rows decide, not the time on the cookie."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class Sessions(SecureCookieSessionInterface):
    """Flask's own, without its look at the clock.

    Flask throws away a cookie that seems to come from the future, so a clock set back by a second would sign everybody
    out. The time limits of a session stand in `accounts.models.LoginSession`.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says; an empty session when it is not ours."""
        signed, sent = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signed is None or not sent:
            return None if signed is None else self.session_class()
        try:
            return self.session_class(signed.loads(sent))
        except BadSignature:
            return self.session_class()
