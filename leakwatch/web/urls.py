"""Address → view; who may open it is told by access.PAGES under the same name."""

from __future__ import annotations

from django.urls import path

from leakwatch.web import (
    accounts,
    checks,
    groups,
    health,
    home,
    importing,
    lead,
    logbook,
    login,
    package,
    papers,
    pictures,
    queue,
    scans,
    suppressions,
    unread,
    uploads,
    verdicts,
)

handler400 = "leakwatch.web.guards.wrong_host"
handler404 = "leakwatch.web.guards.not_found"
handler500 = "leakwatch.web.guards.failed"

urlpatterns = [
    path("", home.show, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("login", login.enter, name="login"),
    path("logout", login.leave, name="logout"),
    path("password", login.change_password, name="password"),
    path("leads", queue.show, name="leads"),
    path("leads/<slug:id>", lead.show, name="lead"),
    path("leads/<slug:id>/next", lead.following, name="lead-next"),
    path("leads/<slug:id>/unmask", lead.unmask, name="lead-unmask"),
    path("leads/<slug:id>/pictures/<int:place>.jpg", pictures.picture, name="lead-picture"),
    path("leads/<slug:id>/pictures/<int:place>.svg", pictures.boxes, name="lead-boxes"),
    path("leads/<slug:id>/forms/<slug:kind>.docx", papers.as_docx, name="lead-form"),
    path("leads/<slug:id>/forms/<slug:kind>.pdf", papers.as_pdf, name="lead-form-pdf"),
    path("leads/<slug:id>/claim", verdicts.claim, name="lead-claim"),
    path("leads/<slug:id>/release", verdicts.release, name="lead-release"),
    path("leads/<slug:id>/decide", verdicts.decide, name="lead-decide"),
    path("leads/<slug:id>/reopen", verdicts.reopen, name="lead-reopen"),
    path("leads/<slug:id>/reported", verdicts.report, name="lead-reported"),
    path("leads/<slug:id>/package", package.make, name="lead-package"),
    path("leads/<slug:id>/same", verdicts.same, name="lead-same"),
    path("upload", uploads.upload, name="upload"),
    path("uploads/<int:id>", uploads.show, name="upload-state"),
    path("unread", unread.show, name="unread"),
    path("unread/unmask", unread.unmask, name="unread-unmask"),
    path("unread/settle", unread.settle, name="unread-settle"),
    path("scans", scans.every, name="scans"),
    path("scans/<int:id>", scans.one, name="scan"),
    path("log", logbook.show, name="log"),
    path("log/verify", logbook.verify, name="log-verify"),
    path("log/anchor", logbook.anchor, name="log-anchor"),
    path("suppressions", suppressions.every, name="suppressions"),
    path("suppressions/<int:id>/end", suppressions.end, name="suppression-end"),
    path("groups", groups.every, name="groups"),
    path("groups/<int:id>", groups.one, name="group"),
    path("groups/sheet", groups.sheet, name="groups-sheet"),
    path("groups/import", importing.show, name="groups-import"),
    path("groups/save", importing.save, name="groups-save"),
    path("units/<int:id>/form", groups.unit_form, name="unit-form"),
    path("check", checks.check, name="check"),
    path("check/form", checks.form, name="check-form"),
    path("accounts", accounts.every, name="accounts"),
    path("accounts/new", accounts.create, name="account-new"),
    path("accounts/<int:id>", accounts.change, name="account"),
]
