"""What the room announces, in the stream `contact:<id>`. No name, number or word of a caller is in a fact's name.

What happens in a chat is announced in the stream of its contact; no fact has the words of a message. What becomes of a
published answer is in the stream `publication:<id>`.
"""

OPENED = "intake.contact_opened.v1"
ANSWERED = "intake.contact_answered.v1"
ORDER_MADE = "intake.order_made.v1"
REFERRED = "intake.contact_referred.v1"
CLOSED = "intake.contact_closed.v1"
WRAPPED_UP = "intake.contact_wrapped_up.v1"
NOTES_MERGED = "intake.notes_merged.v1"
CALLBACK_PLANNED = "intake.callback_planned.v1"
CALLED_BACK = "intake.called_back.v1"
RATED = "intake.contact_rated.v1"
CHAT_TAKEN = "intake.chat_taken.v1"
CHAT_RETURNED = "intake.chat_returned.v1"
CHAT_TRANSFERRED = "intake.chat_transferred.v1"
CHAT_JOINED = "intake.chat_joined.v1"
CHAT_READ = "intake.chat_read.v1"
CHAT_ENDED = "intake.chat_ended.v1"
CHAT_ERASED = "intake.chat_erased.v1"
PUBLICATION_AGREED = "intake.publication_agreed.v1"
PUBLICATION_DRAFTED = "intake.publication_drafted.v1"
PUBLICATION_CONSENT_WITHDRAWN = "intake.publication_consent_withdrawn.v1"
