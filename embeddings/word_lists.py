"""Everyday words by group: something to start from, and landmarks on a map."""

from types import MappingProxyType

GROUPS = MappingProxyType(
    {
        "animals": tuple("cat dog horse cow sheep lion tiger wolf rabbit mouse elephant monkey".split()),
        "food": tuple("bread butter cheese rice soup cake apple banana orange coffee wine sugar".split()),
        "royalty": tuple("king queen prince princess duke duchess throne crown palace emperor".split()),
        "countries": tuple("france germany spain italy sweden japan china india brazil canada egypt kenya".split()),
        "numbers": tuple("one two three four five six seven eight nine ten".split()),
        "professions": tuple("doctor nurse teacher lawyer engineer farmer baker soldier artist judge".split()),
        "feelings": tuple("happy sad angry afraid proud calm lonely curious jealous cheerful".split()),
    }
)
