# shellcheck shell=bash
place routes 0644 /etc/k8slab/routes
place k8slab-routes.service 0644 /etc/systemd/system/k8slab-routes.service
run_service k8slab-routes.service /etc/k8slab/routes /etc/systemd/system/k8slab-routes.service
ip route show proto 184
