from datetime import date

import pytest

from knowledge.ingestion.cleaning import clean, find_date, without_links
from knowledge.ingestion.identity import identify, slug, split_title

FURNITURE = """
Cookies on GOV.UK
We use some essential cookies to make this website work.
Accept additional cookies
Skip to main content
Home HMRC internal manual Complaints and Remedy Guidance
Back to contents CRG5000
Previous page: CRG5200
Next page
Is this page useful?
Report a problem with this page
Beta This part of GOV.UK is being rebuilt – find out what beta means
https://www.gov.uk/hmrc-internal-manuals/complaints-and-remedy-guidance/crg5225
1/3
© Crown copyright
All content is available under the Open Government Licence v3.0, except where otherwise stated
[email protected]
"""


@pytest.mark.parametrize("line", [line for line in FURNITURE.splitlines() if line])
def test_furniture_is_taken_off_wherever_it_stands(line: str) -> None:
    text = f"Words before.\n\n{line}\n\nWords after.\n{line}"
    assert clean(text).body == "Words before.\n\nWords after."


@pytest.mark.parametrize(
    "words",
    [
        "Next, ask the customer for receipts.",
        "Home visits are rare.",
        "Previous payments count.",
        "We use cookies of the oatmeal kind.",
        "You can contact HMRC from 8am to 6pm.",
        "Published figures show delays.",
        "No interest is due on 1/3 of the sum.",
    ],
)
def test_words_of_guidance_that_begin_like_furniture_stay(words: str) -> None:
    assert clean(words).body == words


def test_dates_publisher_and_manual_are_told_and_taken_off() -> None:
    text = (
        "HMRC internal manual\n\nBirds\n\nFrom:\n\nHMRC\n\nPublished\n\n12 April 2016\n\nUpdated: 3 May 2024\n\nWords."
    )
    found = clean(text)
    assert (found.body, found.updated, found.publisher, found.manual) == ("Words.", date(2024, 5, 3), "HMRC", "Birds")


def test_a_list_of_contents_is_taken_off_where_its_headings_follow() -> None:
    assert clean("Contents\n\n1. One\n\n2. Two\n\n1. One\n\nWords.\n\n2. Two\n\nMore.").body.startswith(
        "1. One\n\nWords."
    )
    assert clean("Contents\n\nWords of an insurance.").body == "Contents\n\nWords of an insurance."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See the page (https://www.gov.uk/a-b) first.", "See the page first."),
        ("Broken (/guidance/a-\vlong/path) link.", "Broken link."),
        ("Nested (https://x.example/a(1).aspx) link.", "Nested link."),
        ("Glued (https://x.example/a)if so", "Glued if so"),
        ("Not a link (see /etc/hosts there).", "Not a link (see /etc/hosts there)."),
        ("Open (https://x.example/never closed", "Open (https://x.example/never closed"),
    ],
)
def test_link_targets_are_taken_out_of_the_words(text: str, left: str) -> None:
    assert without_links(text) == left


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert find_date("31 February 2024") is None


@pytest.mark.parametrize(
    ("title", "url", "identifier"),
    [
        ("CRG5225 - Financial redress: fees - HMRC internal manual - GOV.UK", "", "CRG5225"),
        ("Financial redress", "https://www.gov.uk/hmrc-internal-manuals/x/vatgpb1100", "VATGPB1100"),
        ("HMRC’s Charter café!", "", "hmrcs-charter-cafe"),
        ("Anything", "https://www.gov.uk/complain-about-hmrc", "complain-about-hmrc"),
    ],
)
def test_a_page_is_known_by_number_address_or_title(title: str, url: str, identifier: str) -> None:
    assert identify(title=title, url=url) == identifier


def test_a_slug_is_cut_between_words() -> None:
    assert slug("word " * 40) == "-".join(["word"] * 16)
    assert split_title("CRG7000 - Reporting") == ("CRG7000", "Reporting")
