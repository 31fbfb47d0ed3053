"""What the stages saw, as values: the observations of each subject, without the stages that make them."""
