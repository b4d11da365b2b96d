"""The six traps: their panels, words and verdicts; the engine has points and measures."""
