# shellcheck shell=bash
if in_container; then
  echo '    the clock is the business of the host: this machine is a container'
else
  install_packages chrony
  place chrony.conf 0644 /etc/chrony.d/k8slab.conf
  if ! grep --quiet '^confdir /etc/chrony.d$' /etc/chrony.conf; then
    echo 'confdir /etc/chrony.d' >>/etc/chrony.conf
  fi
  run_service chronyd.service /etc/chrony.conf /etc/chrony.d/k8slab.conf
fi
