# shellcheck shell=bash

# remove_rules PATTERN…: takes chains and rules out of iptables whose text matches one of the extended regular expressions. Rules
# of others stay as they are.
remove_rules() {
  local pattern tool rules kept
  pattern=$(IFS='|' && printf '%s' "$*")
  # Each form keeps rules of its own; which one a program took is a matter of its image.
  for tool in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
    command -v "$tool-save" >/dev/null || continue
    # Merely asked, the old form would load its module.
    if [[ $tool == iptables-legacy && ! -s /proc/net/ip_tables_names ]]; then continue; fi
    if [[ $tool == ip6tables-legacy && ! -s /proc/net/ip6_tables_names ]]; then continue; fi
    rules=$("$tool-save" 2>/dev/null) || continue
    kept=$(grep --invert-match --extended-regexp "$pattern" <<<"$rules" || true)
    if [ "$kept" != "$rules" ]; then
      "$tool-restore" <<<"$kept"
      printf '    took %s lines out of %s\n' "$(($(wc --lines <<<"$rules") - $(wc --lines <<<"$kept")))" "$tool"
    fi
  done
}

# remove_sets PATTERN: destroys the sets of addresses (ipset) whose names match. Rules that use them must be gone.
remove_sets() {
  local name
  command -v ipset >/dev/null || return 0
  for name in $(ipset list -name | grep --extended-regexp "$1"); do
    ipset destroy "$name"
    printf '    removed the set %s\n' "$name"
  done
}

# remove_tables NAME…: deletes tables of nftables, whatever their family.
remove_tables() {
  local family name wanted
  command -v nft >/dev/null || return 0
  while read -r _ family name; do
    for wanted in "$@"; do
      if [ "$name" = "$wanted" ]; then
        nft delete table "$family" "$name"
        printf '    removed the table %s %s\n' "$family" "$name"
      fi
    done
  done < <(nft list tables)
}

# remove_links PATTERN: deletes the network interfaces whose names match.
remove_links() {
  local name
  for name in $(ip -oneline link show | awk -F ': ' '{ sub("@.*", "", $2); print $2 }' | grep --extended-regexp "$1"); do
    # The other end of a pair goes with its first one.
    if ip link delete "$name" 2>/dev/null; then printf '    removed the interface %s\n' "$name"; fi
  done
}

# remove_files PATH…: deletes files and folders that are there.
remove_files() {
  local path
  for path in "$@"; do
    if [ -e "$path" ] || [ -L "$path" ]; then
      rm --recursive --force "$path"
      printf '    removed %s\n' "$path"
    fi
  done
}

# stop_units UNIT…: stops units of systemd and starts them at no boot any more.
stop_units() {
  local unit
  for unit in "$@"; do
    if systemctl cat "$unit" >/dev/null 2>&1; then
      systemctl disable --now --quiet "$unit"
      printf '    stopped %s\n' "$unit"
    fi
  done
}
