# shellcheck shell=bash
# What the Kubernetes API knows, asked by a control plane of its own API server. The certificate of every
# API server is valid for the name "kubernetes", so the answer does not depend on addresses being right.

ask_api() {
  kubectl --kubeconfig /etc/kubernetes/admin.conf --server "https://127.0.0.1:$API_PORT" --tls-server-name kubernetes \
    --cache-dir "$WORK/kubectl" --request-timeout 8s "$@"
}

collect_cluster() {
  [ -r /etc/kubernetes/admin.conf ] || return 0
  observe cluster-version 10 10000 ask_api get --raw /version &
  if [ "$CNI" = calico ]; then
    observe cluster-ip-pools 10 1000000 ask_api get --raw /apis/crd.projectcalico.org/v1/ippools &
  fi
  observe cluster-endpoints 10 1000000 ask_api get --raw \
    '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes' &
  observe cluster-objects 12 33000000 ask_api get nodes,pods,deployments.apps --all-namespaces --output json
  wait
}
