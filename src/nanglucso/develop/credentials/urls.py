"""Pages of this room."""

app_name = "credentials"
urlpatterns: list = []
