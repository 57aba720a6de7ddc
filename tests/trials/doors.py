"""The house as gunicorn serves it, on a day that calendars of tests know: production settings from the environment."""

from config import Settings
from grievance.app import create_app
from tests.makers import Clock

application = create_app(Settings.read(), Clock())
