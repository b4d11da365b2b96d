"""What the lessons on the language model share: tokens as they are shown, typed words, and why an answer waits."""

from components.markup import as_code
from components.session.language_model import language_tokenizer
from embeddings.common import InvalidInput
from embeddings.jobs import Seen
from embeddings.tokenizers import drawn

ABOUT = (
    "SmolLM2 is a small *language model* of 2024: it says for each of its 49,152 tokens how likely it is to come next. "
    "In its vocabulary the space before a word belongs to the word's token. Here this space is drawn as ␣."
)


def token_of(word: str) -> tuple[str, int]:
    """The one token that a typed ``word`` is, with a space before it where there is such a token, and its id.

    Raises:
        InvalidInput: It is none, or several.
    """
    tokenizer, word = language_tokenizer(), word.strip()
    if not word:
        raise InvalidInput("Type a word.")
    for spelling in (f" {word}", word):
        encoding = tokenizer.encode(spelling)
        if len(encoding.ids) == 1 and encoding.ids[0] is not None:
            return encoding.tokens[0], encoding.ids[0]
    pieces = tokenizer.encode(f" {word}").tokens
    raise InvalidInput(
        f"{word!r} is {len(pieces)} tokens in this model: {', '.join(map(drawn, pieces[:6]))}"
        f"{' and more' if len(pieces) > 6 else ''}. Type a word that is one token, as frequent words are."
    )


def why_unanswered(job: Seen | None, event: str) -> str:
    """Why a question has no answer yet: the job is under way until ``event``, or has ended without one."""
    if job is not None and not job.active:
        return "There is no answer now: the line above the picture says why."
    return f"The answer comes as soon as {event}."


def as_token(token: str) -> str:
    """A token as code, its spaces drawn."""
    return as_code(drawn(token))
