# shellcheck shell=bash
install_packages nftables
place masquerade.nft 0644 /etc/k8slab/masquerade.nft
place k8slab-masquerade.service 0644 /etc/systemd/system/k8slab-masquerade.service
run_service k8slab-masquerade.service /etc/k8slab/masquerade.nft /etc/systemd/system/k8slab-masquerade.service
