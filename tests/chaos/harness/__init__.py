"""The chaos harness: the bot as real processes, a fault proxy at every one of its exits, people, and a checker.

``Playground`` has the stand-ins, a private Redis and the replicas; each replica reaches Slack, AWS and Redis through
proxies of its own, which name every call, count it, and do at it what a ``Scheme`` says. ``Journey`` is what people do.
``stores`` is what may happen to Redis, ``front_door`` how Slack's requests come in by HTTP. Afterwards
``checker.violations`` reads the stand-ins' own logs; ``allowances`` names what may differ. Shared by the tests and by
``benchmarks/chaos.py``.
"""
