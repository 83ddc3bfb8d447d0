from django.db import migrations

from fawang.base.organisations.values.coordinates import Crs, gcj02, to_wgs84


def _moved(apps, move, crs):
    rows = apps.get_model("organisations", "Institution").objects.filter(lng__isnull=False, lat__isnull=False)
    for row in rows.iterator():
        lng, lat = move(row.lng, row.lat)
        row.lng, row.lat, row.source_crs = round(lng, 6), round(lat, 6), crs
        row.save(update_fields=["lng", "lat", "source_crs"])


def to_cgcs2000(apps, _schema_editor):
    """Until now the columns held GCJ-02."""
    _moved(apps, lambda lng, lat: to_wgs84(lng, lat, Crs.GCJ02), Crs.GCJ02.value)


def to_gcj02(apps, _schema_editor):
    _moved(apps, gcj02, "")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_coordinates_and_register")]
    operations = [migrations.RunPython(to_cgcs2000, to_gcj02)]
