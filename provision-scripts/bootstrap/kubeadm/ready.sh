# shellcheck shell=bash
if ! kubectl --kubeconfig /etc/kubernetes/admin.conf wait --for condition=Ready --timeout 300s "node/$MACHINE" >/dev/null; then
  echo "The node $MACHINE is not Ready yet: its network or its images take longer. Look again: kubectl get nodes,pods -A"
fi
