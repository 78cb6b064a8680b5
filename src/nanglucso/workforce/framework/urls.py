"""Pages of this room."""

app_name = "framework"
urlpatterns: list = []
