# shellcheck shell=bash

# open_firewalld: where firewalld guards this machine, tells it who the machines of the lab are to one another: the lab's own network
# reaches what Kubernetes and its network listen on, and pods reach everything. What comes from elsewhere is judged as before.
open_firewalld() {
  local before after
  if ! systemctl is-enabled --quiet firewalld.service 2>/dev/null && ! systemctl is-active --quiet firewalld.service; then
    return 0
  fi
  before=$(firewalld_files)
  # The machines' network, with the host: the ports of the plan.
  {
    echo '<?xml version="1.0" encoding="utf-8"?>'
    echo '<zone>'
    echo '  <short>k8slab</short>'
    printf '  <description>The machines of the lab %s, and their host</description>\n' "$LAB"
    printf '  <source address="%s"/>\n' "$HOST_ONLY_CIDR"
    sed -n \
      -e 's|^\([0-9-]*\)/ip$|  <protocol value="\1"/>|p' \
      -e 's|^\([0-9-]*\)/\([a-z]*\)$|  <port port="\1" protocol="\2"/>|p' <<<"$PORTS"
    echo '  <forward/>'
    echo '</zone>'
  } | place_text 0644 /etc/firewalld/zones/k8slab.xml
  # Pods: they talk to machines, to each other, and to the world. Services are rules of kube-proxy's, after which packets are pods'.
  place_text 0644 /etc/firewalld/zones/k8slab-pods.xml <<END
<?xml version="1.0" encoding="utf-8"?>
<zone target="ACCEPT">
  <short>k8slab-pods</short>
  <description>The pods of the lab $LAB</description>
  <source address="$POD_SUBNET"/>
  <forward/>
</zone>
END
  firewalld_policy k8slab-from-pods k8slab-pods ANY
  firewalld_policy k8slab-to-pods k8slab k8slab-pods
  after=$(firewalld_files)
  if [ "$before" != "$after" ] && systemctl is-active --quiet firewalld.service; then
    firewall-cmd --quiet --reload
  fi
  systemctl start firewalld.service
  printf '    firewalld lets the machines and pods of this lab through\n'
}

# firewalld_policy NAME FROM TO: what one zone may send through this machine to another.
firewalld_policy() {
  place_text 0644 "/etc/firewalld/policies/$1.xml" <<END
<?xml version="1.0" encoding="utf-8"?>
<policy target="ACCEPT">
  <ingress-zone name="$2"/>
  <egress-zone name="$3"/>
</policy>
END
}

# firewalld_files: the sums of what this lab has told firewalld; nothing at first.
firewalld_files() {
  find /etc/firewalld -type f -name 'k8slab*' -exec sha256sum {} + | sort
}
