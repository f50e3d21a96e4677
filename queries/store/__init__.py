"""The store itself: its file or shared catalogue, its tables, its journal, its maintenance."""
