"""Notes: what had to be decided or assumed, in words for a person and with a code for a program."""

from __future__ import annotations

from ..errors import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# code -> what a note with this code says. docs/notes.md is written from it.
CODES = {
    # The response and its counters.
    "audio_length_used": "The response states no billed seconds; the length of its audio is billed.",
    "broken_off": "The response ended early, so that the cost is a lower bound.",
    "cached_above_prompt": "More cached tokens are stated than the prompt has; the note says how they are counted.",
    "cache_not_discounted": "Cached tokens are stated for which the vendor publishes no discount.",
    "cached_not_split": "Cached tokens are not split by modality; text is taken as cached first.",
    "call_failed": "A call of a tool failed, and is not billed.",
    "counted_inside": "Cached tokens are counted inside the input too and were taken out of it.",
    "counted_beside": "Cached tokens are counted beside the input, as their names say; the model is another maker's.",
    "cost_not_used": "An instrumentation or a framework calculated the stated cost; it is no bill and not used.",
    "counted_on_top": "The total, or a part above its whole, proves that a part is counted on top of its whole.",
    "estimated_tokens": "The tokens are counted from the text, since no response states them.",
    "fallback_answered": "Another model answered than the one that was called; the model that answered is priced.",
    "fallback_credit": "A credit was redeemed whose amount is not stated, so that the cost is an upper bound.",
    "fee_of_gateway_only": "The stated cost is the fee of a gateway; the upstream bills its part apart.",
    "iterations": "The response is made of several requests; the largest prompt counts for thresholds.",
    "job_not_done": "The job is not done; what it will be billed for is priced.",
    "left_out": "Some turns, requests or answers state no usage, so that the cost is a lower bound.",
    "model_needed": "Several models answered, or a part names none: the caller has to name the model.",
    "modality_assumed": "Tokens or seconds are not split by modality; the modality that is named is assumed.",
    "no_usage_yet": "The stream has stated no usage yet, or broke off before it did.",
    "not_understood": "A counter is stated that this version does not know, so that the cost is a lower bound.",
    "pages_assumed": "The response does not say how many pages were annotated; all of them are counted.",
    "prompt_router": "A router of the provider chose the model.",
    "query_assumed": "The response does not say how many queries it had; one is assumed.",
    "several_media": "Several pieces of media of the same length, or several images, were counted.",
    "sum_of_spans": "The span adds up the calls of the spans below it: price either it or them.",
    "tier_requested": "A span says which service tier was requested, and not which one was served.",
    "time_not_read": "The response states a time that cannot be read; the price of today is used.",
    "tool_not_priced": "Calls of a tool were made whose fee is not in this cost.",
    "total_above": "The stated total is above the sum of its parts, so that the cost is a lower bound.",
    "thoughts_in_total": "Thoughts that only the total states are billed as reasoning.",
    "total_differs": "The stated total is not the sum of its parts.",
    "session_assumed": "A container is billed as a session for each GB; how long it lived is not stated.",
    "own_key_apart": "Providers billed the user's own keys; the charge of the gateway does not contain that.",
    "storage_fee": "Tokens that were read from a cache are billed a second time for its storage.",
    "ttl_assumed": "The lifetime of what was written to the cache is not stated; five minutes are assumed.",
    "contradiction": "The counters contradict each other; the cost is the one that the provider states.",
    "fact_not_applied": "The usage states a fact that may decide the price; it is not understood, and not applied.",
    "reading_of_seller": "The counters may be read in several ways, and one of them is how this seller counts.",
    "readings_agree": "The counters may be read in several ways, all of which cost the same.",
    "reasoning_above_answer": "More reasoning is stated than the answer holds; the answer is what is billed.",
    # What the caller states.
    "added_free": "A usage was added for which nothing is billed.",
    "batch_differs": "Usages were added, and only some are of a batch; none is priced at batch rates.",
    "call_type_unknown": "LiteLLM knows no such kind of call; the word is not used.",
    "caller": "A note that the caller gave with a usage or a cost.",
    "duration_needed": "The model is sold by time: the caller has to state the seconds.",
    "duration_not_billed": "Seconds are stated, and the card prices the tokens of this call instead.",
    "facts_differ": "Usages were added that differ in a fact which selects a rate; it is not applied.",
    "no_such_hour": "The asked day has no such hour on the vendor's clock; the call is priced at its start.",
    "no_usage_stated": "The response states no usage; what the caller gave is priced.",
    # Which model, and whose prices.
    "alias": "The name stands for another row of the map, which is priced.",
    "base_of_region": "The map has no row for this region; the row without a region is used.",
    "makers_row": "The name is a maker's own id, without a seller; the maker's row is priced.",
    "name_rewritten": "The name was rewritten by a rule; the note says which, and what was assumed.",
    "no_deployment": "No deployment of the configuration has this name, so that none of its prices is used.",
    "other_model": "The response names another model than the caller did, whose model is priced.",
    "part_unknown": "The model of a part is unknown, so that the part is unpriced.",
    "provider_not_used": "A span names a seller that has no such model, so that the price of another one is used.",
    "price_for_all_sellers": "A registered price names no provider and is used for this one too.",
    "registered_for_another": "A registered price is used for a snapshot of which the map has another price.",
    "response_model_priced": "No price is known for the caller's name; the model that the response names is priced.",
    "router_picked": "A router picked this model, and its fee is added to the rates of the prompt.",
    "routing_fee_only": "Only the fee of a router is known; the model that it picked is billed on top.",
    "several_sellers": "Several providers sell this model at different prices; the user's own prices alone are used.",
    # Which rate.
    "base_rate_used": "No rate holds for this variant; the base rate is used.",
    "derived_rate": "The rate follows from another one by a rule of the vendor.",
    "free_model": "The map states that the model costs nothing.",
    "image_row_missing": "No row holds for this size or quality, so that the plain row is used, or nothing is priced.",
    "image_size_needed": "Images of this model are priced by size and quality: the caller has to state both.",
    "left_above": "An own price is below a rate of the map that was cheaper before (a cache read); the rate stays.",
    "minimum_billed": "The request was shorter than the least that its seller bills; the minimum is billed.",
    "no_second_rate": "A time is stated, and the card has no price per second.",
    "own_price_in_force": "A price of one's own that has dates or regions is in force; when and where is said.",
    "own_price_not_in_force": "A price of one's own holds at other times or in other regions; a weaker one is used.",
    "parent_rate": "The meter has no rate of its own; the rate of its parent is used.",
    "pixels": "The price of an image follows from the price of a pixel.",
    "quality_assumed": "The quality of an image is not stated; the one that the vendor documents is assumed.",
    "results_above": "More results were asked for than the price of a search contains; the others are billed apart.",
    "results_needed": "The price of a search depends on how many results were asked for: the caller has to state them.",
    "routing_fee": "The rate is that of the picked model plus the fee of the router.",
    "scaled_rate": "The rate was scaled with a base rate that a stronger layer sets.",
    "search_size_assumed": "The size of a search's context is not stated; the vendor's default is assumed.",
    "searches_not_counted": "Every call of the model searches the web, and its response does not count the searches.",
    "speed_without_rates": "A speed was served that costs more than the rates that were used; no row has its price.",
    "tier_unknown": "The word of the service tier is unknown; standard rates are used.",
    "tier_without_rates": "The card has no rates for this service tier; standard rates are used.",
    "tokens_out_of_force": "A price per time or call puts the token rates of weaker layers out of force.",
    "variant_needed": "The meter is priced by variants: the caller has to say which one it was.",
    "weaker_rate": "No rate holds for this threshold or tier; the next weaker rate is used.",
    "zero_by_map": "All prices that the map has for this model are 0.",
    "zero_rate": "The map has a price of 0 for this meter beside prices above 0; it may be a gap of the map.",
    # What the numbers are worth.
    "aggregate_context": "An aggregate of several requests has no context, so that no threshold is applied.",
    "aggregate_count": "An aggregate does not say how many requests or queries it holds.",
    "assumed_price": "Nobody states this price of that day; it is taken to have kept its ratio to another one.",
    "disputed_price": "The sources of the map differ on this price.",
    "key_not_known": "A price key that this version does not know may hold for the call.",
    "key_may_price": "A price key that this version does not know may be the missing price.",
    "known_since": "The price of that day is not known; the one that is known since a later day is used.",
    "map_is_old": "The price map is old.",
    "promise_over": "The seller's promise of this price has ended.",
    "reported_differs": "The provider reports another cost than the rate card gives.",
    "reported_zero": "The provider reports a cost of 0 for a call that used something.",
    # Lines without a rate.
    "fee_without_price": "A fee of one's own was used for which no price is set, so that it is unpriced.",
    "fee_of_a_term": "The line is a fee of a commercial term of one's own, for each call.",
    "nothing_used": "Everything that is counted is 0, so that nothing is billed.",
    "not_billed": "Nothing is billed for the call, for the reason that is named.",
    "share_of_sum": "The line is a share of the sum of the lines before it.",
    "stated_by_provider": "The line is the cost that the provider itself states.",
}


