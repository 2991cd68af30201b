"""The layers of a model, drawn from the names of its tensors."""

from __future__ import annotations

from app.core.gguf.header import TensorInfo
from app.core.gguf.layers import Part, layers_of


def tensor(name: str, size: int = 100, type_id: int = 8, parameters: int = 10) -> TensorInfo:
    return TensorInfo(name, (parameters,), type_id, 0, parameters, size)


def test_layers_stand_in_the_order_in_which_a_prompt_passes_them() -> None:
    names = ["output.weight", "blk.10.ffn_up.weight", "blk.2.ffn_up.weight", "token_embd.weight"]
    layers = layers_of([tensor(name) for name in names])
    assert [(layer.number, layer.name) for layer in layers] == [
        (None, "token_embd"),
        (2, ""),
        (10, ""),
        (None, "output"),
    ]


def test_norm_and_matrix_of_the_output_are_one() -> None:
    (layer,) = layers_of([tensor("output_norm.weight"), tensor("output.weight")])
    assert (layer.name, layer.tensors) == ("output", 2)


def test_a_layer_is_split_into_what_its_tensors_do() -> None:
    (layer,) = layers_of(
        [tensor("blk.0.attn_q.weight", 30), tensor("blk.0.ffn_up_exps.weight", 60), tensor("blk.0.norm", 1)]
    )
    assert dict(layer.parts) == {Part.ATTENTION: 30, Part.FEED_FORWARD: 60, Part.OTHER: 1}
    assert (layer.size, layer.parameters) == (91, 30)


def test_the_types_of_a_layer_begin_with_the_largest_share() -> None:
    (layer,) = layers_of([tensor("blk.0.a", type_id=0, parameters=1), tensor("blk.0.b", parameters=9)])
    assert layer.types == ("Q8_0", "F32")


def test_a_tensor_of_unknown_size_counts_nothing() -> None:
    (layer,) = layers_of([TensorInfo("blk.0.ffn_up", (4,), 99, 0, 4, None)])
    assert (layer.size, layer.parameters, layer.types) == (0, 4, ("#99",))
