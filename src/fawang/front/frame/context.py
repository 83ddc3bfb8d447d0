"""The context processor: what every template of the frame knows, as `frame.…`, worked out only when shown."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language

from fawang.base.organisations import selectors as organisations
from fawang.front.frame import navigation
from fawang.front.frame.doors import ACTING_KEY, actor_of
from fawang.front.frame.terminal import IDLE_SECONDS, terminal_of
from fawang.front.frame.values import NavigationItem
from fawang.kernel.policy import Actor

ELDER_COOKIE = "elder"


class Frame:
    """What the layout shows about the request: actor, language, elder mode, menus, unread messages."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.is_elder = request.COOKIES.get(ELDER_COOKIE) == "1"
        self.is_demonstration = settings.FAWANG_IS_DEMONSTRATION
        self.hotline = "12348"
        self.terminal = terminal_of(request)
        self.idle_seconds = IDLE_SECONDS

    @property
    def language(self) -> str:
        """The language of the page as the `lang` attribute wants it."""
        return {"zh-hans": "zh-Hans", "en": "en"}.get(get_language() or "", "zh-Hans")

    @property
    def is_english(self) -> bool:
        """Whether the page speaks English."""
        return self.language == "en"

    @property
    def actor(self) -> Actor:
        """Who is acting."""
        return actor_of(self.request)

    @property
    def is_logged_in(self) -> bool:
        """Whether somebody is logged in."""
        return not self.actor.is_anonymous

    @property
    def is_staff(self) -> bool:
        """Whether the actor acts as a member of an organisation."""
        return self.actor.member_id is not None

    @property
    def here(self) -> str:
        """The path of this page, to come back to after switching language or type size."""
        return self.request.get_full_path() if self.request.method == "GET" else "/"

    @cached_property
    def ways_to_act(self) -> list[tuple[str, str]]:
        """As whom the account may act: key and words."""
        user = getattr(self.request, "user", None)
        return organisations.ways_to_act(user) if user is not None and user.is_authenticated else []

    @property
    def acting(self) -> str:
        """The key of the present way to act."""
        return str(self.request.session.get(ACTING_KEY, "")) if self.is_logged_in else ""

    @cached_property
    def citizen_menu(self) -> list[NavigationItem]:
        """The portal's menu."""
        return navigation.menu(self.actor, "citizen", self.request.path)

    @cached_property
    def staff_menu(self) -> list[NavigationItem]:
        """The workbench's menu."""
        return navigation.menu(self.actor, "staff", self.request.path)

    @cached_property
    def citizen_inbox(self) -> tuple[str, int]:
        """The citizen's page of messages and the number of unread ones."""
        return navigation.inbox(self.actor, "citizen")

    @cached_property
    def staff_inbox(self) -> tuple[str, int]:
        """The staff's page of messages and the number of unread ones."""
        return navigation.inbox(self.actor, "staff")


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Give templates `frame`."""
    return {"frame": Frame(request)}
