"""What administrators set up for mailings."""

from django.contrib import admin

from marketing.models import Topic


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    """Topics that people subscribe to and leave."""

    list_display = ("name", "key", "description")
    prepopulated_fields = {"key": ("name",)}
