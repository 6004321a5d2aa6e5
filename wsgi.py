"""What the server runs."""

from __future__ import annotations

import os

from app import create_app
from app.background import start
from config import from_env

app = create_app(from_env(os.environ))
start(app)
