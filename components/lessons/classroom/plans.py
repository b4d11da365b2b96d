"""Plans for a lesson in class: what each minute shows, what to ask, and what pupils will say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class PlanStep:
    """A part of a plan.

    Attributes:
        minutes: How long it takes.
        page: Address of the page that is shown.
        shows: What is seen there, in Markdown.
        ask: What to ask the class.
        said: What pupils will say, and what to make of it.
        settings: Of the page, by their keys in the address.
    """

    minutes: int
    page: str
    shows: str
    ask: str
    said: str
    settings: Mapping[str, str] = field(default_factory=dict)


_ROOM = PlanStep(
    3,
    "room",
    "Open a room: the page shows a link, its QR code and a code. Each page's question is then asked in the room.",
    "Join on your telephone or computer. What do you see there?",
    "“I have none.” Two share one. The page counts who is here; go on when most are.",
)
_SENTENCE = PlanStep(
    5,
    "home",
    "Follow the word *cat* from the sentence to its place on the map.",
    "Which token of your sentence has the vector most like that of `cat`?",
    "Many say “dog”. Ask how the page can know: each word has an id, and the id leads to a row of numbers. Rows can be "
    "compared.",
    {"home_text": "the cat and the dog eat bread with the queen", "home_tokenizer": "Words"},
)
_TOKENS = PlanStep(
    5,
    "tokenizers",
    "The same text cut in four ways.",
    "Which tokenizer needs the fewest tokens for your text?",
    "“Words are best.” Then ask what becomes of *unfriendliest*: a list of words may lack it, and pieces of words "
    "never do.",
    {"tokenizers_text": "The unfriendliest dragons can't read emojis 😀.", "tokenizers_name": "Byte pairs (GPT-4o)"},
)
_NUMBERS = PlanStep(
    5,
    "words_as_numbers",
    "One random number for each word. Shuffle some times.",
    "Shuffle 1,000 times. How often is `dog` the word nearest to `cat`?",
    "“Often, they are alike.” The numbers come from chance: one number for each word says nothing about what the word "
    "means.",
    {"numbers_words": "cat dog banana king queen apple", "numbers_seed": "3"},
)
_ONE_HOT = PlanStep(
    6,
    "one_hot",
    "Each word as a row with a single 1. All pairs are equally far apart.",
    "A number takes 4 bytes. How much memory do one-hot rows for 400,000 words take?",
    "Few expect so much. A row is as long as the vocabulary: 400,000 rows of 400,000 numbers. And all this says "
    "nothing of meaning: every pair has a cosine of 0.",
    {"onehot_words": "cat dog king queen apple"},
)
_FEATURES = PlanStep(
    7,
    "vectors_with_meaning",
    "A table of features. Pupils name a new word, and the class fills in its row.",
    "Whose row is most like that of `cat`?",
    "Then ask what would move *goldfish* nearer to it. They argue about the numbers. That is the point: somebody must "
    "choose the features and fill in the table.",
)
_LEARNED = PlanStep(
    7,
    "small_network",
    "A small network reads eight sentences and fills in the table by itself. Press Play.",
    "Nobody told the network what a word means. Whose row is, after 400 steps, most like that of `king`?",
    "“Queen, because they belong together.” Better: because the same words stand beside both in what it read.",
    {"network_word": "king"},
)
_ANALOGY = PlanStep(
    6,
    "analogies",
    "*king* − *man* + *woman*, with the three words among the answers and without.",
    "Of **all** words, which lies nearest to `king` − `man` + `woman`?",
    "Many know “queen”. With the three words among the answers it is *king*: leaving them out is a choice.",
    {"source": "glove-6b-50d", "analogy_a": "man", "analogy_b": "king", "analogy_c": "woman"},
)
_BIAS = PlanStep(
    6,
    "axes",
    "Professions on an axis from *he* to *she*.",
    "Here are 18 professions. None of them names a gender. How many stand more than halfway from the middle to *he* or "
    "to *she*?",
    "Some expect none. The table has learned the habits of the texts. Ask where such a table could do harm.",
    {
        "source": "glove-6b-50d",
        "axes_x_low": "he",
        "axes_x_high": "she",
        "axes_y_low": "",
        "axes_y_high": "",
        "axes_words": "captain boss engineer lawyer programmer teacher doctor librarian nurse receptionist",
    },
)
_MAP = PlanStep(
    10,
    "words_in_space",
    "Words of four kinds on a map, and how far the map can be trusted.",
    "Which of these has the vector nearest to that of `cat`, among all 400,000?",
    "They find the groups on the map at once. Then show a word whose neighbours on the map are not those of the table.",
    {"source": "glove-6b-50d", "space_from": "Groups and your own"},
)
_BATCH = PlanStep(
    8,
    "language_model",
    "Which rows of a language model's table one batch would change.",
    "Which rows of W will this batch change?",
    "“All of them, a little.” Only the rows of the tokens in the batch: the others were not looked up.",
    {"corpus": "made-up world", "corpus_size": "1,000", "language_stretches": "2"},
)
_LAYER = PlanStep(
    7,
    "embedding_layer",
    "The ids 5, 0 and 5 looked up, step by step, beside the matrix product that gives the same rows.",
    "Row 5 is used 2 times here. Look it up once more in the same batch. What happens to its gradient?",
    "“Nothing, it is the same row.” Each use adds to the gradient. Let them count the product's multiplications too: "
    "3 × 6 × 5. The lookup needs none.",
    {"layer_what": "Ids", "layer_v": "6", "layer_d": "5", "layer_ids": "5, 0, 5"},
)
_GPU = PlanStep(
    6,
    "learned",
    "What the training of a large model costs, in GPU hours, days and dollars, and what it would take this server.",
    "How long would this server need for Llama 3.1 405B?",
    "Let them guess powers of ten, then press “Measure the speed here”. How long do 2,048 GPUs need, and what is the "
    "rent? Each number of the sum stands on the page.",
    {"learned_model": "Llama 3.1 405B", "learned_gpu_count": "2,048"},
)


def _check(minutes: int, chapter: str) -> PlanStep:
    return PlanStep(
        minutes,
        "check",
        "Questions with numbers. Change the seed, and each half of the class has others.",
        "Pupils answer alone or in pairs. Who finds the reason for an answer that was wrong?",
        "Usual mistakes: to count from 1, to count a repeated word twice, to forget the zeros.",
        {"check_chapter": chapter, "check_seed": "1"},
    )


PLANS = MappingProxyType(  # minutes, and the steps that fill them
    {
        45: (
            _ROOM,
            _SENTENCE,
            _NUMBERS,
            _ONE_HOT,
            _FEATURES,
            _LEARNED,
            _ANALOGY,
            _check(6, "From text to meaning"),
        ),
        90: (
            _ROOM,
            _SENTENCE,
            _TOKENS,
            _NUMBERS,
            _ONE_HOT,
            _FEATURES,
            _LEARNED,
            _ANALOGY,
            _BIAS,
            _MAP,
            _BATCH,
            _LAYER,
            _GPU,
            _check(9, "All chapters"),
        ),
    }
)
