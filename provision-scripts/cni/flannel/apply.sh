# shellcheck shell=bash
export KUBECONFIG=/etc/kubernetes/admin.conf
fetch "$FLANNEL_MANIFEST_URL" "$FLANNEL_MANIFEST_SHA256" /etc/k8slab/flannel/kube-flannel.yml
for file in kustomization.yaml configuration.yaml restart.yaml interface.yaml; do
  place "$file" 0644 "/etc/k8slab/flannel/$file"
done

# The API merges it on its own side, and takes back what somebody changed by hand.
apply_flannel() {
  kubectl kustomize /etc/k8slab/flannel | kubectl apply --server-side --force-conflicts --filename - >/dev/null
}
retry 5 apply_flannel

if ! kubectl --namespace kube-flannel rollout status daemonset/kube-flannel-ds --timeout 300s; then
  echo 'flannel is installed but not ready everywhere yet: images take time. Look again:'
  echo '  kubectl --namespace kube-flannel get pods --output wide'
fi
