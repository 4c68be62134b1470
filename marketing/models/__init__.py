from marketing.models.campaigns import Campaign, Topic, Variant
from marketing.models.ledger import Engagement, Recipient

__all__ = ["Campaign", "Engagement", "Recipient", "Topic", "Variant"]
