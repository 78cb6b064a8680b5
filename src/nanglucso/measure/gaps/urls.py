"""Pages of this room."""

app_name = "gaps"
urlpatterns: list = []
