"""Not served yet."""

from .wire import Route

ROUTES: list[Route] = []
