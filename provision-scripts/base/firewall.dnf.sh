# shellcheck shell=bash
open_firewalld

# SELinux has rules for containers in the package container-selinux, for runtimes and a kubelet that were installed as packages of the
# distribution. Those of this lab come from elsewhere, and pods of the cluster's own, such as a network's, write into folders of
# the machine. So it is permissive, as the documentation of kubeadm has it: it reports (ausearch -m AVC) and forbids nothing.
if command -v getenforce >/dev/null && [ "$(getenforce)" = Enforcing ]; then
  setenforce 0
  printf '    SELinux is permissive now\n'
fi
if grep --quiet --no-messages '^SELINUX=enforcing' /etc/selinux/config; then
  sed --in-place 's/^SELINUX=enforcing/SELINUX=permissive/' /etc/selinux/config
  printf '    SELinux stays permissive after a reboot\n'
fi