class Note(str):
    """What was decided or assumed: one printable line for a person, with a code for a program.

    >>> note = Note("parent_rate", "reasoning rate missing: output rate used", "reasoning")
    >>> note.code, note.about, note.startswith("reasoning")
    ('parent_rate', 'reasoning', True)
    >>> note.to_dict()
    {'code': 'parent_rate', 'text': 'reasoning rate missing: output rate used', 'about': 'reasoning'}

    Attributes:
        code: one of ``CODES``, which stays the same when the words change.
        about: the meter, price key, counter, model or layer that it is about; None for the whole call.
        brief: the text without the page that proves it, for a table; the whole text where no page is named.
    """

    __slots__ = ("about", "brief", "code")

    code: str
    about: str | None
    brief: str

    def __new__(cls, code: str, text: str, about: str | None = None, page: str | None = None) -> Note:
        """Return a note; ``page`` is the address that proves it, and ends the text."""
        self = str.__new__(cls, printable(text if page is None else f"{text}, {page}"))
        self.code, self.about = code, about
        self.brief = printable(text)
        return self

    def to_dict(self) -> dict[str, str | None]:
        """Return a JSON-safe dict: ``code``, ``text`` and ``about``."""
        return {"code": self.code, "text": str(self), "about": self.about}

    def __reduce__(self) -> tuple[object, ...]:
        return Note, (self.code, str(self), self.about)


