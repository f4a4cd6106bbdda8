# shellcheck shell=bash
# A try to start the cluster that stopped half-way goes on with the next step; one to join goes on with this one.
notes=/etc/kubernetes/k8slab
if [ ! -e "$notes/initialized" ] && [ ! -e "$notes/joined" ] &&
  { [ -e "$notes/rejoins" ] || [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; }; then
  living=''
  while read -r address name; do
    if [ "$address" != "$NODE_ADDRESS" ] && cluster_open "$address:$API_SERVER_PORT" >/dev/null; then living=$name; fi
  done <<<"$CONTROL_PLANES"
  if [ -n "$living" ]; then
    printf '    the cluster goes on without this machine: %s answers\n' "$living"
    config=$(with_token kubeadm-join-control-plane.yaml)
    touch "$notes/rejoins"
    retry 5 join_control_plane "$config"
    touch "$notes/joined"
  fi
fi
