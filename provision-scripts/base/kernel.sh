# shellcheck shell=bash
modules_here=yes
while read -r module; do
  modprobe "$module" 2>/dev/null && continue
  if ! in_container; then
    printf 'The kernel module %s cannot be loaded. The kernel %s may lack it: try a newer box.\n' \
      "$module" "$(uname -r)" >&2
    exit 1
  fi
  # Modules belong to the host. Look whether what they do is there.
  modules_here=no
  case $module in
    br_netfilter) proof=/proc/sys/net/bridge/bridge-nf-call-iptables ;;
    *) proof=/sys/module/$module ;;
  esac
  if [ -e "$proof" ] || grep --quiet --word-regexp "$module" /proc/filesystems; then
    printf '    %s: the kernel of the host has it\n' "$module"
  else
    printf 'The kernel of the host lacks %s. On the host: modprobe %s\n' "$module" "$module" >&2
    exit 1
  fi
done < <(grep --invert-match '^#' /tmp/k8slab/files/kernel-modules.conf)
if [ "$modules_here" = yes ]; then
  place kernel-modules.conf 0644 /etc/modules-load.d/k8slab.conf
fi

place kernel-settings.conf 0644 /etc/sysctl.d/99-k8slab.conf
while read -r key _ value; do
  [ "$(sysctl --values "$key" 2>/dev/null)" = "$value" ] && continue
  sysctl --quiet --write "$key=$value" 2>/dev/null && continue
  if in_container; then
    printf '    %s is a setting of the host, which has: %s\n' "$key" "$(sysctl --values "$key" 2>&1)"
  else
    printf 'The kernel setting %s cannot be set to %s.\n' "$key" "$value" >&2
    exit 1
  fi
done < <(grep --invert-match '^#' /tmp/k8slab/files/kernel-settings.conf)
