# shellcheck shell=bash
if ! has_package containerd && ! dnf --quiet list --available containerd >/dev/null 2>&1; then
  {
    echo 'This distribution has no package containerd (Rocky 9 has none).'
    echo 'Say in lab.yaml:  runtime: {name: containerd, install: upstream}  and run: k8slab render'
  } >&2
  exit 1
fi
install_packages containerd runc containernetworking-plugins

# The distribution keeps the plugins in /usr/libexec/cni; containerd, kubelet and most networks look in /opt/cni/bin.
mkdir -p /opt/cni/bin
for plugin in /usr/libexec/cni/*; do
  if [ ! -e "/opt/cni/bin/${plugin##*/}" ]; then
    ln --symbolic --force "$plugin" "/opt/cni/bin/${plugin##*/}"
  fi
done
