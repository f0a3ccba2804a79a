"""An analysis in answers: what the papers say and what follows, each with the words that carry it."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers

from complaints.facts.records import Facts, Span
from complaints.models import CaseAnalysis
from complaints.plain import analysis_json, facts_json
from complaints.selectors import analysis_of, facts_of

Json = dict[str, Any]
POUNDS = "Pounds with two decimals."
SECTIONS = "Identifiers of guidance."


class PlaceShape(serializers.Serializer[Any]):
    """Words of a document."""

    document = serializers.CharField(help_text="Its name; `documents` has the ids.")
    page = serializers.IntegerField(allow_null=True, help_text="Null for formats without pages.")
    quote = serializers.CharField()


class ExhibitShape(serializers.Serializer[Any]):
    """A document as the analysis understood it."""

    id = serializers.IntegerField(allow_null=True, help_text="Null when the document is not there any more.")
    name = serializers.CharField()
    kind = serializers.CharField()
    author = serializers.CharField()
    written_on = serializers.DateField(allow_null=True)


class EventShape(PlaceShape):
    """Something that happened on a day: a line of the chronology."""

    date = serializers.DateField()
    kind = serializers.CharField()
    actor = serializers.CharField(help_text="Who did it: hmrc, client, agent, third_party.")
    summary = serializers.CharField()
    importance = serializers.CharField(help_text="key or context.")


class AmountShape(PlaceShape):
    """Money in a role."""

    value = serializers.CharField(help_text=POUNDS)
    role = serializers.CharField()
    what = serializers.CharField()


class KnownReferenceShape(PlaceShape):
    """A reference that stands in the papers."""

    kind = serializers.CharField()
    value = serializers.CharField()
    checked = serializers.BooleanField(help_text="Its check digits are right.")


class InjectionShape(PlaceShape):
    """Words that try to steer a reader; evidence of nothing."""

    asks_for = serializers.CharField()


class SideShape(PlaceShape):
    """What one document says in a conflict."""

    value = serializers.CharField()


class ConflictShape(serializers.Serializer[Any]):
    """Documents that disagree."""

    what = serializers.CharField()
    kind = serializers.CharField()
    statements = SideShape(many=True)
    preferred = serializers.CharField(allow_null=True, help_text="The better evidenced value; null: cannot be told.")
    why_preferred = serializers.CharField()


class EvidencedShape(serializers.Serializer[Any]):
    """A conclusion with the words that it rests on."""

    evidence = PlaceShape(many=True)


class DelayShape(EvidencedShape):
    """Time that HMRC let pass."""

    to = serializers.DateField()
    working_days = serializers.IntegerField()
    calendar_days = serializers.IntegerField()
    what = serializers.CharField(help_text="From what to what.")

    def get_fields(self) -> Json:
        """`from` is a word of Python, so that it is added here."""
        return {"from": serializers.DateField(), **super().get_fields()}


class BreachShape(EvidencedShape):
    """A standard that was missed; the strongest first."""

    failing = serializers.CharField()
    charter = serializers.CharField(allow_null=True, help_text="The standard of the Charter.")
    guidance = serializers.ListField(child=serializers.CharField(), help_text=SECTIONS)
    documents = serializers.ListField(child=serializers.CharField())
    because = serializers.CharField()
    accepted = serializers.BooleanField(help_text="HMRC has accepted it already.")


class RemedyShape(EvidencedShape):
    """What can be asked for, or why it cannot."""

    kind = serializers.CharField()
    amount = serializers.CharField(allow_null=True, help_text=POUNDS)
    basis = serializers.ListField(child=serializers.CharField(), help_text=SECTIONS)
    allowed = serializers.BooleanField()
    why = serializers.CharField()
    condition = serializers.CharField(help_text="What must happen first.")


class DeadlineShape(EvidencedShape):
    """A day that counts, and how it was worked out."""

    what = serializers.CharField()
    date = serializers.DateField()
    kind = serializers.CharField(help_text="statutory, target, external or requested.")
    derivation = serializers.CharField()


class PointShape(EvidencedShape):
    """A point of the complaint that a reply leaves out."""

    point = serializers.IntegerField()
    what = serializers.CharField()
    raised_in = serializers.CharField()
    reply = serializers.CharField()


class CostLineShape(serializers.Serializer[Any]):
    grade = serializers.CharField()
    minutes = serializers.IntegerField()
    rate = serializers.CharField(help_text="Pounds an hour.")
    total = serializers.CharField(help_text=POUNDS)


class VatShape(serializers.Serializer[Any]):
    charged = serializers.BooleanField(allow_null=True)
    reclaimable_by_client = serializers.BooleanField()
    amount = serializers.CharField(help_text=POUNDS)
    basis = serializers.ListField(child=serializers.CharField(), help_text=SECTIONS)


class ComplaintCostsShape(serializers.Serializer[Any]):
    minutes = serializers.IntegerField()
    total = serializers.CharField(help_text=POUNDS)
    lines = CostLineShape(many=True)
    basis = serializers.ListField(child=serializers.CharField(), help_text=SECTIONS)


class ExcludedRowShape(serializers.Serializer[Any]):
    date = serializers.DateField()
    minutes = serializers.IntegerField()
    flagged_in_sheet = serializers.CharField()
    amount = serializers.CharField(help_text=POUNDS)
    why = serializers.CharField()
    basis = serializers.ListField(child=serializers.CharField(), help_text=SECTIONS)


class CostsShape(serializers.Serializer[Any]):
    """Additional work, the cost of complaining and ordinary work, kept apart."""

    document = serializers.CharField()
    additional_minutes = serializers.IntegerField()
    rate = serializers.CharField(help_text="Pounds an hour, or mixed.")
    total = serializers.CharField(help_text=POUNDS)
    lines = CostLineShape(many=True)
    vat = VatShape()
    claim_total = serializers.CharField(help_text=POUNDS)
    complaint_costs = ComplaintCostsShape()
    excluded_rows = ExcludedRowShape(many=True)
    ordinary_minutes = serializers.IntegerField()
    note = serializers.CharField()

    def get_fields(self) -> Json:
        """`evidence` is a text here: what proves billing and payment."""
        return {**super().get_fields(), "evidence": serializers.CharField(help_text="What proves billing and payment.")}


class WeaknessShape(serializers.Serializer[Any]):
    """What HMRC will answer, and what helps against it."""

    text = serializers.CharField()
    basis = serializers.ListField(child=serializers.CharField(), help_text=SECTIONS)
    suggestion = serializers.CharField()


class RefusedWishShape(serializers.Serializer[Any]):
    """Something that is wanted and that the letter must not do."""

    wish = serializers.CharField()
    why = serializers.CharField()
    basis = serializers.ListField(child=serializers.CharField(), help_text=SECTIONS)


class FindingsShape(serializers.Serializer[Any]):
    """What the case's facts are and what follows from them, in the names of letter.json."""

    id = serializers.IntegerField()
    complaint = serializers.IntegerField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    route = serializers.CharField(help_text="complaint, appeal, ico, adjudicator or out_of_time.")
    secondary_routes = serializers.ListField(child=serializers.CharField())
    tier = serializers.IntegerField(allow_null=True, help_text="1 or 2 for a complaint.")
    route_reason = serializers.CharField()
    route_rule = serializers.CharField(help_text="The rule that fired.")
    complaint_type = serializers.CharField()
    documents = ExhibitShape(many=True, help_text="In the order of the exhibits.")
    references = KnownReferenceShape(many=True)
    events = EventShape(many=True, help_text="The chronology.")
    amounts = AmountShape(many=True)
    conflicts = ConflictShape(many=True)
    injections = InjectionShape(many=True)
    delays = DelayShape(many=True)
    breaches = BreachShape(many=True)
    remedies = RemedyShape(many=True)
    costs_schedule = CostsShape(allow_null=True)
    deadlines = DeadlineShape(many=True)
    unanswered_points = PointShape(many=True)
    weaknesses = WeaknessShape(many=True)
    refused_wishes = RefusedWishShape(many=True)


