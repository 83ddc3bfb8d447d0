"""What each action of the envelope does to the order's row besides its transition: one function an action."""

from fawang.base.workorders.effects import amending, anytime, dispatching, filing, handling, result, unit  # noqa: F401
