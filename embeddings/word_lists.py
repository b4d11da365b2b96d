"""Everyday words by group: something to start from, and landmarks on a map."""

from types import MappingProxyType

GROUPS = MappingProxyType(
    {
        "animals": ["cat", "dog", "horse", "cow", "sheep", "lion", "tiger", "wolf", "rabbit", "mouse", "elephant", "monkey"],
        "food": ["bread", "butter", "cheese", "rice", "soup", "cake", "apple", "banana", "orange", "coffee", "wine", "sugar"],
        "royalty": ["king", "queen", "prince", "princess", "duke", "duchess", "throne", "crown", "palace", "emperor"],
        "countries": ["france", "germany", "spain", "italy", "sweden", "japan", "china", "india", "brazil", "canada", "egypt", "kenya"],
        "numbers": ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        "professions": ["doctor", "nurse", "teacher", "lawyer", "engineer", "farmer", "baker", "soldier", "artist", "judge"],
        "feelings": ["happy", "sad", "angry", "afraid", "proud", "calm", "lonely", "curious", "jealous", "cheerful"],
    }
)
