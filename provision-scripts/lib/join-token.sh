# shellcheck shell=bash

# with_token FILE: fills the lab's join token into a configuration file of kubeadm, and prints the path of the result,
# which only root can read.
with_token() {
  local token text target=/etc/kubernetes/k8slab/$1
  token=$(cat /tmp/k8slab/secrets/node/bootstrap-token)
  if [[ ! $token =~ ^[a-z0-9]{6}\.[a-z0-9]{16}$ ]]; then
    echo 'The secret node/bootstrap-token did not reach this machine in the form abcdef.0123456789abcdef.' >&2
    return 1
  fi
  text=$(cat "/tmp/k8slab/files/$1")
  install --directory --mode 0700 /etc/kubernetes/k8slab
  (umask 077 && printf '%s\n' "${text//@BOOTSTRAP_TOKEN@/$token}" >"$target")
  printf '%s\n' "$target"
}

# cluster_open ENDPOINT: whether the API answers and tells strangers with a token about itself. Nothing is believed here:
# kubeadm checks the authority by its hash.
cluster_open() {
  curl --insecure --fail --silent --max-time 5 "https://$1/livez" &&
    curl --insecure --fail --silent --max-time 5 "https://$1/api/v1/namespaces/kube-public/configmaps/cluster-info" |
    grep --quiet jws-kubeconfig-
}

# wait_for_cluster ENDPOINT: waits until machines can join, and says what to look at when that takes too long.
wait_for_cluster() {
  wait_for 900 "the API at https://$1" cluster_open "$1" && return 0
  printf 'Set up the first control plane (k8slab provision), then this machine again. From here: curl -k https://%s/livez\n' "$1" >&2
  return 1
}
