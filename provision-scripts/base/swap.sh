# shellcheck shell=bash
if in_container; then
  echo '    swap is the business of the host: this machine is a container'
else
  # No swap unit of systemd starts any more, be it from fstab or found on a disk.
  if [ "$(systemctl is-enabled swap.target 2>/dev/null || true)" != masked ]; then
    systemctl mask --quiet swap.target
  fi
  if [ -n "$(swapon --noheadings --show=NAME)" ]; then
    swapoff --all
    echo '    swap is off'
  fi
fi

# Swap lines of fstab become comments.
if [ -f /etc/fstab ]; then
  awk '$1 !~ /^#/ && $3 == "swap" { print "# k8slab: no swap: " $0; next } { print }' /etc/fstab | place_text 0644 /etc/fstab
fi
