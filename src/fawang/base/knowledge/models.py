"""Laws, their versions and articles; what editors write; and the number of the corpus that an index is built from."""

from __future__ import annotations

from django.db import models


class Corpus(models.Model):
    """One row: `stamp` changes whenever an article does, so that an index knows whether it is of this corpus."""

    stamp = models.CharField(max_length=40, default="")
    loaded_at = models.DateTimeField(null=True)


class Law(models.Model):
    """A law, whatever its versions."""

    class Kind(models.TextChoices):
        """By who makes it."""

        CONSTITUTION = "CONSTITUTION"
        STATUTE = "STATUTE"
        REGULATION = "REGULATION"
        INTERPRETATION = "INTERPRETATION"
        RULE = "RULE"
        LOCAL = "LOCAL"
        OTHER = "OTHER"

    key = models.CharField(max_length=24, unique=True, db_comment="stable over loads: digest of kind, place and title")
    title = models.CharField(max_length=300)
    short = models.CharField(max_length=300)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    department = models.CharField(max_length=60, blank=True, default="", db_comment="branch of law, or the place")
    pinyin = models.CharField(max_length=200, db_comment="sort key of the short name")

    class Meta:
        indexes = [models.Index(fields=["kind", "pinyin"], name="law_kind_pinyin")]

    def __str__(self) -> str:
        return self.short


class Version(models.Model):
    """One text of a law, with the days it was in force as far as the source tells."""

    class Standing(models.TextChoices):
        """What the source says."""

        CURRENT = "CURRENT"
        SNAPSHOT = "SNAPSHOT"
        AMENDED = "AMENDED"
        FORMER = "FORMER"
        REPEALED = "REPEALED"

    key = models.CharField(max_length=60, unique=True, db_comment="the source's id of the text")
    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField(max_length=40, blank=True, default="", db_comment="as the source dates it")
    standing = models.CharField(max_length=8, choices=Standing.choices)
    issuer = models.CharField(max_length=200, blank=True, default="")
    published_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    is_from_known = models.BooleanField(default=True, db_comment="false: in force not before valid_from")
    valid_to = models.DateField(null=True, db_comment="last day")
    source = models.CharField(max_length=60)
    licence = models.CharField(max_length=200, blank=True, default="")
    snapshot_on = models.DateField()
    history = models.JSONField(default=list)
    digest = models.CharField(max_length=64, db_comment="of everything the source says, to skip what is unchanged")

    class Meta:
        indexes = [models.Index(fields=["law", "valid_from"], name="version_law_from")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="version_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.label}"


class Article(models.Model):
    """An article of a version, in the order of the text."""

    key = models.CharField(max_length=80, unique=True, db_comment="the corpus's id of the article")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="articles")
    position = models.PositiveIntegerField()
    number = models.PositiveIntegerField(null=True, db_comment="null for a text without articles")
    suffix = models.PositiveSmallIntegerField(default=0, db_comment="之一 is 1")
    label = models.CharField(max_length=40)
    chapter = models.CharField(max_length=200, blank=True, default="")
    section = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["version", "number", "suffix"], name="article_number")]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="article_position_once")]

    def __str__(self) -> str:
        return self.key


class Piece(models.Model):
    """A guide, a question with its answer, a case or an event, in the editor's workflow."""

    class Kind(models.TextChoices):
        """What it is."""

        GUIDE = "GUIDE"
        ANSWER = "ANSWER"
        CASE = "CASE"
        EVENT = "EVENT"

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "DRAFT"
        IN_REVIEW = "IN_REVIEW"
        PUBLISHED = "PUBLISHED"
        WITHDRAWN = "WITHDRAWN"

    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True, default="")
    body = models.TextField()
    language = models.CharField(max_length=10, default="zh")
    source = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=80, db_comment="ref of the actor who wrote the present text")
    reviewed_by = models.CharField(max_length=80, blank=True, default="")
    remark = models.CharField(max_length=500, blank=True, default="", db_comment="of the reviewer who sent it back")
    published_at = models.DateTimeField(null=True)
    review_by = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, db_comment="grows with each act; a stale page is refused")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "kind", "published_at"], name="piece_state_kind"),
            models.Index(fields=["state", "review_by"], name="piece_review_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="PUBLISHED")
                | (~models.Q(reviewed_by="") & models.Q(review_by__isnull=False)),
                name="piece_published_is_reviewed",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by="") | ~models.Q(reviewed_by=models.F("by")),
                name="piece_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class PieceArticle(models.Model):
    """An article a piece rests on, with the digest of the text that was read when it was last reviewed."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="articles")
    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    suffix = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="", db_comment="of the text in force; empty: none")
    doubt = models.CharField(max_length=8, blank=True, default="", db_comment="CHANGED or GONE since then")
    doubt_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["law", "number", "suffix"], name="piece_article_of")]
        constraints = [
            models.UniqueConstraint(fields=["piece", "law", "number", "suffix"], name="piece_article_once"),
        ]

    def __str__(self) -> str:
        return f"{self.law_id} {self.number}"
