"""The same sentence in a dozen languages, and how many tokens it costs in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.tokenizers.base import Tokenizer
from embeddings.tokenizers.measures import unknown_tokens


@dataclass(frozen=True)
class Translation:
    """The sentence in one language.

    Attributes:
        language: Its name in English.
        text: The sentence.
    """

    language: str
    text: str


# Article 1 of the Universal Declaration of Human Rights, United Nations, 1948, in its official translations, as the UN
# Human Rights Office and "UDHR in Unicode" (unicode.org/udhr) have them; free to use. English comes first.
ARTICLE_1 = (
    Translation(
        "English",
        "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience "
        "and should act towards one another in a spirit of brotherhood.",
    ),
    Translation(
        "German",
        "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt "
        "und sollen einander im Geist der Brüderlichkeit begegnen.",
    ),
    Translation(
        "Swahili",
        "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa. Wote wamejaliwa akili na dhamiri, hivyo yapasa "
        "watendeane kindugu.",
    ),
    Translation(
        "Russian",
        "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и "
        "должны поступать в отношении друг друга в духе братства.",
    ),
    Translation(
        "Greek",
        "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι με "
        "λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης.",
    ),
    Translation(
        "Georgian",
        "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით. მათ მინიჭებული აქვთ გონება და "
        "სინდისი და ერთმანეთის მიმართ უნდა იქცეოდნენ ძმობის სულისკვეთებით.",
    ),
    Translation(
        "Arabic",
        "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميراً وعليهم أن يعامل بعضهم بعضاً بروح "
        "الإخاء.",
    ),
    Translation(
        "Hindi",
        "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और "
        "अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए।",
    ),
    Translation(
        "Thai",
        "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ",
    ),
    Translation("Chinese", "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。"),
    Translation(
        "Japanese",
        "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを授けられて"
        "おり、互いに同胞の精神をもって行動しなければならない。",
    ),
    Translation(
        "Korean",
        "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받"
        "았으며 서로 형제애의 정신으로 행동하여야 한다.",
    ),
)


@dataclass(frozen=True)
class LanguagePrice:
    """What a sentence costs in one language, cut by one tokenizer.

    Attributes:
        language: Its name.
        tokens: How many there are.
        unknown: How many of them the vocabulary lacks: what they stood for is lost.
        premium: ``token_premium`` over the first language.
    """

    language: str
    tokens: int
    unknown: int
    premium: float


def language_prices(tokenizer: Tokenizer, translations: Sequence[Translation] = ARTICLE_1) -> list[LanguagePrice]:
    """What ``translations`` cost, each compared with the first of them.

    Raises:
        InvalidInput: A text is too long, or holds half a character.
    """
    encodings = [tokenizer.encode(each.text) for each in translations]
    return [
        LanguagePrice(
            each.language,
            len(encoding.tokens),
            unknown_tokens(encoding),
            token_premium(len(encoding.tokens), len(encodings[0].tokens)),
        )
        for each, encoding in zip(translations, encodings, strict=True)
    ]


def token_premium(tokens: int, reference: int) -> float:
    """How many times as many ``tokens`` a sentence needs as the same sentence in the ``reference`` language.

    The length of a token sequence is what users pay for, and what fills a model's window.

    References:
        Petrov, La Malfa, Torr and Bibi, "Language Model Tokenizers Introduce Unfairness Between Languages", 2023.

    >>> token_premium(60, 30)
    2.0
    """
    return tokens / max(1, reference)
