"""Classification: features, models, training."""
