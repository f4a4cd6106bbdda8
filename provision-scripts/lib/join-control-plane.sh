# shellcheck shell=bash

# A member of etcd that lost its data must go before it may come again, and kubeadm only takes back those whose node has
# registered. Another member is asked, in JSON: https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
leave_etcd() {
  local pki=/etc/kubernetes/pki/etcd address name member ask
  if [ ! -s "$pki/healthcheck-client.key" ]; then
    kubeadm init phase certs etcd-healthcheck-client --kubernetes-version "v$KUBERNETES_VERSION" >/dev/null || return 0
  fi
  while read -r address name; do
    [ "$address" = "$NODE_ADDRESS" ] && continue
    ask=(curl --silent --fail --max-time 10 --cacert "$pki/ca.crt"
      --cert "$pki/healthcheck-client.crt" --key "$pki/healthcheck-client.key")
    member=$("${ask[@]}" --data '{}' "https://$address:2379/v3/cluster/member/list" | tr '{' '\n' |
      grep --fixed-strings "\"https://$NODE_ADDRESS:2380\"" | grep --only-matching '"ID":"[0-9]*"') || continue
    if "${ask[@]}" --output /dev/null --data "{$member}" "https://$address:2379/v3/cluster/member/remove"; then
      printf '    %s took an earlier member of this machine out of etcd\n' "$name"
      return 0
    fi
  done <<<"$CONTROL_PLANES"
}

# join_control_plane CONFIG: one try. The members of etcd come in one by one: who finds the door taken clears its traces away and
# comes again. Nothing is lost by that, for the other control planes hold the data.
join_control_plane() {
  local kept
  leave_etcd
  if [ -e /etc/kubernetes/kubelet.conf ] || [ -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
    echo '    an earlier try stopped half-way: kubeadm reset clears its traces away'
    # It empties the folder of static pods. Those of a load balancer are not of its making, and stay.
    kept=$(mktemp -d)
    find /etc/kubernetes/manifests -name '*.yaml' ! -name 'kube-[acs]*' ! -name etcd.yaml -exec cp --preserve {} "$kept" \;
    kubeadm reset --force && place_authorities || return 1
    find "$kept" -name '*.yaml' -exec mv {} /etc/kubernetes/manifests \;
  fi
  kubeadm join --config "$1"
}
