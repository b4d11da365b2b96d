"""The panels of *Change one row*, of SmolLM2 and of a small model trained here."""
