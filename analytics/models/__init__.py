from analytics.models.runs import ModelRun

__all__ = ["ModelRun"]
