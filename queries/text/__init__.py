"""Values as text and text as values, on their way out of the store and back."""
