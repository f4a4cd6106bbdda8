# shellcheck shell=bash
install_packages containerd runc containernetworking-plugins

# Debian and Ubuntu keep the plugins in /usr/lib/cni; containerd, kubelet and most networks look in /opt/cni/bin.
mkdir -p /opt/cni/bin
for plugin in /usr/lib/cni/*; do
  if [ ! -e "/opt/cni/bin/${plugin##*/}" ]; then
    ln --symbolic --force "$plugin" "/opt/cni/bin/${plugin##*/}"
  fi
done
