"""`make bench`: what things cost, as ratios within this run. Shows, and judges nothing: machines differ."""

from bench import bulk_cost, edit_cost, hook_cost
from bench.measuring import show

if __name__ == "__main__":
    show("Hook, whole process, median", hook_cost.measure())
    show("One edit", edit_cost.measure())
    show("Many edits, Plex answering after 5 ms", bulk_cost.measure())
