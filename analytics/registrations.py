"""What analytics hands to core's registries."""

from analytics import jobs  # noqa: F401  (registering the job kinds is the import's purpose)
from core.registries import grants
from core.registries.grants import FULL, READ, A, N

grants.register("model_run", manager=(A, A, N, N, N), sales=READ, marketing=READ, analyst=FULL, readonly=READ)
