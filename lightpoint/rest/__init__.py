"""What every REST view of the product shares. `views` shows how a view is written."""
