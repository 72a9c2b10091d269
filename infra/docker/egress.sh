#!/bin/sh
# Start Squid with a list of `host:port`, one a line, as `manage.py residency --egress` prints it.
# Usage: egress LIST            become the proxy on port 3128
#        egress --print LIST    only print its settings
# A line that is not a plain host with a port stops the start: a list read wrongly is a hole.
set -eu

if [ "${1:-}" = "--print" ]; then only_print=yes; shift; else only_print=; fi
list=$1

settings() {
    cat <<-END
	http_port ${EGRESS_PORT:-3128}
	visible_hostname egress
	acl CONNECT method CONNECT
	END
    number=0
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%%#*}
        line=$(printf '%s' "$line" | tr -d ' \t\r')
        [ -n "$line" ] || continue
        if ! printf '%s' "$line" | grep -Eq '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*:[0-9]{1,5}$'; then
            echo "Перечень выходов: строка «$line» — не узел:порт строчными буквами, без звёздочек." >&2
            return 2
        fi
        number=$((number + 1))
        # -n: an address instead of a name is not looked up, so it never matches a listed name.
        echo "acl host$number dstdomain -n ${line%:*}"
        echo "acl port$number port ${line##*:}"
        echo "http_access allow CONNECT host$number port$number"
    done < "$list"
    # Nothing is kept, nothing of the address beyond the host is known, nothing tells of the asker.
    cat <<-END
	http_access deny all
	cache deny all
	cache_mem 0
	memory_pools off
	forwarded_for delete
	httpd_suppress_version_string on
	access_log stdio:/dev/stdout
	cache_log stdio:/dev/stderr
	logfile_rotate 0
	pid_filename none
	coredump_dir /tmp
	pinger_enable off
	shutdown_lifetime 5 seconds
	connect_timeout 10 seconds
	max_filedescriptors 1024
	END
}

config=$(settings) || exit 2
if [ -n "$only_print" ]; then
    printf '%s\n' "$config"
    exit 0
fi
file=$(mktemp /tmp/squid.XXXXXX)
printf '%s\n' "$config" > "$file"
exec squid --foreground -f "$file"
