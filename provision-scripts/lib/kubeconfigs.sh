# shellcheck shell=bash

# give_kubeconfigs: lets root and the ordinary user of this machine call kubectl as the administrator. Vagrant logs in as that
# user and calls this script by sudo.
give_kubeconfigs() {
  local user=${SUDO_USER:-vagrant} home place owner folder
  home=$(getent passwd "$user" | cut -d : -f 6)
  for place in "$user:$home" root:/root; do
    owner=${place%%:*}
    folder=${place#*:}/.kube
    if [ -n "${place#*:}" ] && ! cmp --silent /etc/kubernetes/admin.conf "$folder/config"; then
      install --directory --owner "$owner" --group "$(id --group "$owner")" --mode 0700 "$folder"
      install --owner "$owner" --group "$(id --group "$owner")" --mode 0600 /etc/kubernetes/admin.conf "$folder/config"
      printf '    wrote %s/config\n' "$folder"
    fi
  done
}
