"""What the pages that draw a map of words share."""
