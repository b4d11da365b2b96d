"""Is what was learned any good, and what would a large table cost?"""

from components.lessons.learning import learned
from components.ui.errors import show_errors

with show_errors():
    picture, beside = learned.places()
    with beside:
        chosen = learned.choose_run()
    with picture:
        learned.show_picture(chosen)
    if chosen is not None:
        learned.show_scores(*chosen)
    model = learned.choose_large_model()
    learned.show_gpu_cost(model)
    learned.show_memory(model)
    learned.show_cost(model)
