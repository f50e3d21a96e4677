"""Places, and the dialogs that open over them."""
