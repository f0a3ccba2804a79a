"""Chat with citations, but for search, models and rows: windows, source tokens and checks. Pure."""
