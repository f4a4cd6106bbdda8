# shellcheck shell=bash
kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes --output wide
echo 'From your own computer: k8slab kubectl -- get nodes'
