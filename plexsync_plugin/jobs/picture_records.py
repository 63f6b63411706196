"""All that sync knows of pictures, in one object. Owns no statement: each table's module does."""

from plexsync_plugin.jobs.covers import SceneCovers
from plexsync_plugin.jobs.images import Images
from plexsync_plugin.jobs.photos import Photos


class PictureRecords(Images, SceneCovers, Photos):
    """Pictures given to items, scenes' covers as last answered, performers' photos."""
