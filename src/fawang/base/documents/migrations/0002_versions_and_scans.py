from django.db import migrations, models
from django.db.models import F


def tell_of_earlier_files(apps, schema_editor):
    """A file kept before is its own first version, kept as it was handed in and seen by no scanner."""
    apps.get_model("documents", "Document").objects.update(lineage=F("token"), original_sha256=F("sha256"))


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "document", "lineage",
            models.CharField(db_comment="the token of the first version", default="", max_length=22),
            preserve_default=False,
        ),
        migrations.AddField("document", "version", models.PositiveIntegerField(db_default=1, default=1)),
        migrations.AddField("document", "is_current", models.BooleanField(db_default=True, default=True)),
        migrations.AddField(
            "document", "original_sha256",
            models.CharField(db_comment="of what was handed in", default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "document", "pages",
            models.PositiveIntegerField(db_comment="0: a kind without pages", db_default=0, default=0),
        ),
        migrations.AddField(
            "document", "removed",
            models.CharField(blank=True, db_comment="what was taken out, by commas", default="", max_length=80),
        ),
        migrations.AddField(
            "document", "scan", models.CharField(db_default="NOT_SCANNED", default="NOT_SCANNED", max_length=12)
        ),
        migrations.AddField("document", "scanned_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "document", "sha256", models.CharField(db_comment="of what is kept", max_length=64)
        ),
        migrations.RunPython(tell_of_earlier_files, migrations.RunPython.noop),
        migrations.AddIndex(
            "document", models.Index(fields=["original_sha256"], name="document_handed_in_before")
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                condition=models.Q(("scan__in", ["NOT_SCANNED", "UNREACHED"])), fields=["id"],
                name="document_not_scanned",
            ),
        ),
        migrations.AddConstraint(
            "document", models.UniqueConstraint(fields=("lineage", "version"), name="document_version_once")
        ),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("lineage",), name="document_one_current_version"
            ),
        ),
    ]
