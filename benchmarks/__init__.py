"""Measurements, each against a named peer in the same run.

``python -m benchmarks`` runs them all, ``python -m benchmarks NAME`` one of them. Each module with a ``measure``
is a benchmark and says what it measures and how; what it returns is written to ``results/`` as JSON, and
``report.py`` prints it from there.
"""
