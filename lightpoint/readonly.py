"""What the admin of every app shares."""


class ReadOnly:
    """Rows that the product writes and people read: nobody adds, changes or removes one in the admin."""

    def has_add_permission(self, *_args: object, **_options: object) -> bool:
        """No: services add rows."""
        return False

    def has_change_permission(self, *_args: object, **_options: object) -> bool:
        """No: services change rows."""
        return False

    def has_delete_permission(self, *_args: object, **_options: object) -> bool:
        """No: services remove rows."""
        return False
