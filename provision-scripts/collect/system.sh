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

collect_system() {
  observe hostname 2 300 hostname
  observe own-addresses 5 4000 own_addresses_by_name &
  observe failed-units 5 20000 systemctl list-units --state=failed --plain --no-legend --no-pager &
  observe os-release 2 8000 cat /etc/os-release
  observe kernel 2 300 uname -r
  observe interfaces 3 2000000 ip -json address show
  observe routes 3 2000000 ip -json -4 route show table main
  observe swap 2 20000 cat /proc/swaps
  observe fstab-swap 2 20000 swap_in_fstab
  observe modules 3 20000 module_states
  observe sysctls 3 20000 sysctl_values
  observe clock 2 100 date +%s.%N
  wait
}
