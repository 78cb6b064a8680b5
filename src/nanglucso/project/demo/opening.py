"""The demo's data for others: a release of open data that everybody may read, and a token of the city's warehouse."""

from nanglucso.govern.exchange import services
from nanglucso.project.demo.year import City

READS = ["units", "positions", "framework", "gaps", "hours", "plan-classes"]


def release(city: City, day: float) -> None:
    """The officer releases the figures, the administrator opens the page and issues a token that nobody holds."""
    at, admin = city.at(day), city.logins["admin"]
    made = services.make_release(actor=city.logins["training"], at=at)
    services.set_public(actor=admin, is_open=True, at=at)
    services.issue_token(actor=admin, name="Kho dữ liệu dùng chung", resources=READS, unit=None, days=365, at=at)
    city.say(f"open data released, {made.hidden} counts kept back")
