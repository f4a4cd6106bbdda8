# shellcheck shell=bash
adapter=$(ip -oneline -4 address show to "$NODE_ADDRESS" | awk '{ print $2; exit }')
sed "s/@ADAPTER@/$adapter/" /tmp/k8slab/files/operator-autodetection-interface.yaml |
  place_text 0644 /etc/k8slab/calico/autodetection.yaml
