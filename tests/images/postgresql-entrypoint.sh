#!/bin/sh
# What the official image's entrypoint does with the same variables, on a data directory that is initialised already.
set -eu
: "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"

case "${1:-}" in
'' | -*) set -- postgres "$@" ;;
esac
if [ "$1" != postgres ]; then
    exec "$@"
fi

if [ ! -e "$PGDATA/.ready" ]; then
    if [ -z "${POSTGRES_PASSWORD:-}" ]; then
        echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
        exit 1
    fi
    {
        if [ "$POSTGRES_USER" != postgres ]; then
            printf 'CREATE ROLE "%s" SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS LOGIN;\n' "$POSTGRES_USER"
        fi
        printf 'ALTER ROLE "%s" PASSWORD $password$%s$password$;\n' "$POSTGRES_USER" "$POSTGRES_PASSWORD"
        if [ "$POSTGRES_DB" != postgres ]; then
            printf 'CREATE DATABASE "%s" OWNER "%s";\n' "$POSTGRES_DB" "$POSTGRES_USER"
        fi
    } | postgres --single -j -D "$PGDATA" -c fsync=off postgres >/dev/null
    : >"$PGDATA/.ready"
fi
exec "$@"
