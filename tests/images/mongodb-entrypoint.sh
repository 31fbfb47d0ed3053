#!/bin/bash
# What the official image's entrypoint does with the same variables. There is no mongosh in here: the administrator is
# made by one message of the wire protocol, which the server takes from its own machine as long as it has no user.
set -eu
export LC_ALL=C
user=${MONGO_INITDB_ROOT_USERNAME:-}
password=${MONGO_INITDB_ROOT_PASSWORD:-}

case "${1:-}" in
'' | -*) ;;
mongod) shift ;;
*) exec "$@" ;;
esac

# A number of 32 bits and a string, as BSON has them, in the notation of `printf %b`.
number() {
    printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

string() {
    printf '\\x02%s\\0%s%s\\0' "$1" "$(number $((${#2} + 1)))" "${2//\\/\\\\}"
}

bytes() {
    printf %b "$1" | wc -c
}

document() {
    printf '%s%s\\0' "$(number $(($(bytes "$1") + 5)))" "$1"
}

# {createUser: …, pwd: …, roles: ["root"], $db: "admin"} in an OP_MSG.
message() {
    local body
    body=$(string createUser "$user")$(string pwd "$password")
    body=$body"\\x04roles\\0"$(document "$(string 0 root)")$(string '$db' admin)
    body='\0\0\0\0\0'$(document "$body")
    printf '%s%s%s%s%s' "$(number $(($(bytes "$body") + 16)))" "$(number 1)" "$(number 0)" "$(number 2013)" "$body"
}

# The reply to a success, {ok: 1.0}, has 38 bytes; to anything else it is longer.
admit() {
    until exec 3<>/dev/tcp/127.0.0.1/27017; do
        sleep 0.02
    done 2>/dev/null
    printf %b "$(message)" >&3
    case $(head -c 1 <&3) in
    '&') ;;
    *) echo 'Error: the root user could not be made.' >&2 ;;
    esac
}

member() {
    case " $* " in *' --replSet '*) true ;; *) false ;; esac
}

if [ -n "$user" ] && [ -n "$password" ]; then
    if [ ! -e /data/db/WiredTiger ] && member "$@"; then # a member has no primary yet, which takes users
        "$MONGOD" --dbpath /data/db --bind_ip 127.0.0.1 --quiet >/dev/null &
        admit
        exec 3>&-
        kill %1
        wait
    elif [ ! -e /data/db/WiredTiger ]; then
        admit &
    fi
    set -- --auth "$@"
fi
exec "$MONGOD" --dbpath /data/db --bind_ip_all "$@"
