# The bot alone: no playground (.dockerignore leaves it out), no stand-ins, no tests. Configure it by environment (see the README's table).
FROM python:3.13-slim

RUN useradd --create-home --uid 10001 tunesmith
WORKDIR /app

COPY requirements-runtime.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-runtime.lock

COPY LICENSE README.md pyproject.toml ./
COPY bot ./bot
COPY handlers ./handlers
COPY storage ./storage

USER tunesmith
# Two malloc arenas: more of them only hold memory that threads have given back.
ENV PYTHONUNBUFFERED=1 TUNESMITH_HEALTH_PORT=8081 TUNESMITH_HEALTH_ADDRESS=0.0.0.0 MALLOC_ARENA_MAX=2
EXPOSE 3000 8081
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8081/healthz', timeout=5)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
