"""Files dropped in a channel: taken in, judged, repaired, kept."""
