"""Lists of the admin that cost the same with a hundred thousand rows as with ten."""

from typing import ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

BOUND = 1_000  # rows that a list leads through; whoever looks for others filters or searches


class MoreThan(int):
    """A count that stopped at a bound."""

    def __str__(self) -> str:
        return f"more than {int(self) - 1:,}"

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec else str(self)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # when it runs, it is no generic class
    """Counts to BOUND and no further, so that the database never walks a whole table to number the pages."""

    template_name = "lightpoint/pagination.html"

    @cached_property
    def count(self) -> int:
        """How many rows there are, up to one more than BOUND."""
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        found = rows.order_by()[: BOUND + 1].count()
        return MoreThan(found) if found > BOUND else found


class WorkList:
    """Stands before ModelAdmin: pages without a count of all, and no action on more than what is on the page.

    `list_title` is what people call the rows.
    """

    list_title: ClassVar[str] = ""
    paginator = BoundedPaginator
    show_full_result_count: ClassVar[bool] = False
    list_per_page: ClassVar[int] = 50
    list_max_show_all: ClassVar[int] = 0
    list_disable_select_all: ClassVar[bool] = True
    list_filter_sheet: ClassVar[bool] = False
    list_fullwidth: ClassVar[bool] = True
