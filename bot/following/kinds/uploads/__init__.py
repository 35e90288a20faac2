"""Files that people share: fetched, judged, kept, answered; repaired on a press."""
