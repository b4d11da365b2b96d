"""How long OpenBLAS's threads look out for more work."""

import os

_TIMEOUT = "OPENBLAS_THREAD_TIMEOUT"
_SHORTEST = "4"  # a power of two, of the processor's cycles


def let_idle_blas_threads_sleep() -> None:
    """Have OpenBLAS's threads sleep as soon as a product is done; to be called before NumPy is loaded.

    They would look out for the next one at full speed, for 2**26 cycles. A visitor's run makes one product here and
    there, and each cost the server 50 ms of a core for 6 ms of work. Whoever has set the variable is not overruled.

    References:
        https://www.openmathlib.org/OpenBLAS/docs/runtime_variables/
    """
    os.environ.setdefault(_TIMEOUT, _SHORTEST)
