"""Legal aid (法律援助): application and decision, defence on notification, duty lawyers, drafting of papers."""
