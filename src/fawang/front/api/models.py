"""The door's one table: what partners call the orders they filed."""

from __future__ import annotations

from django.db import models


class ExternalRef(models.Model):
    """The name of an order in another system (standard §1, external_refs). Orders are named by number: no key."""

    order_number = models.CharField(max_length=26, db_index=True)
    by = models.CharField(max_length=80, db_comment="the actor who told it")
    system = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    url = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["by", "system", "external_id"], name="external_ref_by_name")]

    def __str__(self) -> str:
        return f"{self.system} of {self.order_number}"