def findings_of(row: CaseAnalysis, papers: Mapping[str, int]) -> Json:
    """What FindingsShape shows of `row`; `papers` are the ids of the case's documents by name."""
    facts, analysis = facts_of(row), analysis_of(row)
    route, found = analysis.route, analysis_json(analysis)
    evidence: dict[str, list[Sequence[Span]]] = {
        "delays": [delay.spans for delay in analysis.delays],
        "breaches": [breach.spans for breach in analysis.breaches],
        "remedies": [remedy.spans for remedy in analysis.remedies],
        "deadlines": [deadline.spans for deadline in analysis.deadlines],
        "unanswered_points": [(point.span,) for point in analysis.unanswered_points],
    }
    for name, spans in evidence.items():
        found[name] = [{**line, "evidence": _places(of)} for line, of in zip(found[name], spans, strict=True)]
    return {
        "id": row.pk,
        "complaint": row.complaint_id,
        "version": row.version,
        "created_at": row.created_at,
        "route": route.route,
        "secondary_routes": list(route.secondary_routes),
        "tier": route.tier,
        "route_reason": route.reason,
        "route_rule": route.rule,
        "complaint_type": analysis.complaint_type,
        "documents": _exhibits(facts, papers),
        **facts_json(facts),
        **found,
    }


def _exhibits(facts: Facts, papers: Mapping[str, int]) -> list[Json]:
    return [
        {
            "id": papers.get(profile.document),
            "name": profile.document,
            "kind": profile.kind,
            "author": profile.author,
            "written_on": profile.written_on,
        }
        for profile in facts.documents
    ]


def _places(spans: Sequence[Span]) -> list[Json]:
    return [{"document": span.document, "page": span.page, "quote": span.quote} for span in spans]
