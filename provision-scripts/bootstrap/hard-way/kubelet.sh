# shellcheck shell=bash
place kubelet.yaml 0644 /etc/kubernetes/kubelet.yaml
place kubelet.service 0644 /etc/systemd/system/kubelet.service
run_service kubelet.service /etc/systemd/system/kubelet.service /etc/kubernetes/kubelet.yaml \
  /etc/kubernetes/kubelet.conf /etc/kubernetes/pki/kubelet.crt

registered() {
  kubectl --kubeconfig /etc/kubernetes/kubelet.conf get node "$MACHINE"
}
if ! wait_for 900 "the node $MACHINE at https://$ENDPOINT" registered; then
  echo 'Set up the control planes (k8slab provision), then this machine again. On this machine: journalctl -u kubelet' >&2
  exit 1
fi
