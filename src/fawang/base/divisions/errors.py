"""What can go wrong with divisions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import NotFound, RefusedByRule


class DivisionUnknown(NotFound):
    """No division with that code. `data["division"]` names it."""

    code = "divisions.unknown"
    message = _("没有代码为 %(division)s 的行政区划。请从列表里选择，或先运行 fawang divisions load。")


class SourceMissing(RefusedByRule):
    """The data to load is not there or not what it should be."""

    code = "divisions.source_missing"
    message = _("在 %(place)s 找不到行政区划数据。请先按安装说明取得数据，或用 --source 指明所在的目录。")


class ProvinceUnknown(RefusedByRule):
    """The data has no such province."""

    code = "divisions.province_unknown"
    message = _("数据里没有代码以 %(province)s 开头的省份。请填写两位省份代码，例如 51。")
