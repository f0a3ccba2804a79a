import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightpoint.language.references import find_references


def pairs(text: str) -> list[tuple[str, str]]:
    return [(mention.kind, mention.value) for mention in find_references(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value", "checked"),
    [
        ("UTR 5184402917", "utr", "5184402917", True),
        ("Unique Taxpayer Reference (UTR): 51844 02917", "utr", "5184402917", True),
        ("Reference (UTR): 5184402917", "utr", "5184402917", True),
        ("tax reference 518 440 2917", "utr", "5184402917", True),
        ("UTR number is 5184402918", "utr", "5184402918", False),
        ("UTR 51844O2917", "utr", "5184402917", True),
        ("paid HMRC SHIPLEY 5184402917K", "utr", "5184402917", True),
        ("Our client - 5184402917", "utr", "5184402917", True),
        ("for reference 5184402917", "utr", "5184402917", True),
        ("NINO QQ 12 34 56 A", "nino", "QQ123456A", False),
        ("National Insurance number: ab123456c", "nino", "AB123456C", False),
        ("Mr Gill, QQ123456B,", "nino", "QQ123456B", False),
        ("VAT reg. no. 999 2207 70", "vrn", "999220770", True),
        ("VAT no. 999220770", "vrn", "999220770", True),
        ("VAT number 999220771", "vrn", "999220771", False),
        ("VRN: GB999220770", "vrn", "999220770", True),
        ("EORI GB999220770000", "eori", "GB999220770000", True),
        ("Employer PAYE ref 123/AB456", "paye_ref", "123/AB456", False),
        ("employer ref 961/QZ17", "paye_ref", "961/QZ17", False),
        ("PAYE Ref 120 / WE12345", "paye_ref", "120/WE12345", False),
        ("Co. No. 01234567", "company_number", "01234567", False),
        ("Registered in Scotland SC123456", "company_number", "SC123456", False),
        ("Submitted by agent: 4417BX", "agent_code", "4417BX", False),
        ("64-8 held, code 12AB34", "agent_code", "12AB34", False),
        ("Authority to act is held under code 12345A", "agent_code", "12345A", False),
        ("agent reference number BARN1234567", "agent_code", "BARN1234567", False),
        ("Our ref SA/XYZ/12345-25", "hmrc_ref", "SA/XYZ/12345-25", False),
        ("Our ref\nABC/123", "hmrc_ref", "ABC/123", False),
        ("Ourref:SA/XYZ/12345-25", "hmrc_ref", "SA/XYZ/12345-25", False),
        ("OurrefSA/XYZ/1", "hmrc_ref", "SA/XYZ/1", False),
        ("Compliance check CH/SE/2022/00412 opened", "hmrc_ref", "CH/SE/2022/00412", False),
        ("declaration MRN 24GB08F15D8F9XHAR7", "hmrc_ref", "24GB08F15D8F9XHAR7", False),
        ("demand note no. C18/24/55102", "hmrc_ref", "C18/24/55102", False),
        ("Ref 999220770 12/24", "vrn", "999220770", True),
        ("Adjudicator's reference AO/24/01234", "complaint_ref", "AO/24/01234", False),
        ("[2025] UKFTT 331 (TC)", "tribunal_ref", "[2025] UKFTT 331 (TC)", False),
        ("Invoice attached: INV/0447", "invoice_no", "INV/0447", False),
        ("Our ref WMBC 12345 67", "hmrc_ref", "WMBC 12345 67", False),
        ("Our ref CFS-217 12 March 2024", "hmrc_ref", "CFS-217", False),
        ("Please quote reference number 7C/44512/AB when", "hmrc_ref", "7C/44512/AB", False),
        ("Date Reference\n12/06/2025 CH-20250612-7714", "hmrc_ref", "CH-20250612-7714", False),
        ("Complaint reference: COM-2025-001234", "complaint_ref", "COM-2025-001234", False),
        ("your complaint (reference CRT/24/1190) has", "complaint_ref", "CRT/24/1190", False),
        ("Request for second review: VCT/1/25-90120", "complaint_ref", "VCT/1/25-90120", False),
        ("Call ref given VH-010624-2217.", "call_ref", "VH-010624-2217", False),
        ("Webchat ref: 20251002-881234", "call_ref", "20251002-881234", False),
        ("Penalty ref TP/2025/HS/40000", "penalty_ref", "TP/2025/HS/40000", False),
        ("Penalty reference number: XB001234567890", "penalty_ref", "XB001234567890", False),
        ("Payment reference: XZ12345678901A", "payment_ref", "XZ12345678901A", False),
        ("Accounts Office reference 123PA00012345", "payment_ref", "123PA00012345", False),
        ("TRACKED: RN 4471 0982 3GB", "tracking_no", "RN447109823GB", True),
        ("RX100000140GB", "tracking_no", "RX100000140GB", True),
        ("RX100000025GB", "tracking_no", "RX100000025GB", True),
        ("AB123456784GB", "tracking_no", "AB123456784GB", False),
        ("Invoice No: INV-2024-0012 dated 12/03/2024", "invoice_no", "INV-2024-0012", False),
        ("We enclose invoice 1188 for £839.17", "invoice_no", "1188", False),
        ("Debt collection agency ref: ADV-00981223", "agency_ref", "ADV-00981223", False),
        ("CGT account reference XACGTP123456789", "cgt_return", "XACGTP123456789", False),
        ("Your UTRN is 307000000MC", "sdlt_return", "307000000MC", False),
        ("Policy number: FP/2023/998812", "policy_no", "FP/2023/998812", False),
        ("appeal TC/2024/01234 was allowed", "tribunal_ref", "TC/2024/01234", False),
        ("Your ref PEX014/JO", "our_ref", "PEX014/JO", False),
    ],
)
def test_a_reference_is_known_by_its_label_its_shape_or_its_check_digit(
    text: str, kind: str, value: str, checked: bool
) -> None:
    (found,) = find_references(text)
    assert (found.kind, found.value, found.checked) == (kind, value, checked)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "Phone 0300 200 3310 Tel: 01539 234567 Mobile 07700900123",
        "with reference to your 2023 return",
        "Ref your letter 12 March",
        "Ref: Mr Smith",
        "Our invoice dated 30 April 2025",
        "Invoice Date 30/04/2025",
        "please issue code 1257L",
        "agent code K475",
        "Account number 12345678 sort code 12-34-56",
        "order 1234567890",
        "Bank ref 00123",
        "the CRG4025 reference CRG4050",
        "form SA900 ref SA370, reference: 64-8",
        "please quote 12.50 for the work",
        "Our ref\nSY3 9VO",
        "Call ref. none given",
        "VAT at 20% 129.92",
        "Complaint: Harrow Mills Limited",
        "the reference\n1. First point",
    ],
)
def test_words_days_and_other_numbers_are_no_references(text: str) -> None:
    assert pairs(text) == []


