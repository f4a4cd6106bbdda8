# shellcheck shell=bash
export KUBECONFIG=/etc/kubernetes/admin.conf
if ! kubectl wait --for condition=Ready --timeout 300s "node/$MACHINE" >/dev/null; then
  echo "The node $MACHINE is not Ready yet: its network or its images take longer. Look again: kubectl get nodes,pods -A"
fi
kubectl get nodes --output wide
echo 'From your own computer: k8slab kubectl -- get nodes'
