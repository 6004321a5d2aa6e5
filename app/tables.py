"""Every table of the house, for migrations."""

from __future__ import annotations

from app import journal, mail, throttle
from app.accounts import models as accounts
from app.authoring import models as authoring
from app.bank import models as bank
from app.certificate import models as certificate
from app.course import models as course
from app.enrollment import models as enrollment
from app.practice import models as practice
from app.quiz import models as quiz
from app.stats import models as stats

ALL = (journal, mail, throttle, accounts, course, enrollment, quiz, practice, certificate, authoring, bank, stats)
