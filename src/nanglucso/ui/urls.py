"""Home, search, theme and role switches, help."""

app_name = "ui"
urlpatterns: list = []
