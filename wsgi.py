"""What the server runs, and what `flask …` finds."""

from __future__ import annotations

import os

from app import create_app
from config import BadSetting, from_env

try:
    app = create_app(from_env(os.environ))
except BadSetting as error:
    raise SystemExit(str(error)) from error

if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
    from app.commands import add_to

    add_to(app)
else:
    from app.background import start

    start(app)
