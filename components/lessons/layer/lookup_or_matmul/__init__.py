"""The timing lab: settings, panels, sentences on what was measured, and runs from elsewhere."""
