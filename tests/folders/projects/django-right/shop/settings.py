SECRET_KEY = "for a test"
INSTALLED_APPS = ["django.contrib.contenttypes", "people"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
