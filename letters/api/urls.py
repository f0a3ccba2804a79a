from django.urls import path

from letters.api import letters, road, sections, versions

app_name = "letters-api"
urlpatterns = [
    path("letters/", letters.LetterList.as_view(), name="letters"),
    path("letters/<int:letter_id>/", letters.LetterDetail.as_view(), name="letter"),
    path("letters/<int:letter_id>/edit/", letters.LetterEdit.as_view(), name="edit"),
    path("letters/<int:letter_id>/edit-section/", letters.SectionEdit.as_view(), name="edit-section"),
    path("letters/<int:letter_id>/change-section/", letters.SectionChange.as_view(), name="change-section"),
    path("letters/<int:letter_id>/review/", road.LetterReview.as_view(), name="review"),
    path("letters/<int:letter_id>/return/", road.LetterReturn.as_view(), name="return"),
    path("letters/<int:letter_id>/approve/", road.LetterApprove.as_view(), name="approve"),
    path("letters/<int:letter_id>/lock/", road.LetterLock.as_view(), name="lock"),
    path("letters/<int:letter_id>/reopen/", road.LetterReopen.as_view(), name="reopen"),
    path("letters/<int:letter_id>/send/", road.LetterSend.as_view(), name="send"),
    path("letters/<int:letter_id>/versions/", versions.VersionList.as_view(), name="versions"),
    path("letter-versions/<int:version_id>/", versions.VersionDetail.as_view(), name="version"),
    path("letter-versions/<int:version_id>/ledger/", versions.VersionLedger.as_view(), name="ledger"),
    path("letter-versions/<int:version_id>/changes/", versions.VersionChanges.as_view(), name="changes"),
    path("letter-versions/<int:version_id>/files/<slug:kind>/", versions.VersionFile.as_view(), name="file"),
    path("guidance/sections/<str:identifier>/uses/", sections.SectionUses.as_view(), name="section-uses"),
    path("complaints/<int:complaint_id>/letters/draft/", letters.LetterDraft.as_view(), name="draft"),
]
