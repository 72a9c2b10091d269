#!/bin/sh
# Make the secrets of one server in infra/compose/secrets, once; what is there is never overwritten.
# Run as root, beside the .env. Nothing is printed; keep a copy of the folder in a safe.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets

random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

for name in database_superuser database_migrator database_web database_backup broker; do
    [ -s "secrets/$name" ] || random > "secrets/$name"
done
web=$(cat secrets/database_web) migrator=$(cat secrets/database_migrator)
backup=$(cat secrets/database_backup) broker=$(cat secrets/broker)

# What every process of the product is given.
[ -s secrets/okrug.env ] || cat > secrets/okrug.env <<END
SECRET_KEY=$(random)$(random)
OKRUG_IDENTITY_KEY=$(random)$(random)
DATABASE_URL=postgresql://okrug_web:$web@postgres:5432/okrug
BROKER_URL=redis://:$broker@broker:6379/0
OKRUG_SMTP_PASSWORD=
END
# What migrations and backups are given besides.
[ -s secrets/admin.env ] || cat > secrets/admin.env <<END
DATABASE_ADMIN_URL=postgresql://okrug_migrator:$migrator@postgres:5432/okrug
OKRUG_BACKUP_URL=postgresql://okrug_backup:$backup@postgres:5432/okrug
END

# Files are read inside the containers, under the numbers that work there.
if [ "$(id -u)" = 0 ]; then
    chown 10001:10001 secrets/database_*
    chown 999:999 secrets/broker
    for name in tls.crt tls.key; do [ ! -f "secrets/$name" ] || chown 101:101 "secrets/$name"; done
fi
