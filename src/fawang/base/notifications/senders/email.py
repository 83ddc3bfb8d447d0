"""E-mail over SMTP."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from fawang.base.notifications.values import Letter, Sent, State
from fawang.kernel import clock

_PERMANENT = 500


def _answer(code: int) -> Sent:
    state = State.FAILED if code >= _PERMANENT else State.FAILED_TEMPORARY
    return Sent(state, clock.now(), f"smtp_{code}")


def send(letter: Letter) -> Sent:
    """Hand the letter to the mail server. 5xx answers are final, 4xx answers and a silent server are not.

    The Message-ID is the same for the same attempt, so that a mailbox can tell a repeated one.
    """
    sender = settings.DEFAULT_FROM_EMAIL
    mail = EmailMessage(
        subject=letter.subject,
        body=letter.long,
        from_email=sender,
        to=[letter.address],
        headers={
            "Message-ID": f"<{letter.key}@{sender.rpartition('@')[2].rstrip('>')}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        },
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        return _answer(max(code for code, _reason in refused.recipients.values()))
    except smtplib.SMTPResponseException as answer:
        return _answer(answer.smtp_code)
    except (smtplib.SMTPException, OSError) as error:
        return Sent(State.FAILED_TEMPORARY, clock.now(), type(error).__name__[:60])
    return Sent(State.ACCEPTED, clock.now())
