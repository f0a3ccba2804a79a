from django.urls import path

from letters.api import ai_settings, letters, prompts, road, sections, versions

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
    path("prompts/", prompts.StagePromptList.as_view(), name="prompts"),
    path("prompts/versions/", prompts.PromptList.as_view(), name="prompt-versions"),
    path("prompts/versions/<int:prompt_id>/", prompts.PromptDetail.as_view(), name="prompt"),
    path("prompts/versions/<int:prompt_id>/diff/", prompts.PromptDiff.as_view(), name="prompt-diff"),
    path("prompts/versions/<int:prompt_id>/test/", prompts.PromptTest.as_view(), name="prompt-test"),
    path("prompts/versions/<int:prompt_id>/activate/", prompts.PromptActivate.as_view(), name="prompt-activate"),
    path("prompts/versions/<int:prompt_id>/golden-runs/", prompts.GoldenRunList.as_view(), name="golden-runs"),
    path("prompts/golden-runs/<int:golden_run_id>/", prompts.GoldenRunDetail.as_view(), name="golden-run"),
    path("prompts/stages/<slug:stage>/", prompts.StagePromptDetail.as_view(), name="stage-prompt"),
    path("prompts/stages/<slug:stage>/reset/", prompts.StagePromptReset.as_view(), name="prompt-reset"),
    path("ai-settings/", ai_settings.StageSettingsList.as_view(), name="ai-settings"),
    path("ai-settings/<slug:stage>/", ai_settings.StageSettingsDetail.as_view(), name="stage-settings"),
]
