# One image for every process: web, worker, beat and migrations differ in their command alone.
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements.txt requirements-s3.txt local/bootstrap.txt ./
RUN .venv/bin/pip install --no-cache-dir --require-hashes -r bootstrap.txt \
    && .venv/bin/uv pip install --python .venv/bin/python --no-cache -r requirements.txt -r requirements-s3.txt
COPY . .
# The browser's files are built here, so the image that runs needs neither npm nor the network.
RUN .venv/bin/python -m frontend.build \
    && .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules

FROM python:3.13-slim
WORKDIR /app
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app crm && install -d -o crm /data
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 CRM_ENV=production CRM_DATA=/data MEDIA_ROOT=/data/media
USER crm
EXPOSE 8000
CMD ["gunicorn", "crm_project.wsgi:application", "--bind", "0.0.0.0:8000", "--preload", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
     "--timeout", "120", "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
