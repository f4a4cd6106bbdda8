# shellcheck shell=bash
place kube-apiserver.service 0644 /etc/systemd/system/kube-apiserver.service
run_service kube-apiserver.service /etc/systemd/system/kube-apiserver.service \
  /etc/kubernetes/encryption.yaml /etc/kubernetes/pki/apiserver.crt
api_ready() {
  kubectl --kubeconfig /etc/kubernetes/admin.conf --server "https://127.0.0.1:$API_SERVER_PORT" get --raw /readyz
}
wait_for 300 'the API server of this machine' api_ready
