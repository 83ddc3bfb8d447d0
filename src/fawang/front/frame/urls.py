"""The frame's own pages: log-in, language, type size, as whom to act, places, files, the living style page."""

from __future__ import annotations

from django.urls import path

from fawang.front.frame import files, lawbox, log_in, views

app_name = "frame"
urlpatterns = [
    path("pinyin/", views.pinyin_page, name="pinyin"),
    path("login/", log_in.by_phone, name="login"),
    path("login/code/", log_in.by_code, name="login-code"),
    path("login/password/", log_in.by_password, name="login-password"),
    path("staff/login/", log_in.staff_by_password, name="staff-login"),
    path("staff/login/code/", log_in.staff_by_totp, name="staff-code"),
    path("staff/login/enrol/", log_in.staff_enrol, name="staff-enrol"),
    path("staff/login/password/", log_in.staff_new_password, name="staff-password"),
    path("logout/", log_in.log_out, name="logout"),
    path("acting/", views.choose_actor, name="acting"),
    path("language/", views.set_language, name="language"),
    path("elder/", views.set_elder, name="elder"),
    path("divisions/", views.narrow_division, name="divisions"),
    path("staff/law/", lawbox.look_up, name="law"),
    path("files/scan/", files.scan, name="scan"),
    path("files/<slug:token>/", files.look, name="file"),
    path("files/<slug:token>/page/<int:number>/", files.page, name="file-page"),
    path("files/<slug:token>/download/", files.download, name="file-download"),
    path("files/<slug:token>/replace/", files.replace, name="file-replace"),
    path("styles/", views.show_styles, name="styles"),
    path("styles/refusal/", views.show_refusal, name="styles-refusal"),
]
