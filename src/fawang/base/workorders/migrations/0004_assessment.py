"""What the rules of a service said of an order's answers is kept with the order."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("workorders", "0003_callback_tries"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="assessment",
            field=models.JSONField(
                db_comment="what the item's rules said: verdict, flags, materials, fee", default=dict
            ),
        ),
    ]
