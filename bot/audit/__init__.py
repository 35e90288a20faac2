"""The audit: who decided what, where, why, and what came of it; chained, so that nobody changes it unseen."""
