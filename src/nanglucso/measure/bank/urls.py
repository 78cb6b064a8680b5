"""Pages of this room."""

app_name = "bank"
urlpatterns: list = []
