# shellcheck shell=bash
place find-routes 0755 /usr/local/bin/find-routes
for file in k8slab-find-routes.service k8slab-find-routes.timer; do
  place "$file" 0644 "/etc/systemd/system/$file"
done
place k8slab-routes.service 0644 /etc/systemd/system/k8slab-routes.service
retry 5 find-routes
serve_routes
run_service k8slab-find-routes.timer /etc/systemd/system/k8slab-find-routes.timer
ip route show proto 184
