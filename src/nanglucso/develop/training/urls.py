"""Pages of this room."""

app_name = "training"
urlpatterns: list = []
