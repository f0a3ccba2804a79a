"""Letters go where the guidance or HMRC's own letters say."""

import pytest

from knowledge.digest import load_digest
from letters.addresses import complaint_address, office_address, tax_key
from letters.tests.samples import adjudicator, penalty, repayment


@pytest.mark.parametrize(
    ("tax", "postcode"),
    [
        ("Self Assessment (income tax)", "BX9 1AB"),
        ("PAYE (employee coding)", "BX9 1AB"),
        ("PAYE (employer), RTI", "BX9 1AA"),
        ("National Insurance", "BX9 1AA"),
        ("Debt Management", "BX9 1JT"),
    ],
)
def test_a_tax_with_a_printed_address_gets_it(tax, postcode):
    address = complaint_address(tax, repayment().facts, {}, load_digest())
    assert address.lines[-1] == postcode
    assert address.section == "make-a-complaint"
    assert postcode in load_digest()["make-a-complaint"].requires


def test_an_enquiry_goes_to_customer_compliance():
    address = complaint_address("Corporation Tax", repayment().facts, {}, load_digest(), enquiry=True)
    assert address.lines[-1] == "BX9 2AB"


@pytest.mark.parametrize("tax", ["VAT", "Corporation Tax", "Stamp Duty Land Tax", "Customs duty", "Inheritance Tax"])
def test_a_tax_without_one_goes_to_the_office_that_wrote_or_online(tax):
    assert tax_key(tax) == ""
    sample = adjudicator()
    assert complaint_address(tax, sample.facts, sample.pages, load_digest()).lines[-1] == "BX9 1WR"
    assert "online" in complaint_address(tax, sample.facts, {}, load_digest()).lines[-1]


def test_an_office_is_read_from_the_head_of_its_letter():
    sample = penalty()
    found = office_address(sample.facts, sample.pages, ("hmrc_letter",))
    assert found is not None
    assert found.lines == ("Trusts", "HM Revenue and Customs", "BX9 1EL")
    assert found.document == "trace.pdf"
