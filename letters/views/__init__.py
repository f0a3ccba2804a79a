"""The pages of letters, in the browser admin. One module for each part."""
