"""How many bytes visitors hold, each of them and all together, and whose go when there is no room."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from embeddings.common import TooLarge


@dataclass(frozen=True, eq=False)
class Charge:
    """What a visitor holds under one name.

    Attributes:
        size: Bytes.
        let_go: Lets the visitor's object go; ``None`` where it is in use and must stay.
        spare: Whether it can be computed again, and so goes before what cannot.
    """

    size: int
    let_go: Callable[[], object] | None
    spare: bool = False


@dataclass(eq=False)
class _Holder:
    group: str
    seen: float
    most: int
    charges: dict[str, Charge] = field(default_factory=dict)  # the oldest first
    total: int = 0

    def has(self, spare: bool) -> bool:
        return any(charge.let_go and charge.spare == spare for charge in self.charges.values())


class Account:
    """The bytes of all owners, who belong to groups, as the visitors of one address do.

    Where there is no room, what can be computed again goes first, then the rest: that of the owner who has been idle
    for longest, of those who hold more than an even share of their group's bytes, in the groups that hold more than an
    even share of all. So nobody takes from others by opening many sessions, nor from who holds little.

    Args:
        max_total: Bytes of all owners together.
        max_each: Bytes of one.
        elsewhere: Bytes of visitors that others count, and that leave less room here.
        clock: Tells the seconds.
    """

    def __init__(
        self,
        max_total: int,
        max_each: int,
        elsewhere: Callable[[], int] = lambda: 0,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.max_total, self.max_each = max_total, max_each
        self._elsewhere, self._clock = elsewhere, clock
        self._holders: dict[str, _Holder] = {}
        self._lock = threading.RLock()
        self._used = 0

    @property
    def used(self) -> int:
        """Bytes that are charged to all owners."""
        return self._used

    def held_by(self, owner: str) -> int:
        """Bytes that are charged to ``owner``."""
        holder = self._holders.get(owner)
        return 0 if holder is None else holder.total

    def touch(self, owner: str) -> None:
        """Say that ``owner`` is not idle."""
        if (holder := self._holders.get(owner)) is not None:
            holder.seen = self._clock()

    def charge(
        self, owner: str, name: str, charge: Charge, group: str = "", what: str = "This", most: int | None = None
    ) -> None:
        """Enter ``charge`` under ``name``, in place of what was there; others are let go where there is no room.

        Args:
            owner: Who holds it.
            name: Of the charge.
            charge: What is held.
            group: What the owner belongs to.
            what: What a refusal calls it.
            most: Bytes that this owner may hold, as the server does for all; by default as many as one visitor.

        Raises:
            TooLarge: One owner may not hold that much, or all together hold too much that is in use; nothing changes.
        """
        most = self.max_each if most is None else most
        with self._lock:
            holder = self._holders.setdefault(owner, _Holder(group, self._clock(), most))
            holder.seen = self._clock()
            before = holder.charges.pop(name, None)
            self._count(holder, -before.size if before else 0)
            gone = self._make_room(holder, charge.size)
            entered = before if gone is None else charge
            if entered is not None:
                holder.charges[name] = entered
                self._count(holder, entered.size)
            elif not holder.charges:
                del self._holders[owner]
        if gone is None:
            raise TooLarge(what, charge.size, max(0, min(most, self.max_total - self._elsewhere())))
        _let_go(gone)

    @contextmanager
    def reserved(
        self, owner: str, name: str, size: int, group: str = "", what: str = "This", most: int | None = None
    ) -> Iterator[None]:
        """Hold ``size`` bytes while something is made that will take them.

        Raises:
            TooLarge: See ``charge``.
        """
        self.charge(owner, name, Charge(size, None), group, what, most)
        try:
            yield
        finally:
            self.release(owner, name)

    def release(self, owner: str, name: str) -> None:
        """Take off what is charged under ``name``, if anything is."""
        with self._lock:
            holder = self._holders.get(owner)
            if holder is None or name not in holder.charges:
                return
            self._count(holder, -holder.charges.pop(name).size)
            if not holder.charges:
                del self._holders[owner]

    def let_spare_go(self, owner: str) -> None:
        """Let go what ``owner`` can compute again."""
        with self._lock:
            holder = self._holders.get(owner)
            charges = dict(holder.charges) if holder else {}
            spare = {name: charge for name, charge in charges.items() if charge.spare and charge.let_go}
            for name in spare:
                self.release(owner, name)
        _let_go(spare.values())

    def forget(self, owner: str) -> None:
        """Take off all that is charged to ``owner``, who holds nothing any more."""
        with self._lock:
            if (holder := self._holders.pop(owner, None)) is not None:
                self._used -= holder.total

    def _count(self, holder: _Holder, size: int) -> None:
        holder.total += size
        self._used += size

    def _make_room(self, asker: _Holder, size: int) -> list[Charge] | None:
        """Take off what must go before ``size`` more bytes fit; ``None``, and nothing done, where that is in vain."""
        taken: list[tuple[_Holder, str, Charge]] = []
        room = self.max_total - self._elsewhere()
        while asker.total + size > asker.most or self._used + size > room:
            among = [asker] if asker.total + size > asker.most else list(self._holders.values())
            victim = None if size > min(asker.most, room) else self._next_to_go(among)
            if victim is None:
                for holder, name, charge in taken:
                    holder.charges = {name: charge} | holder.charges
                    self._count(holder, charge.size)
                return None
            holder, name = victim
            taken.append((holder, name, holder.charges.pop(name)))
            self._count(holder, -taken[-1][2].size)
        if taken:
            self._holders = {
                owner: holder for owner, holder in self._holders.items() if holder.charges or holder is asker
            }
        return [charge for _, _, charge in taken]

    def _next_to_go(self, among: list[_Holder]) -> tuple[_Holder, str] | None:
        for spare in (True, False):
            if holders := [holder for holder in among if holder.has(spare)]:
                holder = min(_above_even_share(holders), key=lambda holder: holder.seen)
                return holder, next(n for n, each in holder.charges.items() if each.let_go and each.spare == spare)
        return None


def _let_go(charges: Iterable[Charge]) -> None:
    for charge in charges:
        if charge.let_go is not None:
            charge.let_go()


def _above_even_share(holders: list[_Holder]) -> list[_Holder]:
    """Those of ``holders`` who have an even share of their group's bytes or more, in the groups of which that holds."""
    of_group: Counter[str] = Counter()
    for holder in holders:
        of_group[holder.group] += holder.total
    members = Counter(holder.group for holder in holders)
    even = sum(of_group.values()) / len(of_group)
    return [
        holder
        for holder in holders
        if of_group[holder.group] >= even and holder.total * members[holder.group] >= of_group[holder.group]
    ]
