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
MORE_GROUPS = MappingProxyType(
    {
        "capitals": tuple(
            "paris berlin madrid rome stockholm tokyo beijing delhi brasilia ottawa cairo nairobi".split()
        ),
        "verbs": tuple("go see take give eat write speak sing run think buy know".split()),
        "past tense": tuple("went saw took gave ate wrote spoke sang ran thought bought knew".split()),
        "-ing forms": tuple(
            "going seeing taking giving eating writing speaking singing running thinking buying knowing".split()
        ),
        "colours": tuple("red green blue yellow purple pink brown black white grey".split()),
        "family": tuple("mother father sister brother daughter son aunt uncle grandmother grandfather".split()),
        "days and months": tuple("monday tuesday wednesday friday sunday january march june october december".split()),
        "body": tuple("head hand arm leg foot eye ear nose heart finger".split()),
        "sports": tuple("football tennis cricket basketball hockey golf rugby swimming boxing skiing".split()),
        "music": tuple("piano violin guitar drum flute song opera jazz concert choir".split()),
    }
)
ALL_GROUPS = MappingProxyType({**GROUPS, **MORE_GROUPS})
