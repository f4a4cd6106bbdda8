# shellcheck shell=bash
export KUBECONFIG=/etc/kubernetes/admin.conf
adapter=$(ip -oneline -4 address show to "$NODE_ADDRESS" | awk '{ print $2; exit }')
sed "s/@ADAPTER@/$adapter/" /tmp/k8slab/files/values.yaml | place_text 0644 /etc/k8slab/cilium/values.yaml

# Installs it, or brings what is there to these values.
install_cilium() {
  /usr/local/bin/helm upgrade cilium /etc/k8slab/cilium/cilium.tgz --install --namespace kube-system \
    --values /etc/k8slab/cilium/values.yaml --values /etc/k8slab/cilium/routing.yaml >/dev/null
}
retry 5 install_cilium
