# shellcheck shell=bash
place routes 0644 /etc/k8slab/routes
serve_routes
ip route show proto 184
