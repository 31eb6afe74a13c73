"""What it means, in sentences and as data."""
