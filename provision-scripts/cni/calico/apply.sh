# shellcheck shell=bash
export KUBECONFIG=/etc/kubernetes/admin.conf
fetch "$CALICO_MANIFEST_URL" "$CALICO_MANIFEST_SHA256" /etc/k8slab/calico/calico.yaml
for file in kustomization.yaml node.yaml mtu.yaml; do
  place "$file" 0644 "/etc/k8slab/calico/$file"
done

# The API merges it on its own side: descriptions of this size do not fit into the annotation that kubectl would need.
apply_calico() {
  kubectl kustomize /etc/k8slab/calico | kubectl apply --server-side --force-conflicts --filename - >/dev/null
}
retry 5 apply_calico

if ! kubectl --namespace kube-system rollout status daemonset/calico-node --timeout 300s; then
  echo 'Calico is installed but not ready everywhere yet: images take time. Look again:'
  echo '  kubectl --namespace kube-system get pods --selector k8s-app=calico-node --output wide'
fi