def test_every_number_of_a_list_of_invoices_is_read() -> None:
    assert pairs("invoices 1201, 1202 and 1203 of 4 May 2024") == [
        ("invoice_no", "1201"),
        ("invoice_no", "1202"),
        ("invoice_no", "1203"),
    ]


def test_a_header_row_lends_its_labels_to_the_row_below() -> None:
    text = "Our reference    Your reference    Date\nCCM/2024/0099    KL/88            4 March 2024"
    assert pairs(text) == [("hmrc_ref", "CCM/2024/0099"), ("our_ref", "KL/88")]


def test_our_ref_means_what_the_kind_of_document_makes_it() -> None:
    text = "Our ref AB/123\nYour ref CD/456\nUTR 5184402917"
    kinds = {
        context: [mention.kind for mention in find_references(text, context=context)]
        for context in (None, "complaint", "agency", "agent_letter")
    }
    assert kinds == {
        None: ["hmrc_ref", "our_ref", "utr"],
        "complaint": ["complaint_ref", "our_ref", "utr"],
        "agency": ["agency_ref", "our_ref", "utr"],
        "agent_letter": ["our_ref", "hmrc_ref", "utr"],
    }


@given(st.text(alphabet="0123456789ABUTR ref/-:\nGB", max_size=60))
def test_mentions_never_overlap_and_always_quote_the_text(text: str) -> None:
    end = 0
    for mention in find_references(text):
        assert mention.start >= end
        assert text[mention.start : mention.end] == mention.text
        end = mention.end
