# shellcheck shell=bash
downloads=/var/cache/k8slab
case $(architecture) in
  amd64)
    containerd=("$CONTAINERD_URL_AMD64" "$CONTAINERD_SHA256_AMD64" "$downloads/containerd-$CONTAINERD_VERSION.tar.gz")
    runc=("$RUNC_URL_AMD64" "$RUNC_SHA256_AMD64" "$downloads/runc-$RUNC_VERSION")
    plugins=("$CNI_PLUGINS_URL_AMD64" "$CNI_PLUGINS_SHA256_AMD64" "$downloads/cni-plugins-$CNI_PLUGINS_VERSION.tgz")
    ;;
  arm64)
    containerd=("$CONTAINERD_URL_ARM64" "$CONTAINERD_SHA256_ARM64" "$downloads/containerd-$CONTAINERD_VERSION.tar.gz")
    runc=("$RUNC_URL_ARM64" "$RUNC_SHA256_ARM64" "$downloads/runc-$RUNC_VERSION")
    plugins=("$CNI_PLUGINS_URL_ARM64" "$CNI_PLUGINS_SHA256_ARM64" "$downloads/cni-plugins-$CNI_PLUGINS_VERSION.tgz")
    ;;
  *) exit 1 ;;
esac

# The archive holds bin/containerd and its helpers.
if [ "$(/usr/local/bin/containerd --version 2>/dev/null | cut -d ' ' -f 3)" != "v$CONTAINERD_VERSION" ]; then
  fetch "${containerd[@]}"
  unpack "${containerd[2]}" /usr/local/bin containerd --strip-components 1
  printf '    installed containerd %s\n' "$CONTAINERD_VERSION"
fi

if ! has_sum "${runc[1]}" /usr/local/sbin/runc; then
  fetch "${runc[@]}"
  install -D --mode 0755 "${runc[2]}" /usr/local/sbin/runc
  printf '    installed runc %s\n' "$RUNC_VERSION"
fi

# The plugins are kept when they came with a package of Kubernetes: what counts is that they are there.
if [ "$(cat /opt/cni/.k8slab-version 2>/dev/null)" != "$CNI_PLUGINS_VERSION" ]; then
  fetch "${plugins[@]}"
  unpack "${plugins[2]}" /opt/cni/bin loopback
  echo "$CNI_PLUGINS_VERSION" >/opt/cni/.k8slab-version
  printf '    installed CNI plugins %s\n' "$CNI_PLUGINS_VERSION"
fi

place containerd.service 0644 /etc/systemd/system/containerd.service
