from django.urls import path

from complaints.api import cases, corrections, papers, work

app_name = "complaints-api"
urlpatterns = [
    path("clients/", cases.ClientList.as_view(), name="clients"),
    path("clients/<int:client_id>/", cases.ClientDetail.as_view(), name="client"),
    path("complaints/", cases.ComplaintList.as_view(), name="complaints"),
    path("complaints/<int:complaint_id>/", cases.ComplaintDetail.as_view(), name="complaint"),
    path("complaints/<int:complaint_id>/assign/", cases.ComplaintAssign.as_view(), name="assign"),
    path("complaints/<int:complaint_id>/move/", cases.ComplaintMove.as_view(), name="move"),
    path("complaints/<int:complaint_id>/timeline/", cases.Timeline.as_view(), name="timeline"),
    path("complaints/<int:complaint_id>/documents/", papers.DocumentList.as_view(), name="documents"),
    path("complaints/<int:complaint_id>/context/", papers.ContextList.as_view(), name="context"),
    path("complaints/<int:complaint_id>/corrections/", corrections.CorrectionList.as_view(), name="corrections"),
    path("corrections/<int:correction_id>/withdraw/", corrections.CorrectionWithdraw.as_view(), name="withdraw"),
    path("complaints/<int:complaint_id>/analyses/", work.AnalysisList.as_view(), name="analyses"),
    path("complaints/<int:complaint_id>/runs/", work.RunList.as_view(), name="runs"),
    path("complaints/<int:complaint_id>/events/", work.CaseEvents.as_view(), name="events"),
    path("documents/<int:document_id>/", papers.DocumentDetail.as_view(), name="document"),
    path("documents/<int:document_id>/pages/", papers.DocumentPages.as_view(), name="pages"),
    path("documents/<int:document_id>/content/", papers.DocumentContent.as_view(), name="content"),
    path("documents/<int:document_id>/retry/", papers.DocumentRetry.as_view(), name="retry"),
    path("analyses/<int:analysis_id>/", work.AnalysisDetail.as_view(), name="analysis"),
    path("runs/<int:run_id>/", work.RunDetail.as_view(), name="run"),
    path("runs/<int:run_id>/cancel/", work.RunCancel.as_view(), name="cancel"),
    path("runs/<int:run_id>/retry/", work.RunRestart.as_view(), name="restart"),
    path("users/<int:user_id>/deactivate/", cases.Deactivate.as_view(), name="deactivate"),
]
