# shellcheck shell=bash
if in_container; then
  echo '    the clock is the business of the host: this machine is a container'
else
  install_packages chrony
  place chrony.conf 0644 /etc/chrony/conf.d/k8slab.conf
  run_service chrony.service /etc/chrony/conf.d/k8slab.conf
fi
