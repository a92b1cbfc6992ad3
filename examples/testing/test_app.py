import pytest
from botocore.exceptions import EventStreamError

from app import ask


def test_it_passes_the_answer_on(bedrock):
    bedrock({"match": {"text": "refund"}, "answer": "Within 30 days."})
    assert ask("How do I get a refund?") == "Within 30 days."


def test_it_survives_two_throttled_tries(bedrock):
    throttled = {"error": {"code": "ThrottlingException"}}
    bedrock({"match": {"text": "hours"}, "sequence": [throttled, throttled, "From nine to five."]})
    assert ask("What are your hours?") == "From nine to five."


def test_it_notices_an_answer_that_breaks_off(bedrock):
    bedrock({"match": {"text": "story"}, "answer": {"text": "Once upon a", "error": {"code": "ModelStreamErrorException"}}})
    with pytest.raises(EventStreamError):
        ask("Tell me a story.")
