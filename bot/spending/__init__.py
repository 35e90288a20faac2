"""From a plan to money, once for all: votes, approval, budgets, ledger, the plan's token and its archive."""
