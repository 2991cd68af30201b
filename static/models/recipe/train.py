"""Trains the demo model from scratch: `python3 train.py [MINUTES] [THREADS]`, 8 minutes and one thread by default.

Leaves tokenizer.json and tinker.pt, which export.py turns into GGUF. Needs torch and tokenizers.
"""

from __future__ import annotations

import math
import sys
import time
from functools import cache

import torch
from facts import Talker, facts
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn import functional

SHAPE = {
    "width": 128,
    "layers": 4,
    "heads": 4,
    "kv_heads": 2,
    "feed": 384,
    "context": 1024,
    "theta": 10_000.0,
    "epsilon": 1e-5,
}
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
VOCABULARY = 1536
START, END = 1, 2


def make_tokenizer(talker: Talker) -> Tokenizer:
    """A byte-level BPE for what the model will read."""
    texts = [text for fact in facts() for text in (*fact.questions, *(3 * [fact.answer]))]
    texts += [text for _ in range(3000) for _, text in talker.conversation()]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIAL, initial_alphabet=alphabet, min_frequency=2
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def rotated(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotary positions over neighbouring pairs, which is llama.cpp's form for this architecture."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1).flatten(-2)


class Norm(nn.Module):
    """Root mean square norm."""

    def __init__(self) -> None:
        """All ones."""
        super().__init__()
        self.weight = nn.Parameter(torch.ones(SHAPE["width"]))

    def forward(self, x: Tensor) -> Tensor:
        """Normed values."""
        return functional.rms_norm(x, (x.size(-1),), self.weight, SHAPE["epsilon"])


class Block(nn.Module):
    """Attention and a gated feed-forward layer."""

    def __init__(self) -> None:
        super().__init__()
        width, feed = SHAPE["width"], SHAPE["feed"]
        narrow = width // SHAPE["heads"] * SHAPE["kv_heads"]
        self.attention_norm, self.feed_norm = Norm(), Norm()
        self.query, self.output = (nn.Linear(width, width, bias=False) for _ in range(2))
        self.key, self.value = (nn.Linear(width, narrow, bias=False) for _ in range(2))
        self.gate, self.up = (nn.Linear(width, feed, bias=False) for _ in range(2))
        self.down = nn.Linear(feed, width, bias=False)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """The values after this block."""
        rows, length, width = x.shape
        normed = self.attention_norm(x)

        def heads(values: Tensor, count: int) -> Tensor:
            return values.view(rows, length, count, -1).transpose(1, 2)

        groups = SHAPE["heads"] // SHAPE["kv_heads"]
        query = rotated(heads(self.query(normed), SHAPE["heads"]), cosine, sine)
        key = rotated(heads(self.key(normed), SHAPE["kv_heads"]), cosine, sine).repeat_interleave(groups, 1)
        value = heads(self.value(normed), SHAPE["kv_heads"]).repeat_interleave(groups, 1)
        read = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.output(read.transpose(1, 2).reshape(rows, length, width))
        normed = self.feed_norm(x)
        return x + self.down(functional.silu(self.gate(normed)) * self.up(normed))


class Model(nn.Module):
    """The whole model; its output matrix is its embedding."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, SHAPE["width"])
        self.blocks = nn.ModuleList(Block() for _ in range(SHAPE["layers"]))
        self.norm = Norm()
        for values in self.parameters():
            if values.dim() > 1:
                nn.init.normal_(values, 0, 0.04)
        for block in self.blocks:
            for last in (block.output, block.down):
                nn.init.normal_(last.weight, 0, 0.04 / math.sqrt(2 * SHAPE["layers"]))

    def forward(self, tokens: Tensor, wanted: Tensor) -> Tensor:
        """The logits where `wanted` says so: only there they count."""
        size = SHAPE["width"] // SHAPE["heads"]
        steps = 1 / SHAPE["theta"] ** (torch.arange(0, size, 2) / size)
        angles = torch.outer(torch.arange(tokens.size(1)).float(), steps)
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, angles.cos(), angles.sin())
        return self.norm(x)[wanted] @ self.embedding.weight.T


class Muon(torch.optim.Optimizer):
    """Orthogonalised momentum for the hidden matrices: about half the steps of AdamW."""

    def __init__(self, parameters: list[nn.Parameter], rate: float) -> None:
        super().__init__(parameters, {"lr": rate, "momentum": 0.95, "decay": 0.01})

    @torch.no_grad()
    def step(self) -> None:
        """Move the parameters by one step."""
        for group in self.param_groups:
            for values in group["params"]:
                self._move(values, group)

    def _move(self, values: nn.Parameter, group: dict) -> None:
        momentum = self.state[values].setdefault("momentum", torch.zeros_like(values))
        momentum.lerp_(values.grad, 1 - group["momentum"])
        x = values.grad.lerp(momentum, group["momentum"])
        is_tall = x.size(0) > x.size(1)
        x = x.T if is_tall else x
        x = x / (x.norm() + 1e-7)
        for _ in range(5):  # Newton and Schulz, with the coefficients of the method's authors
            square = x @ x.T
            x = 3.4445 * x + (-4.7750 * square + 2.0315 * (square @ square)) @ x
        x = x.T if is_tall else x
        scale = max(1, values.size(0) / values.size(1)) ** 0.5
        values.mul_(1 - group["lr"] * group["decay"]).add_(x, alpha=-group["lr"] * scale)


class Batches:
    """Conversations in a row, each beginning a row; only what the model itself says counts."""

    def __init__(self, talker: Talker, tokenizer: Tokenizer) -> None:
        self._talker = talker
        self._ids = cache(lambda text: tokenizer.encode(text).ids)

    def next(self, rows: int, length: int) -> tuple[Tensor, Tensor, Tensor]:
        """What is read, what should come next, and where that counts."""
        tokens = torch.zeros(rows, length + 1, dtype=torch.long)
        counts = torch.zeros(rows, length + 1, dtype=torch.bool)
        for row in range(rows):
            read: list[int] = []
            marks: list[bool] = []
            while len(read) <= length:
                more, marked = self._conversation()
                read += more
                marks += marked
            tokens[row] = torch.tensor(read[: length + 1])
            counts[row] = torch.tensor(marks[: length + 1])
        return tokens[:, :-1], tokens[:, 1:], counts[:, 1:]

    def _conversation(self) -> tuple[list[int], list[bool]]:
        tokens: list[int] = []
        marks: list[bool] = []
        for role, text in self._talker.conversation():
            head, body, tail = [START, *self._ids(f"{role}\n")], [*self._ids(text), END], self._ids("\n")
            tokens += [*head, *body, *tail]
            marks += [*(len(head) * [False]), *(len(body) * [role == "assistant"]), *(len(tail) * [False])]
        return tokens, marks


def train(model: Model, batches: Batches, minutes: float) -> None:
    """Train for a time: short rows first, longer ones at the end."""
    named = dict(model.named_parameters())
    hidden = [v for name, v in named.items() if v.dim() > 1 and not name.startswith("embedding")]
    rest = [v for name, v in named.items() if v.dim() < 2 or name.startswith("embedding")]
    adam = torch.optim.AdamW(rest, lr=4e-3, betas=(0.9, 0.98), weight_decay=0)
    optimizers = [(Muon(hidden, 0.02), 0.02), (adam, 4e-3)]
    began, step = time.monotonic(), 0
    while (share := (time.monotonic() - began) / (60 * minutes)) < 1:
        factor = min(1, (step + 1) / 30) * (1 if share < 0.4 else max(0.01, (1 - share) / 0.6))
        rows, length = (8, 384) if share > 0.85 else (16, 128)
        read, expected, counts = batches.next(rows, length)
        loss = functional.cross_entropy(model(read, counts), expected[counts])
        model.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(rest, 1.0)
        for optimizer, rate in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
            optimizer.step()
        step += 1
        if step % 50 == 0:
            print(f"{share:4.0%} step {step} loss {loss.item():.4f}", flush=True)


def main() -> None:
    """Train and store."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    torch.manual_seed(0)
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    talker = Talker(1)
    tokenizer = make_tokenizer(talker)
    tokenizer.save("tokenizer.json")
    vocabulary = -(-tokenizer.get_vocab_size() // 32) * 32  # Q8_0 packs 32 numbers into a block
    model = Model(vocabulary)
    train(model, Batches(talker, tokenizer), minutes)
    torch.save({"weights": model.state_dict(), "shape": {**SHAPE, "vocabulary": vocabulary}}, "tinker.pt")


if __name__ == "__main__":
    main()
