"""The order of the lessons: the short path, what goes deeper, and the links between them."""

from components.navigation import CHAPTERS, LANGUAGE, LESSONS, deeper, neighbors, path, sections


def test_the_menu_has_each_lesson_once_and_the_path_before_what_goes_deeper():
    listed = [lesson for lessons in sections().values() for lesson in lessons]
    assert sorted(lesson.path for lesson in listed) == sorted(lesson.path for lesson in LESSONS)
    for lessons in sections().values():
        assert len({(lesson.chapter, lesson.on_path) for lesson in lessons}) == 1
    assert [lesson for lesson in listed if lesson.on_path] == path()


def test_the_path_is_short_and_touches_every_chapter_but_that_which_needs_a_package_of_its_own():
    assert 9 <= len(path()) <= 12
    assert {lesson.chapter for lesson in path()} == {lesson.chapter for lesson in LESSONS} - {LANGUAGE}
    assert path()[0] == LESSONS[0]


def test_next_links_lead_along_the_path_and_previous_ones_back():
    way = [path()[0]]
    while (after := neighbors(way[-1])[1]) is not None:
        way.append(after)
    assert way == path()
    back = [path()[-1]]
    while (before := neighbors(back[-1])[0]) is not None:
        back.append(before)
    assert back == path()[::-1]


def test_from_a_deeper_lesson_the_way_leads_back_to_the_path():
    for chapter in {lesson.chapter for lesson in LESSONS}:
        before = [lesson for lesson in path() if CHAPTERS.index(lesson.chapter) <= CHAPTERS.index(chapter)]
        following = path()[len(before) :]
        for lesson in deeper(chapter):
            way = [lesson]
            while (after := neighbors(way[-1])[1]) is not None and not after.on_path:
                way.append(after)
            assert way[-1] == deeper(chapter)[-1]
            assert after == (following[0] if following else None)
        if deeper(chapter):
            assert neighbors(deeper(chapter)[0])[0] == before[-1]


def test_each_page_says_what_it_showed():
    assert all(lesson.showed.endswith(".") for lesson in LESSONS)
    assert len({lesson.showed for lesson in LESSONS}) == len(LESSONS)
