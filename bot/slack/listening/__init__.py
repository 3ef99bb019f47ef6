"""What Slack tells us and what people type and press: recorded, acknowledged, decided."""
