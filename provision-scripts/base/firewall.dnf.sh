# shellcheck shell=bash
if systemctl is-enabled --quiet firewalld.service 2>/dev/null || systemctl is-active --quiet firewalld.service; then
  systemctl disable --now --quiet firewalld.service
  printf '    turned firewalld off\n'
fi

# SELinux would need policies for every container; the documentation of kubeadm sets it to permissive: it only reports.
if command -v getenforce >/dev/null && [ "$(getenforce)" = Enforcing ]; then
  setenforce 0
  printf '    SELinux is permissive now\n'
fi
if grep --quiet --no-messages '^SELINUX=enforcing' /etc/selinux/config; then
  sed --in-place 's/^SELINUX=enforcing/SELINUX=permissive/' /etc/selinux/config
  printf '    SELinux stays permissive after a reboot\n'
fi
