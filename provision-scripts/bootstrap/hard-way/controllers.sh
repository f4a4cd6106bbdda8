# shellcheck shell=bash
place kube-scheduler.yaml 0644 /etc/kubernetes/kube-scheduler.yaml
for name in kube-controller-manager kube-scheduler; do
  place "$name.service" 0644 "/etc/systemd/system/$name.service"
done
run_service kube-controller-manager.service /etc/systemd/system/kube-controller-manager.service \
  /etc/kubernetes/controller-manager.conf
run_service kube-scheduler.service /etc/systemd/system/kube-scheduler.service \
  /etc/kubernetes/kube-scheduler.yaml /etc/kubernetes/scheduler.conf
