"""Pages of this room."""

app_name = "people"
urlpatterns: list = []
