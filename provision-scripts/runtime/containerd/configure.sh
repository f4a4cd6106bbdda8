# shellcheck shell=bash
# `containerd --version` prints: containerd <package> <version> <revision>
containerd_version=$(containerd --version | cut -d ' ' -f 3)
case ${containerd_version#v} in
  1.*) place containerd.v2.toml 0644 /etc/containerd/config.toml ;;
  *) place containerd.v3.toml 0644 /etc/containerd/config.toml ;;
esac
# crictl, where it is installed, shows a machine's containers also when the API does not answer.
place crictl.yaml 0644 /etc/crictl.yaml
mkdir -p /etc/containerd/certs.d /etc/containerd/conf.d /etc/cni/net.d

run_service containerd.service /etc/containerd/config.toml "$(command -v containerd)" "$(command -v runc)"
