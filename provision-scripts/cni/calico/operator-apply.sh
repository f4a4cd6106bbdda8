# shellcheck shell=bash
export KUBECONFIG=/etc/kubernetes/admin.conf
place installation.yaml 0644 /etc/k8slab/calico/installation.yaml
place operator-kustomization.yaml 0644 /etc/k8slab/calico/kustomization.yaml

# The API merges it on its own side: descriptions of this size do not fit into the annotation that kubectl would need.
apply_file() {
  kubectl apply --server-side --force-conflicts --filename "$1" >/dev/null
}
apply_installation() {
  kubectl kustomize /etc/k8slab/calico | apply_file -
}
retry 5 apply_file /etc/k8slab/calico/operator-crds.yaml
kubectl wait --for condition=Established --timeout 60s crd/installations.operator.tigera.io >/dev/null
retry 5 apply_file /etc/k8slab/calico/tigera-operator.yaml
retry 5 apply_installation
