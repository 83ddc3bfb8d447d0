from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_shared_version'),
        ('identity', '0002_one_time_password'),
        ('organisations', '0001_initial'),
        ('workorders', '0004_assessment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='order',
            name='order_queue_of_county',
        ),
        migrations.RemoveIndex(
            model_name='order',
            name='order_queue_of_city',
        ),
        migrations.RemoveIndex(
            model_name='order',
            name='order_queue_of_province',
        ),
        migrations.RemoveIndex(
            model_name='order',
            name='order_by_state',
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['county', 'due_at', 'id', 'is_open', 'state', 'line', 'urgency', 'unit', 'secrecy', 'title_key'], name='order_queue_of_county'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['city', 'due_at', 'id', 'is_open', 'state', 'line', 'urgency', 'unit', 'secrecy', 'title_key'], name='order_queue_of_city'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['province', 'due_at', 'id', 'is_open', 'state', 'line', 'urgency', 'unit', 'secrecy', 'title_key'], name='order_queue_of_province'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['state', 'due_at', 'id', 'is_open', 'province', 'city', 'county', 'secrecy'], name='order_by_state'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True), ('urge_is_open', True)), fields=['due_at', 'id'], name='order_urged'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True), ('supervision_level__gt', 0)), fields=['due_at', 'id'], name='order_supervised'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('grade__isnull', False)), fields=['due_at', 'id', 'grade', 'state', 'province', 'city', 'county'], name='order_rated'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['registrar', '-id'], name='order_of_registering_actor'),
        ),
    ]
