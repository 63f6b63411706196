"""What a match rests on, in words for a person: one table for *explain* and for the page. Pure."""

from plexsync_plugin.core.match import BY_FOLDER, BY_NAME, BY_PATH, BY_PERSON, BY_SIZE

BEST_GUESS = 0  # stored as the grounds of a match that strict_matching would have refused

GROUNDS = {
    BY_PERSON: "the choice of a person",
    BY_PATH: "the exact path",
    BY_FOLDER: "the same name and size in a folder whose end agrees",
    BY_SIZE: "the same name and size",
    BY_NAME: "the same name; one of the sizes is not known",
    BEST_GUESS: "the best guess among several, for strict_matching is off",
}
