"""Pages of this room."""

app_name = "profiles"
urlpatterns: list = []
