#!/usr/bin/env python3
"""Writes the vocabulary of OpenAI's cl100k_base to src/dialect/embeddings/cl100k.bin, for decoding only.

    npm pack js-tiktoken@1.0.21 && tar xzf js-tiktoken-1.0.21.tgz
    python3 scripts/cl100k.py package/dist/ranks/cl100k_base.js

js-tiktoken (https://github.com/dqbd/tiktoken, MIT) carries the vocabulary of tiktoken (https://github.com/openai/tiktoken,
MIT). What is written: one byte for the length of each token's bytes, in the order of the tokens, then all of their bytes,
deflated without a header.
"""

import base64
import pathlib
import re
import sys
import zlib

TARGET = pathlib.Path(__file__).parent.parent / "src/dialect/embeddings/cl100k.bin"
TOKENS = 100_256


def main(source):
    ranks = re.search(r'"?bpe_ranks"?:\s*"(.*?)"', pathlib.Path(source).read_text()).group(1)
    tokens = {}
    for line in filter(None, ranks.encode().decode("unicode_escape").split("\n")):
        _, first, *encoded = line.split(" ")
        tokens.update({int(first) + at: base64.b64decode(token) for at, token in enumerate(encoded)})
    assert sorted(tokens) == list(range(TOKENS)), "the vocabulary has no gaps"
    ordered = [tokens[number] for number in range(TOKENS)]
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    packed = deflate.compress(bytes(map(len, ordered)) + b"".join(ordered)) + deflate.flush()
    TARGET.write_bytes(packed)
    print(f"{TARGET.name}: {len(packed)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