# The codes of notes on what is stated and was not understood, each of which makes a cost a lower bound.
NOT_UNDERSTOOD, TOTAL_ABOVE = "not_understood", "total_above"
DOUBTS = frozenset({NOT_UNDERSTOOD, TOTAL_ABOVE})
# Those, and the codes of notes on what is sold at a higher price that no map has.
BOUNDS = DOUBTS | {"results_above"}
# What is said of a total that is not the sum of its parts, until something explains the difference.
OF_TOTALS = frozenset({TOTAL_ABOVE, "total_differs"})
# The note of a line that has none.
NO_NOTE = Note("", "")


def as_note(text: str) -> Note:
    """Return a Note as it is, and a plain text as a Note with the code ``caller``."""
    return text if isinstance(text, Note) else Note("caller", text)


def joined(notes: tuple[Note, ...]) -> Note:
    """Return several notes as one, with the code and the subject of the first; without notes, an empty one."""
    if len(notes) < 2:
        return notes[0] if notes else NO_NOTE
    return Note(notes[0].code, "; ".join(notes), notes[0].about)


def from_dicts(stated: Iterable[object]) -> tuple[Note, ...]:
    """Return the notes that ``to_dict`` has written.

    Raises TypeError, KeyError or ValueError if a row is no note.
    """
    found = []
    for row in stated:
        code, text, about = (row[name] for name in ("code", "text", "about"))  # type: ignore[index]
        if not isinstance(code, str) or not isinstance(text, str) or not isinstance(about, (str, type(None))):
            raise TypeError("a note has a code, a text, and what it is about or null")
        found.append(Note(code, text, about))
    return tuple(found)
