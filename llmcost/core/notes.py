"""Notes: what had to be decided or assumed, in words for a person and with a code for a program."""

from __future__ import annotations

from ..errors import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# code -> what a note with this code says. docs/notes.md is written from it.
CODES = {
    # The response and its counters.
    "audio_length_used": "The response does not state billed seconds, so that the length of its audio is billed.",
    "broken_off": "The response ended early. The cost is a lower bound.",
    "cached_above_prompt": "More cached tokens are stated than the prompt has; the note says how they are counted.",
    "cache_not_discounted": "The response states cached tokens, and the vendor publishes no discount for them.",
    "cached_not_split": "The cached tokens are not split into text and media. Text is taken as cached first.",
    "call_failed": "A call of a tool failed. It is not billed.",
    "counted_inside": "The input contains the cached tokens; they were taken out of it.",
    "counted_beside": "By their names, cached tokens stand beside the input; the model is of another maker.",
    "cost_not_used": "An instrumentation or a framework calculated the stated cost. It is no bill, and is not used.",
    "counted_on_top": "The stated sums prove that a part stands beside the counter that usually contains it.",
    "estimated_tokens": "The tokens are counted from the text, since no response states them.",
    "fallback_answered": "Another model answered than the one that was called. The model that answered is priced.",
    "fallback_credit": "A credit was redeemed, and its amount is not stated. The cost is an upper bound.",
    "fee_of_gateway_only": "The stated cost is the fee of a gateway alone. The provider behind it bills its own part.",
    "iterations": "The response is made of several requests. The largest prompt among them counts for thresholds.",
    "job_not_done": "The job is not done. What it will be billed for is priced.",
    "latency_served": "The latency that was served costs more than the rates used. The map has no price for it.",
    "left_out": "Some turns, requests or answers state no usage, so that the cost is a lower bound.",
    "model_needed": "The caller has to name the model: several models answered, or a part names none.",
    "modality_assumed": "Tokens or seconds are not split by modality. The note names the modality that is assumed.",
    "no_usage_yet": "The stream has stated no usage, or it broke off before it did.",
    "not_understood": "The response states a counter that this version does not know. The cost is a lower bound.",
    "pages_assumed": "The response does not say how many pages were annotated. All pages count.",
    "prompt_router": "A router of the provider chose the model.",
    "query_assumed": "The response does not say how many queries it had. One query is assumed.",
    "several_media": "Several pieces of media of one length, or several images, were counted.",
    "sum_of_spans": "The span adds up the calls of the spans below it. Price either the span or the spans below it.",
    "tier_requested": "A span says which service tier was requested, and does not say which one was served.",
    "time_not_read": "The response states a time that llmcost cannot read. The price of today is used.",
    "tool_not_priced": "A tool was called, and its fee is not in this cost.",
    "total_above": "The stated total is greater than the sum of its parts, so that the cost is a lower bound.",
    "thoughts_in_total": "Only the total contains the thoughts. They are billed as reasoning.",
    "total_differs": "The stated total is not the sum of its parts.",
    "session_assumed": "A container is billed as one session for each GB, since its time is not stated.",
    "own_key_apart": "Providers billed the user's own keys. The charge of the gateway does not contain that.",
    "storage_fee": "Tokens that were read from a cache are billed a second time, for the storage of the cache.",
    "ttl_assumed": "The response does not say how long the cache keeps what was written; five minutes are assumed.",
    "contradiction": "The counters contradict each other. The cost is the one that the provider states.",
    "fact_not_applied": "The usage states a fact that may decide the price, and that this version cannot apply.",
    "reading_of_seller": "The counters can be read in several ways. One of them is how this seller counts.",
    "readings_agree": "The counters can be read in several ways. All of them give the same cost.",
    "reasoning_above_answer": "More reasoning is stated than the answer holds. The tokens of the answer are billed.",
    # What the caller states.
    "added_free": "Usages were added, and nothing is billed for one of them.",
    "batch_differs": "Usages were added, and only some of them are of a batch. None of them is priced at batch rates.",
    "call_type_unknown": "LiteLLM has no such kind of call. The word is not used.",
    "caller": "The caller gave this note with a usage or a cost.",
    "duration_needed": "The model is sold by time. The caller has to state the seconds.",
    "duration_not_billed": "Seconds are stated, but the card prices the tokens of this call.",
    "facts_differ": "Usages were added, and a fact that selects a rate differs between them. It is not applied.",
    "no_such_hour": "The vendor's clock has no such hour on this day. The call is priced at the start of the day.",
    "no_usage_stated": "The response states no usage. What the caller gave is priced.",
    # Which model, and whose prices.
    "alias": "The name stands for another row of the map. That row is priced.",
    "base_of_region": "The map has no row for this region. The row without a region is used.",
    "makers_row": "The name is a maker's own id, and names no seller. The maker's row is priced.",
    "name_rewritten": "A rule rewrote the name. The note says which rule, and what it assumes.",
    "no_deployment": "The configuration has no deployment of this name, so that none of its prices is used.",
    "other_model": "The response names another model than the caller. The caller's model is priced.",
    "part_unknown": "The model of a part is unknown. The part is unpriced.",
    "provider_not_used": "A span names a seller that does not sell this model. The price of another seller is used.",
    "price_for_all_sellers": "A registered price names no provider. It is used for this provider too.",
    "registered_for_another": "A registered price is used for a snapshot; the map has another price for the snapshot.",
    "response_model_priced": "No price is known for the caller's name. The model that the response names is priced.",
    "router_picked": "A router picked this model. The router's fee is added to the rates of the prompt.",
    "routing_fee_only": "Only the fee of a router is known. The model that it picked is billed on top of it.",
    "several_sellers": "Several providers sell this model at different prices. Only the user's own prices are used.",
    # Which rate.
    "base_rate_used": "No rate holds for this variant. The base rate is used.",
    "derived_rate": "A rule of the vendor derives this rate from another one.",
    "free_model": "The map states that the model costs nothing.",
    "image_row_missing": "No row is for this size or quality. The plain row is used; without one, nothing is priced.",
    "image_size_needed": "This model prices images by size and quality. The caller has to state both.",
    "left_above": "An own price is now below a rate of the map that was cheaper (a cache read). The rate stays.",
    "minimum_billed": "The request was shorter than the seller's minimum. The minimum is billed.",
    "no_second_rate": "A time is stated, but the card has no price per second.",
    "own_price_in_force": "An own price with dates or regions is in force. The note says when and where.",
    "own_price_not_in_force": "An own price holds at other times or in other regions. A weaker price is used.",
    "parent_rate": "The meter has no rate of its own. The rate of its parent is used.",
    "pixels": "The price of the image is its pixels times the price of a pixel.",
    "quality_assumed": "The quality of the image is not stated. The vendor's documented default is assumed.",
    "results_above": "The price of a search contains fewer results than were asked for. The others are billed apart.",
    "results_needed": "The price of a search depends on the number of results. The caller has to state it.",
    "routing_fee": "The rate is the rate of the picked model plus the fee of the router.",
    "scaled_rate": "A stronger layer sets the base rate. This rate was scaled with it.",
    "search_size_assumed": "The size of the search's context is not stated. The vendor's default is assumed.",
    "searches_not_counted": "The model searches the web at every call, and its response does not count the searches.",
    "tier_unknown": "The word of the service tier is unknown. Standard rates are used.",
    "tier_without_rates": "The card has no rates for this service tier. Standard rates are used.",
    "tokens_out_of_force": "A price per time or per call puts the token rates of weaker layers out of force.",
    "variant_needed": "The meter has a price for each variant. The caller has to say which variant it was.",
    "weaker_rate": "No rate holds for this threshold or tier. The next weaker rate is used.",
    "zero_by_map": "The map has prices for this model, and all of them are 0.",
    "zero_rate": "The map has a price of 0 for this meter and other prices above 0. The 0 may be a gap of the map.",
    # What the numbers are worth.
    "aggregate_context": "The usage adds up several requests: no size of a prompt is known, and no threshold applied.",
    "aggregate_count": "The usage adds up several requests, and does not say how many requests or queries they were.",
    "assumed_price": "Nobody states this price for that day. It is assumed to have kept its ratio to another price.",
    "disputed_price": "The sources of the map state different prices.",
    "key_not_known": "The map has a price key that this version does not know. It may hold for the call.",
    "key_may_price": "The map has a price key that this version does not know. It may be the missing price.",
    "known_since": "The price of that day is not known. The price that is known from a later day on is used.",
    "map_is_old": "The price map is old.",
    "promise_over": "The seller promised this price until a day that is over.",
    "reported_differs": "The provider reports another cost than the rate card gives.",
    "reported_zero": "The provider reports a cost of 0, and the call used something.",
    # Lines without a rate.
    "fee_without_price": "The call used a fee of yours that has no price. It is unpriced.",
    "fee_of_a_term": "The line is a fee for each call, from a commercial term of yours.",
    "nothing_used": "Everything that is counted is 0. Nothing is billed.",
    "not_billed": "Nothing is billed for the call. The note names the reason.",
    "share_of_sum": "The line is a share of the sum of the lines before it.",
    "stated_by_provider": "The line is the cost that the provider states.",
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
BOUNDS = DOUBTS | {"latency_served", "results_above"}
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
