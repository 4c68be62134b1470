"""The people of the demo company: logins, teams, roles."""

from django.contrib.auth.hashers import make_password

from core.history.context import acting
from core.models import Organisation, Role, Team, User
from core.services.setup import ensure_defaults
from core.services.teams import create_team
from demo.world import World

PASSWORD = "demo"  # noqa: S105  (printed by `make run`; production refuses demo logins)
LOGINS = (
    ("admin", "Amina Hassan", "Meridian"),
    ("manager", "Mira Castellanos", "Sales"),
    ("sales", "Tomás Vega", "Sales Nordics"),
    ("service", "Katarzyna Wójcik", "Service"),
    ("marketing", "Søren Aakjær", "Marketing"),
    ("readonly", "Grace Bennett", "Meridian"),
)
TEAMS = (
    ("Meridian", ""),
    ("Sales", "Meridian"),
    ("Sales Nordics", "Sales"),
    ("Sales DACH", "Sales"),
    ("Service", "Meridian"),
    ("Marketing", "Meridian"),
)
SELLERS = (
    ("Jonas Feld", "Sales DACH"),
    ("Nguyễn Thị Hạnh", "Sales DACH"),
    ("Astrid Sjöberg", "Sales Nordics"),
    ("Lars Myhre", "Sales Nordics"),
)


def seed_staff(world: World) -> None:
    """Six logins (password `demo`), four more sellers without one, six teams."""
    ensure_defaults(actor=None)
    Organisation.objects.filter(pk=1).update(
        name="Meridian Demo", postal_address="Meridian Demo\nHafenstraße 1\n20457 Hamburg\nGermany"
    )
    for name, parent in TEAMS:
        world.teams[name] = create_team(actor=None, name=name, parent=world.teams.get(parent))
    hashed = make_password(PASSWORD)
    with acting(None, cause="seed"):
        users = {key: _login(key, name, world.teams[team], hashed) for key, name, team in LOGINS}
        sellers = [_seller(name, world.teams[team]) for name, team in SELLERS]
    world.sellers = [users["sales"], users["manager"], *sellers]
    world.agents = [users["service"]]
    world.marketers = [users["marketing"]]


def _login(key: str, name: str, team: Team, hashed: str) -> User:
    user = User.objects.create(
        email=f"{key}@demo.example",
        name=name,
        team=team,
        password=hashed,
        is_staff=key == "admin",
        is_superuser=key == "admin",
    )
    user.roles.add(Role.objects.get(key=key))
    return user


def _seller(name: str, team: Team) -> User:
    user = User(name=name, team=team)
    user.set_unusable_password()
    user.save()
    user.roles.add(Role.objects.get(key="sales"))
    return user
