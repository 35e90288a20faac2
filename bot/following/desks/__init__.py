"""What people want, written down: one desk a topic. Desks write ``spec``; only reconcilers write ``status``."""
