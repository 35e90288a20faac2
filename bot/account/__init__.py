"""The account reconciled with what the store knows."""
