# syntax=docker/dockerfile:1
# PostgreSQL's own image, and Python for archiving the WAL as every other installation does
# (infra/backup/wal.py, standard library only). Its server runs under the product's number, so that
# one owner writes the copies, whoever makes them.
ARG BASE_IMAGE=postgres:18-bookworm
ARG BASE_DIGEST

FROM ${BASE_IMAGE}@${BASE_DIGEST}
ARG SOURCE_DATE_EPOCH
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/ldconfig \
    && groupmod -g 10001 postgres && usermod -u 10001 postgres \
    && mkdir -p /var/lib/okrug/postgres \
    && chown 10001:10001 /var/lib/okrug/postgres /var/run/postgresql
COPY infra /opt/okrug/infra
ENV PGDATA=/var/lib/okrug/postgres PYTHONPATH=/opt/okrug PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
VOLUME /var/lib/okrug/postgres
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["pg_isready", "-q", "-U", "postgres"]
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
