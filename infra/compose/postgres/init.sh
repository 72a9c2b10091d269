#!/bin/sh
# The database, the roles and the schema ext (infra/postgres/roles.sql), and the roles' passwords out
# of the secrets' files. Runs once, on an empty folder of data.
set -eu
secrets=${OKRUG_SECRETS:-/run/secrets}

run() { psql -v ON_ERROR_STOP=1 --no-psqlrc -q --username postgres "$@"; }

run --dbname postgres --command "CREATE DATABASE okrug"
run --dbname okrug --file "${OKRUG_ROLES:-/etc/okrug/roles.sql}"
run --dbname okrug \
    -v migrator="$(cat "$secrets/database_migrator")" \
    -v web="$(cat "$secrets/database_web")" \
    -v backup="$(cat "$secrets/database_backup")" <<'SQL'
ALTER ROLE okrug_migrator PASSWORD :'migrator';
ALTER ROLE okrug_web PASSWORD :'web';
ALTER ROLE okrug_backup PASSWORD :'backup';
SQL
# The image lets in by password over the network, but nobody replicates: the backups do.
echo "host replication okrug_backup samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
