"""What a report says of itself: issuer, place, names."""
