import unicodedata

from django.db import migrations, models


def fill(apps, schema_editor):
    """Give the orders that are there already the form of their title that searches compare."""
    orders = apps.get_model("workorders", "Order").objects.using(schema_editor.connection.alias)
    for order in orders.only("pk", "title").iterator(chunk_size=1_000):
        key = unicodedata.normalize("NFKC", order.title).casefold()[:200]
        orders.filter(pk=order.pk).update(title_key=key)


class Migration(migrations.Migration):
    dependencies = [
        ("workorders", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="title_key",
            field=models.CharField(
                blank=True, db_comment="the title as searches compare it", default="", max_length=200
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
