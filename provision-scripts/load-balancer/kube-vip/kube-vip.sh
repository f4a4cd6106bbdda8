# shellcheck shell=bash
# On the first control plane `kubeadm init` itself needs the address, before the ordinary administrator has any rights.
administrator='admin'
if [ "$MACHINE" = "$FIRST_CONTROL_PLANE" ] && [ ! -e /etc/kubernetes/k8slab/initialized ]; then
  administrator='super-admin'
fi
text=$(cat /tmp/k8slab/files/kube-vip.yaml)
text=${text//@INTERFACE@/$(interface_of "$NODE_ADDRESS")}
place_text 0600 /etc/kubernetes/manifests/kube-vip.yaml <<<"${text//@ADMINISTRATOR@/$administrator}"
