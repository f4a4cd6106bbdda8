# shellcheck shell=bash
fetch "$CILIUM_CHART_URL" "$CILIUM_CHART_SHA256" /etc/k8slab/cilium/cilium.tgz

archive=/var/cache/k8slab/helm-$HELM_VERSION.tar.gz
case $(architecture) in
  amd64) helm=("$HELM_URL_AMD64" "$HELM_SHA256_AMD64") ;;
  arm64) helm=("$HELM_URL_ARM64" "$HELM_SHA256_ARM64") ;;
  *) exit 1 ;;
esac
if ! /usr/local/bin/helm version --short 2>/dev/null | grep --quiet "^v$HELM_VERSION\b"; then
  fetch "${helm[@]}" "$archive"
  unpack "$archive" /usr/local/bin helm --strip-components 1 "linux-$(architecture)/helm"
  printf '    installed Helm %s\n' "$HELM_VERSION"
fi
