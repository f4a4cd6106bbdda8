# shellcheck shell=bash
# The machine itself: names, addresses, routes, swap, modules, kernel settings.

own_addresses_by_name() {
  getent ahostsv4 "$(hostname)" | awk '{ print $1 }'
}

# Only swap lines, and of those no options: fstab may hold passwords of network shares.
swap_in_fstab() {
  awk '$1 !~ /^#/ && $3 == "swap" { print $1, $2, $3 }' /etc/fstab
}

# MODULE loaded|builtin|missing; MODULES is a list of names.
module_states() {
  local module
  for module in $MODULES; do
    if grep -qs "^$module " /proc/modules || [ -d "/sys/module/$module" ]; then
      echo "$module loaded"
    elif grep -qsE "/$module\.ko" "/lib/modules/$(uname -r)/modules.builtin"; then
      echo "$module builtin"
    # Their effects, where the kernel is shared and its list of modules is not to be seen.
    elif [ "$module" = overlay ] && grep -qw overlay /proc/filesystems; then
      echo "$module builtin"
    elif [ "$module" = br_netfilter ] && [ -d /proc/sys/net/bridge ]; then
      echo "$module builtin"
    else
      echo "$module missing"
    fi
  done
}

# KEY VALUE; a key without a value does not exist here.
sysctl_values() {
  local key
  for key in $SYSCTLS; do
    echo "$key $(cat "/proc/sys/${key//.//}" 2>/dev/null)"
  done
}

# What k8slab itself noted on the machine: whether it was set up to the end, and when it was reset.
own_notes() {
  [ ! -e /var/lib/k8slab/provisioned ] || echo provisioned
  [ ! -e /var/lib/k8slab/reset ] || echo "reset $(head -c 40 /var/lib/k8slab/reset)"
}

# When systemd began to start services, in seconds since 1970: a machine that shares its kernel has booted later than that.
booted() {
  local when
  when=$(TZ=UTC systemctl show --property UserspaceTimestamp --value)
  [ -z "$when" ] || date --date "$when" +%s
}

collect_system() {
  observe hostname 10 300 hostname
  observe own-addresses 10 4000 own_addresses_by_name &
  observe failed-units 10 20000 systemctl list-units --state=failed --plain --no-legend --no-pager &
  observe os-release 10 8000 cat /etc/os-release
  observe kernel 10 300 uname -r
  observe interfaces 10 2000000 ip -json address show
  observe routes 10 2000000 ip -json -4 route show table main
  observe swap 10 20000 cat /proc/swaps
  observe fstab-swap 10 20000 swap_in_fstab
  observe modules 10 20000 module_states
  observe sysctls 10 20000 sysctl_values
  observe own-notes 10 300 own_notes
  observe booted 10 100 booted
  observe clock 10 100 date +%s.%N
  wait
}
