# shellcheck shell=bash
# What the Kubernetes API knows, asked by a control plane of its own API server. The certificate of every
# API server is valid for the name "kubernetes", so the answer does not depend on addresses being right.

ask_api() {
  kubectl --kubeconfig /etc/kubernetes/admin.conf --server "https://127.0.0.1:$API_PORT" --tls-server-name kubernetes \
    --cache-dir "$WORK/kubectl" --request-timeout 8s "$@"
}

# When each bootstrap token ends, or "never"; the tokens themselves are not read.
token_ends() {
  ask_api --namespace kube-system get secrets --field-selector type=bootstrap.kubernetes.io/token \
    --output 'jsonpath={range .items[*]}end {.data.expiration}{"\n"}{end}' |
    while read -r _ end; do
      if [ -n "$end" ]; then base64 -d <<<"$end"; else printf never; fi
      echo
    done
}

# CoreDNS' configuration, and the last words of its pods that do not work.
core_file() {
  ask_api --namespace kube-system get configmap coredns --output 'jsonpath={.data.Corefile}'
}
core_dns_log() {
  ask_api --namespace kube-system logs --selector k8s-app=kube-dns --tail 5 --ignore-errors |
    grep -vE '^(\[INFO\]|CoreDNS-|linux/|\.:)' | cut -c -300 | hide_secrets
}

# A node's name, kubectl's exit status, and the answer of its kubelet to a question that the API server hands on: logs and exec go the
# same way, to port 10250 of the address that the node has registered.
ask_kubelet() {
  local said status
  said=$(ask_api get --raw "/api/v1/nodes/$1/proxy/healthz" 2>&1)
  status=$?
  printf '%s\t%s\t%s\n' "$1" "$status" "$(tr '\000\n\t' '   ' <<<"$said" | cut -c -300)"
}
ask_kubelets() {
  xargs -r -n 1 -P 16 bash -c 'ask_kubelet "$@"' bash <<<"$NODES"
}

collect_cluster() {
  [ -r /etc/kubernetes/admin.conf ] || return 0
  observe cluster-version 10 10000 ask_api get --raw /version &
  case $CNI in
    calico)
      observe cluster-ip-pools 10 1000000 ask_api get --raw /apis/crd.projectcalico.org/v1/ippools &
      observe cluster-bgp 10 100000 ask_api get --raw /apis/crd.projectcalico.org/v1/bgpconfigurations &
      ;;
    cilium) observe cluster-cilium-nodes 10 1000000 ask_api get --raw /apis/cilium.io/v2/ciliumnodes & ;;
  esac
  observe cluster-endpoints 10 1000000 ask_api get --raw \
    '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes' &
  observe cluster-tokens 10 10000 token_ends &
  observe cluster-corefile 10 10000 core_file &
  observe cluster-coredns-log 10 10000 core_dns_log &
  observe cluster-kubelets 12 100000 ask_kubelets &
  observe cluster-objects 12 33000000 ask_api get nodes,pods,deployments.apps --all-namespaces --output json
  wait
}
