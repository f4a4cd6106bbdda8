# shellcheck shell=bash
place_text 0644 /etc/hostname <<<"$MACHINE"
if [ "$(cat /proc/sys/kernel/hostname)" != "$MACHINE" ]; then
  hostname "$MACHINE"
fi

# cloud-init would put the image's idea of name and hosts back at the next boot.
if [ -d /etc/cloud/cloud.cfg.d ]; then
  printf 'preserve_hostname: true\nmanage_etc_hosts: false\n' | place_text 0644 /etc/cloud/cloud.cfg.d/99-k8slab.cfg
fi

# /etc/hosts as it was, without our part and without 127.x lines for a machine of the lab, then our part.
{
  awk -v all_hosts="$ALL_HOSTS" '
    BEGIN {
      count = split(all_hosts, word, /[ \n]+/)
      for (i = 2; i <= count; i += 2) ours[word[i]] = 1
    }
    /^# k8slab: the machines of / { skip = 1 }
    skip && /^# k8slab: end/ { skip = 0; next }
    skip { next }
    /^127\./ {
      line = $1
      for (i = 2; i <= NF; i++) if (!($i in ours)) line = line " " $i
      if (line != $1) print line
      next
    }
    { print }
  ' /etc/hosts
  printf '# k8slab: the machines of %s\n%s\n# k8slab: end\n' "$LAB" "$ALL_HOSTS"
} | place_text 0644 /etc/hosts
