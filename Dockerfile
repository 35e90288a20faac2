# syntax=docker/dockerfile:1
# The bot alone: no playground (.dockerignore leaves it out), no stand-ins, no tests. Configure it by environment
# (docs/reference/settings.md). The base is named by the digest of its index, for all processors, so that a build can be
# repeated; renovate raises it (.github/renovate.json).
ARG PYTHON=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${PYTHON} AS packages
COPY requirements-runtime.lock /
RUN python -m venv /opt/venv && \
    /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements-runtime.lock && \
    /opt/venv/bin/python -m pip uninstall --yes --quiet pip

FROM ${PYTHON}
# By number, so that Kubernetes can see that it is not root. It owns nothing of what it runs, and its home is where it cannot
# write: AWS's SDK looks there for settings, which name programs to run, and /tmp keeps what earlier processes left.
RUN groupadd --gid 10001 tunesmith && \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin tunesmith
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY LICENSE README.md pyproject.toml ./
COPY bot ./bot
COPY handlers ./handlers
COPY storage ./storage
# Compiled here, since nothing is written at run time: the root file system may be read-only, but for /tmp.
RUN ["/opt/venv/bin/python", "-m", "compileall", "-q", "bot", "handlers", "storage"]

# It is found from any folder, such as one with files to judge, and nothing in that is taken for it. Two malloc arenas: more
# of them only hold memory that threads have given back.
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 \
    TUNESMITH_HEALTH_PORT=8081 TUNESMITH_HEALTH_ADDRESS=0.0.0.0
USER 10001:10001
# What Fargate mounts belongs to root alone, unless the image declares it: then it is as it is here, everybody's
# (docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html).
VOLUME ["/tmp"]
EXPOSE 3000 8081
# Past any proxy that the bot is given for Slack and AWS: it knows nothing of this container.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['TUNESMITH_HEALTH_PORT'] + '/healthz', timeout=5)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
