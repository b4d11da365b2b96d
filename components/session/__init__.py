"""What the server or a visitor keeps between two runs of a page."""
