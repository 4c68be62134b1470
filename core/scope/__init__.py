"""The one gate for rows: `Model.objects.visible_to(user, action)`. See README.md."""
