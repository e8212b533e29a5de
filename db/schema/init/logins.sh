#!/bin/bash
# Runs once, when the postgres image makes its cluster (mounted into /docker-entrypoint-initdb.d, which sources or executes it):
# gives each of the three roles a login. What a role may do is granted later, by the migrations (db/roles.sql).
# Each password comes from the environment, or from the file that NAME_FILE names (a mounted secret).
(
  set -euo pipefail
  for role in writer estimator metrics; do
    name="SHEPHERD_${role^^}_PASSWORD"
    file="${name}_FILE"
    password="${!name:-}"
    if [ -z "$password" ] && [ -n "${!file:-}" ]; then password="$(cat "${!file}")"; fi
    if [ -z "$password" ]; then
      echo "The database needs a password for the role shepherd_$role: set $name, or $file to a file that holds it." >&2
      exit 1
    fi
    PASSWORD="$password" psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
      --dbname "${POSTGRES_DB:-$POSTGRES_USER}" --set role="shepherd_$role" <<'SQL'
\getenv password PASSWORD
SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN PASSWORD :'password';
SQL
  done
)
