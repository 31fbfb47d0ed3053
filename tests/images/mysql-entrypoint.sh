#!/bin/sh
# What the official images' entrypoints do with the same variables, on a data directory that is initialised already.
# SERVER is the program; MariaDB's image takes the variables under both names.
set -eu
password=${MARIADB_ROOT_PASSWORD:-${MYSQL_ROOT_PASSWORD:-}}
host=${MARIADB_ROOT_HOST:-${MYSQL_ROOT_HOST:-%}}
database=${MARIADB_DATABASE:-${MYSQL_DATABASE:-}}
user=${MARIADB_USER:-${MYSQL_USER:-}}
user_password=${MARIADB_PASSWORD:-${MYSQL_PASSWORD:-}}
data=/var/lib/mysql
first=/tmp/first.sql

case "${1:-}" in
'' | -*) ;;
*) exec "$@" ;;
esac

text() {
    printf "'%s'" "$(printf %s "$1" | sed "s/[\\\\']/\\\\&/g")"
}

# Each statement on a line of its own: the server reads the file so, before it listens.
statements() {
    echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(text "$password");"
    echo "DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1';"
    if [ "$host" != localhost ]; then
        echo "CREATE USER 'root'@$(text "$host") IDENTIFIED BY $(text "$password");"
        echo "GRANT ALL ON *.* TO 'root'@$(text "$host") WITH GRANT OPTION;"
    fi
    if [ -n "$database" ]; then
        echo "CREATE DATABASE \`$database\`;"
    fi
    if [ -n "$user" ]; then
        echo "CREATE USER $(text "$user")@'%' IDENTIFIED BY $(text "$user_password");"
        [ -z "$database" ] || echo "GRANT ALL ON \`$database\`.* TO $(text "$user")@'%';"
    fi
}

if [ ! -e "$first" ]; then
    if [ -z "$password" ]; then
        echo 'Error: Database is uninitialized and password option is not specified.' >&2
        exit 1
    fi
    statements >"$first"
    set -- --init-file="$first" "$@"
fi
exec "$SERVER" --no-defaults --datadir="$data" --socket=/run/mysqld/mysqld.sock --pid-file=/run/mysqld/mysqld.pid \
    --tmpdir=/tmp --secure-file-priv=/var/lib/mysql-files "$@"
