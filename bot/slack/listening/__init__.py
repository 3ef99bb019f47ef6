"""What Slack tells us and what people press: recorded, acknowledged, decided."""
