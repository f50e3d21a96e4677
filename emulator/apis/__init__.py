"""The services that the stand-in plays, one file each."""
