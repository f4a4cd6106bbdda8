# shellcheck shell=bash
stop_units k8slab-find-routes.timer k8slab-find-routes.service k8slab-routes.service k8slab-masquerade.service
ip route flush proto 184
remove_links '^cni0$'
remove_tables k8slab
remove_rules CNI-
remove_files /etc/cni/net.d/10-k8slab.conflist /run/cni/networks /etc/k8slab/{routes,masquerade.nft} \
  /etc/systemd/system/k8slab-{routes,masquerade,find-routes}.service /etc/systemd/system/k8slab-find-routes.timer \
  /usr/local/bin/find-routes \
  /etc/network/if-up.d/50-k8slab-routes /etc/NetworkManager/dispatcher.d/50-k8slab-routes
systemctl daemon-reload
