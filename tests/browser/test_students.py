"""The virtual students that the benchmark of a class sends, on the real app."""

from benchmarks.students import visit


def test_students_open_pages_and_type_and_nothing_goes_wrong(app_url):
    seen = visit(app_url, students=3, seconds=6, thought=(0.1, 0.3))

    assert (seen.lost, seen.turned_away, seen.errors) == (0, 0, ())
    assert seen.runs > 3  # more than the arrivals
    assert seen.megabytes > 0.1
    assert 0 < seen.median <= seen.p95 <= seen.longest
