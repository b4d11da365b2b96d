"""Words in space: a map of words, what surrounds it, and how far it can be trusted.

The page asks from above to below: ``word_choice`` (which words), ``projection_choice`` (which method and options);
``panels`` makes a ``request`` of both and shows what comes of it: ``neighbors`` and ``selection`` beside the
``map_view``, which is coloured by ``colouring``, and ``quality`` below.
"""
