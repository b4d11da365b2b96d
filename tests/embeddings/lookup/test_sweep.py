import pytest

from embeddings.common.errors import InvalidInput
from embeddings.lookup import (
    BACKWARD,
    BUILD,
    EMBEDDING,
    FORWARD,
    LINEAR,
    MATMUL,
    PHASES,
    SPARSE,
    STEP,
    VARIANTS,
    Sweep,
    all_threads,
    model_table,
    models,
)


def test_sizes_are_measured_once_each_from_the_smallest_on():
    sweep = Sweep([30, 10, 30], variants=[EMBEDDING])

    assert sweep.sizes == (10, 30)
    assert [point.vocabulary_size for point in sweep.points()] == [10, 30]


@pytest.mark.parametrize(("over", "sizes"), [("V", (7, 3, 2)), ("D", (5, 7, 2)), ("B", (5, 3, 7))])
def test_one_size_is_swept_and_the_others_stay(over, sizes):
    assert Sweep((7,), over, V=5, D=3, B=2, variants=(EMBEDDING,)).points()[0].size == sizes


def test_one_hot_rows_are_built_before_the_first_product_and_sparse_differs_from_the_backward_pass_on():
    sweep = Sweep((7,), variants=(*VARIANTS, SPARSE), phases=PHASES)

    assert [(point.variant, point.phase) for point in sweep.points()] == [
        (EMBEDDING, FORWARD),
        (BUILD, BUILD),
        (MATMUL, FORWARD),
        (LINEAR, FORWARD),
        *[(variant, BACKWARD) for variant in (*VARIANTS, SPARSE)],
        *[(variant, STEP) for variant in (*VARIANTS, SPARSE)],
    ]


def test_building_is_measured_alone_or_not_at_all():
    assert [point.variant for point in Sweep((7,), phases=(BUILD,)).points()] == [BUILD]
    assert [point.variant for point in Sweep((7,), variants=(EMBEDDING,), phases=(BUILD, FORWARD)).points()] == [
        EMBEDDING
    ]


def test_points_say_how_they_are_to_be_measured():
    point = Sweep((7,), id_distribution="zipf", dtype="bfloat16", device="cuda", threads=2, cold=True).points()[0]

    assert (point.id_distribution, point.dtype, point.device, point.threads, point.cold) == (
        "zipf",
        "bfloat16",
        "cuda",
        2,
        True,
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sizes": ()}, "from one to 100 sizes"),
        ({"sizes": range(1, 102)}, "from one to 100 sizes"),
        ({"sizes": (0,)}, "The vocabulary size must be"),
        ({"sizes": (4_097,), "over": "D"}, "The dimension must be"),
        ({"B": 8_193}, "The batch must be"),
        ({"D": 1.5}, "The dimension must be"),
        ({"over": "T"}, "no axis 'T'. There are: V, D, B"),
        ({"variants": ()}, "at least one way"),
        ({"variants": (MATMUL, MATMUL)}, "each once"),
        ({"variants": ("abacus",)}, "no way 'abacus'. There are: nn.Embedding"),
        ({"phases": ("sideways",)}, "no phase 'sideways'"),
        ({"id_distribution": "normal"}, "no draw of ids 'normal'. There are: uniform"),
        ({"dtype": "int8"}, "no type 'int8'. There are: float32, bfloat16"),
        ({"threads": 0}, "The number of threads must be"),
        ({"seed": -1}, "The seed must be"),
        ({"budget_seconds": 0}, "The budget must be"),
        ({"budget_seconds": float("nan")}, "The budget must be"),
        ({"min_run_seconds": -1}, "The time for a point must be"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        Sweep(**wrong)


def test_there_is_at_least_one_thread():
    assert all_threads() >= 1


def test_real_sizes_are_those_that_were_published_smallest_first():
    sizes = {size.name: (size.V, size.D) for size in models.model_tables()}

    assert sizes == {"minilm": (30_522, 384), "gpt-2": (50_257, 768), "llama-3": (128_256, 4_096)}
    assert list(sizes) == sorted(sizes, key=lambda name: sizes[name])


def test_a_real_size_is_approached_by_parts_and_measured_whole_at_last():
    sweep = model_table("llama-3").sweep(B=8, threads=2)

    assert sweep.sizes == (2_004, 8_016, 32_064, 128_256)
    assert (sweep.D, sweep.B, sweep.threads) == (4_096, 8, 2)


def test_minilms_table_is_its_real_one_and_cannot_be_written_to():
    size = model_table("minilm")
    table = size.table()

    assert table.shape == (size.V, size.D)
    assert not table.flags.writeable
    with pytest.raises(InvalidInput, match=r"no model 'bert'\. There are: minilm"):
        model_table("bert")
