"""System pages: jobs, audit, status, roles, health."""


app_name = "core"
urlpatterns: list = []
