"""The columns of the tables: their heads, other heads that are understood, what must be there, and examples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

# what lists call kinds of institutions besides their names here
TYPES_BY_OTHER_NAMES = {
    "法律援助中心": "LEGAL_AID_CENTER", "法援中心": "LEGAL_AID_CENTER", "律所": "LAW_FIRM", "公证处": "NOTARY_OFFICE",
    "调委会": "MEDIATION_COMMITTEE", "司法局": "JUSTICE_OFFICE", "司法厅": "JUSTICE_OFFICE", "司法所": "JUSTICE_OFFICE",
    "仲裁委员会": "ARBITRATION_INSTITUTION", "司法鉴定所": "FORENSIC_INSTITUTION",
    "司法鉴定中心": "FORENSIC_INSTITUTION", "法律服务所": "BASIC_LEGAL_OFFICE",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table: its columns as (field, head, example), further heads, the fields that must be filled."""

    columns: tuple[tuple[str, str, str], ...]
    others: dict[str, str]
    required: tuple[str, ...]

    @cached_property
    def by_head(self) -> dict[str, str]:
        """The fields by all heads that mean them."""
        own = {word: name for name, head, _example in self.columns for word in (head, name)}
        return own | self.others

    def field_of(self, head: str) -> str:
        """The field that a head means; empty for an unknown one."""
        return self.by_head.get(head.strip().rstrip("*＊"), "")

    def head_of(self, name: str) -> str:
        """The head of a field."""
        wanted = {"division_code": "division"}.get(name, name)
        return next((head for one, head, _example in self.columns if one == wanted), name)

    @property
    def heads(self) -> list[str]:
        """The heads as templates and exports have them."""
        return [head for _name, head, _example in self.columns]

    @property
    def example(self) -> list[str]:
        """A made-up row."""
        return [example for _name, _head, example in self.columns]


INSTITUTIONS = Table(
    columns=(
        ("name", "机构全称", "示例县法律援助中心"), ("type", "机构类型", "法律援助机构"), ("short_name", "简称", ""),
        ("division", "地区", "510107"), ("level", "层级", "县级"), ("address", "地址", "示例路 1 号"),
        ("phones", "电话", "028-12345678"), ("hours", "开放时间", "周一至周五 09:00-12:00，13:30-17:00"),
        ("uscc", "统一社会信用代码", ""), ("licence_no", "执业许可证号", ""),
        ("licence_valid_to", "许可有效期到", "2031-12-31"), ("lng", "经度", ""), ("lat", "纬度", ""),
        ("crs", "坐标系", "CGCS2000"), ("lines", "承接的业务", "legal_aid"), ("domains", "擅长的领域", ""),
        ("languages", "服务语言", "普通话"), ("scope", "许可的业务范围", ""), ("parent", "上级机构", ""),
        ("capacity", "承接上限", "0"), ("accepts_legal_aid", "承办法律援助案件", "是"),
    ),
    others={
        "名称": "name", "机构名称": "name", "类型": "type", "地区代码": "division", "division_code": "division",
        "所在地区": "division", "城市": "city", "city": "city", "区县": "district", "district": "district",
        "联系电话": "phones", "phone": "phones", "工作时间": "hours", "办公时间": "hours", "服务时间": "hours",
        "信用代码": "uscc", "许可证号": "licence_no", "longitude": "lng", "latitude": "lat", "电话号码": "phones",
    },
    required=("name", "type"),
)  # fmt: skip
PEOPLE = Table(
    columns=(
        ("name", "姓名", "王示例"), ("kind", "人员类别", "人民调解员"),
        ("institution", "所在机构", "示例县人民调解委员会"),
        ("division", "机构地区", ""), ("licence_no", "执业证号", ""), ("licensed_on", "首次执业日期", ""),
        ("licence_valid_to", "证件有效期到", ""), ("domains", "擅长的领域", ""), ("languages", "服务语言", "普通话"),
        ("capacity", "承接上限", "0"),
    ),
    others={
        "类别": "kind", "机构": "institution", "机构全称": "institution", "证号": "licence_no",
        "有效期": "licence_valid_to",
    },
    required=("name", "kind", "institution"),
)  # fmt: skip
