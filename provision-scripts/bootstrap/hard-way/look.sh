# shellcheck shell=bash
export KUBECONFIG=/etc/kubernetes/admin.conf
# A kubelet may not give itself a label of this kind.
kubectl label --overwrite node "$MACHINE" node-role.kubernetes.io/control-plane= >/dev/null
if ! kubectl wait --for condition=Ready --timeout 300s "node/$MACHINE" >/dev/null; then
  echo "The node $MACHINE is not Ready yet. Look again: kubectl get nodes,pods -A"
fi
kubectl get nodes --output wide
echo 'From your own computer: k8slab kubectl -- get nodes'
