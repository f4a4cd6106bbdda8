# shellcheck shell=bash
# Also needed after a reset, which removes everything below /etc/kubernetes/pki.
place_authorities() {
  local authorities=/tmp/k8slab/secrets/control-plane/pki pki=/etc/kubernetes/pki file
  install --directory --mode 0700 "$pki" "$pki/etcd"
  for file in ca.crt ca.key front-proxy-ca.crt front-proxy-ca.key sa.key sa.pub etcd/ca.crt etcd/ca.key; do
    if [ ! -s "$authorities/$file" ]; then
      printf 'The secret control-plane/pki/%s did not reach this machine. Run: k8slab render && k8slab provision\n' "$file" >&2
      return 1
    fi
    cmp --silent "$authorities/$file" "$pki/$file" && continue
    if [ "$file" = ca.crt ] && [ -e /etc/kubernetes/kubelet.conf ]; then
      echo 'This machine belongs to a cluster with another authority than that of the lab folder.' >&2
      echo 'Make the machines of the lab anew: k8slab destroy && k8slab up' >&2
      return 1
    fi
    install --mode 0600 "$authorities/$file" "$pki/$file"
    printf '    wrote %s\n' "$pki/$file"
  done
}
place_authorities
