"""Answers: which questions are asked, cleaned before they are stored, opened when somebody may read them."""

from fawang.base.catalogue.forms.carrying import carried
from fawang.base.catalogue.forms.cleaning import Answers, clean, is_sealed, opened, readable
from fawang.base.catalogue.forms.flow import NOBODY, Facts, Flow, asked, decisive, shown, walked

__all__ = [
    "NOBODY", "Answers", "Facts", "Flow", "asked", "carried", "clean", "decisive", "is_sealed", "opened", "readable",
    "shown", "walked",
]  # fmt: skip
