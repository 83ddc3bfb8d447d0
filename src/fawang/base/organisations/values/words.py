"""Words of the room with their Chinese names: levels, states, kinds of institutions and people, roles."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Level(StrEnum):
    """Levels of the network (§2). Depth is not assumed anywhere: `parent` says what is above."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"


class Status(StrEnum):
    """Whether an institution may work."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    CLOSED = "CLOSED"


LEVEL_NAMES: dict[str, str | Promise] = {
    Level.PROVINCE: _("省级"),
    Level.CITY: _("市级"),
    Level.COUNTY: _("县级"),
    Level.TOWNSHIP: _("乡镇(街道)"),
    Level.VILLAGE: _("村(社区)"),
}
STATUS_NAMES: dict[str, str | Promise] = {
    Status.ACTIVE: _("正常"),
    Status.SUSPENDED: _("暂停执业"),
    Status.REVOKED: _("已吊销"),
    Status.CLOSED: _("已注销"),
}

# from where an institution may go where; a revoked or closed one does not come back under the same record
STATUS_MOVES: dict[Status, tuple[Status, ...]] = {
    Status.ACTIVE: (Status.SUSPENDED, Status.REVOKED, Status.CLOSED),
    Status.SUSPENDED: (Status.ACTIVE, Status.REVOKED, Status.CLOSED),
    Status.REVOKED: (Status.CLOSED,),
    Status.CLOSED: (),
}

# institution types of §6, and the centres of §2–3; the second is what their credit codes begin with ("" = no rule)
INSTITUTION_TYPES: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "LAW_FIRM": (_("律师事务所"), ("31",)),
    "NOTARY_OFFICE": (_("公证机构"), ("32", "12")),
    "BASIC_LEGAL_OFFICE": (_("基层法律服务所"), ("33",)),
    "FORENSIC_INSTITUTION": (_("司法鉴定机构"), ()),
    "ARBITRATION_INSTITUTION": (_("仲裁机构"), ("35",)),
    "MEDIATION_COMMITTEE": (_("人民调解委员会"), ()),
    "COMMERCIAL_MEDIATION": (_("商事调解组织"), ()),
    "LEGAL_AID_CENTER": (_("法律援助机构"), ("11", "12")),
    "JUSTICE_OFFICE": (_("司法行政机关"), ("11",)),
    "RECONSIDERATION_BODY": (_("行政复议机构"), ("11",)),
    "LABOUR_ARBITRATION": (_("劳动人事争议仲裁委员会"), ()),
    "RURAL_LAND_ARBITRATION": (_("农村土地承包仲裁委员会"), ()),
    "FOREIGN_LAW_OFFICE": (_("境外律师事务所代表处"), ()),
    "LAWYER_MEDIATION": (_("律师调解工作室"), ()),
    "PSYCH_SERVICE": (_("心理服务机构"), ()),
    "VOLUNTEER_TEAM": (_("法律志愿服务队"), ()),
    "PLS_CENTRE": (_("公共法律服务中心"), ()),
    "PLS_STATION": (_("公共法律服务工作站"), ()),
    "PLS_STUDIO": (_("公共法律服务工作室"), ()),
    "HOTLINE_CENTRE": (_("12348 热线平台"), ()),
    "DISPATCH_CENTRE": (_("工单调度中心"), ()),
    "PARTNER_BODY": (_("协同单位"), ()),
}

# role codes of §5
ROLES: dict[str, str | Promise] = {
    "VISITOR": _("访客"),
    "CITIZEN": _("群众本人"),
    "ORG_USER": _("单位法定代表人"),
    "ORG_AGENT": _("单位经办人"),
    "PROXY": _("代理人"),
    "RECEPTIONIST": _("接待受理员"),
    "DUTY_LAWYER": _("值班律师"),
    "DISPATCHER": _("调度员"),
    "INSTITUTION_ADMIN": _("机构管理员"),
    "HANDLER": _("承办人"),
    "REVIEWER": _("审核人"),
    "APPROVER": _("审批人"),
    "SUPERVISOR": _("督办员"),
    "CALLBACK_AGENT": _("回访员"),
    "QA_INSPECTOR": _("质检员"),
    "ANALYST": _("分析员"),
    "KNOWLEDGE_EDITOR": _("知识库编辑"),
    "DATA_STEWARD": _("数据共享联络员"),
    "JUSTICE_ADMIN_PROV": _("司法厅管理员"),
    "JUSTICE_ADMIN_CITY": _("市司法局管理员"),
    "JUSTICE_ADMIN_COUNTY": _("县司法局管理员"),
    "JUSTICE_ADMIN_TOWN": _("司法所管理员"),
    "PARTNER_COURT": _("法院"),
    "PARTNER_PROCURATORATE": _("检察院"),
    "PARTNER_POLICE": _("公安机关"),
    "PARTNER_PETITION": _("信访部门"),
    "PARTNER_GRID": _("综治网格"),
    "PARTNER_LABOUR": _("人社部门"),
    "PARTNER_12345": _("12345 热线"),
    "SYS_ADMIN": _("系统管理员"),
    "SEC_ADMIN": _("安全管理员"),
    "AUDIT_ADMIN": _("审计管理员"),
}
ADMINISTRATORS = frozenset({"SYS_ADMIN", "SEC_ADMIN", "AUDIT_ADMIN"})
PARTNER_ROLES = frozenset(code for code in ROLES if code.startswith("PARTNER_"))
# roles that come from who somebody is, or from a key, never from a membership
NOT_OF_MEMBERS = frozenset({"VISITOR", "CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY"}) | PARTNER_ROLES
MEMBER_ROLES = frozenset(ROLES) - NOT_OF_MEMBERS
# what an institution's own administrator may give its own people
UNIT_ROLES = frozenset({"RECEPTIONIST", "DUTY_LAWYER", "HANDLER", "REVIEWER", "APPROVER"})

PRACTITIONER_KINDS: dict[str, str | Promise] = {
    "LAWYER_FT": _("专职律师"),
    "LAWYER_PT": _("兼职律师"),
    "LAWYER_PUBLIC": _("公职律师"),
    "LAWYER_COMPANY": _("公司律师"),
    "LAWYER_AID": _("法律援助律师"),
    "LAWYER_INTERN": _("实习律师"),
    "NOTARY": _("公证员"),
    "NOTARY_ASSISTANT": _("公证员助理"),
    "FORENSIC_EXPERT": _("司法鉴定人"),
    "BASIC_LEGAL_WORKER": _("基层法律服务工作者"),
    "ARBITRATOR": _("仲裁员"),
    "MEDIATOR": _("人民调解员"),
    "COMMERCIAL_MEDIATOR": _("商事调解员"),
    "AID_OFFICER": _("法律援助工作人员"),
    "RECON_OFFICER": _("行政复议人员"),
    "VILLAGE_ADVISER": _("村居法律顾问"),
    "LEGAL_HELPER": _("法律明白人"),
    "VOLUNTEER": _("法律援助志愿者"),
}

# languages in which people are served; `sign` is sign language
LANGUAGE_NAMES: dict[str, str | Promise] = {
    "zh": _("普通话"),
    "en": _("英语"),
    "bo": _("藏语"),
    "ug": _("维吾尔语"),
    "mn": _("蒙古语"),
    "ii": _("彝语"),
    "kk": _("哈萨克语"),
    "ko": _("朝鲜语"),
    "za": _("壮语"),
    "sign": _("手语"),
}
