# shellcheck shell=bash
# Whoever starts the others goes first.
units=(kubelet kube-proxy kube-scheduler kube-controller-manager kube-apiserver etcd)
stop_units "${units[@]/%/.service}"
for unit in "${units[@]}"; do
  remove_files "/etc/systemd/system/$unit.service" "/etc/systemd/system/$unit.service.d"
done
systemctl daemon-reload
systemctl reset-failed

# Volumes of pods are mounted here.
for mounted in $(findmnt --raw --noheadings --output TARGET | grep '^/var/lib/kubelet/'); do
  umount --lazy "$mounted"
done
remove_files /etc/kubernetes /var/lib/etcd /var/lib/kubelet \
  "$(getent passwd "${SUDO_USER:-vagrant}" | cut -d : -f 6)/.kube" /root/.kube
