# shellcheck shell=bash

# interface_of ADDRESS: prints the name of the interface that has this address. Names differ from box to box (eth1,
# enp0s8, ens6), so nothing in a lab relies on one.
interface_of() {
  ip -oneline -4 address show |
    awk -v wanted="$1" '{ split($4, part, "/") } part[1] == wanted { print $2; found = 1; exit } END { exit !found }'
}

# in_container: whether this machine is a system container, which shares its kernel with the host.
in_container() {
  systemd-detect-virt --container --quiet
}
