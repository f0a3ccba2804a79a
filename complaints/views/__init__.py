"""The pages of a case, in the browser admin. One module for each part."""
