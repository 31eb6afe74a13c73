"""What the user gets: terminal, JSON, report, folder."""
