-- What a superuser runs once, before the first `migrate_public`. `psql -d okrug -f roles.sql`, after
-- CREATE DATABASE okrug; the same is done by infra/local/bootstrap.py for the embedded server.
-- Passwords are set by the operator: \password okrug_web and so on.
CREATE ROLE okrug_migrator LOGIN CREATEROLE NOSUPERUSER;
CREATE ROLE okrug_backup LOGIN REPLICATION NOSUPERUSER;
SET ROLE okrug_migrator;  -- from 16 on only a role's maker may alter it
CREATE ROLE okrug_web LOGIN NOINHERIT;
RESET ROLE;
ALTER DATABASE okrug OWNER TO okrug_migrator;
CREATE SCHEMA ext;
GRANT USAGE ON SCHEMA ext TO PUBLIC;
CREATE EXTENSION btree_gist SCHEMA ext;
CREATE EXTENSION pg_trgm SCHEMA ext;
-- Closing a segment of WAL, so that everything committed reaches the archive before a restoring.
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO okrug_backup;
GRANT EXECUTE ON FUNCTION pg_create_restore_point(text) TO okrug_backup;
