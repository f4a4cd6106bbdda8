# shellcheck shell=bash
# The Kubernetes API as this machine reaches it, and on control planes what it says of itself.

# TARGET, URL and answer on one line, of its checks those that fail. /readyz may be asked without credentials (system:public-info-viewer).
# One that says at once that it is not ready may wait for etcd for a moment, on a busy host: asked once more.
ask_ready() {
  local answer seconds
  for seconds in 8 5; do
    answer=$(curl --silent --show-error --insecure --noproxy '*' --max-time "$seconds" --max-filesize 10000 \
      --write-out ' %{http_code}' "$2" 2>&1 | grep -av '^\[+\]' | tr '\000\n\t' '   ' | head -c 300)
    case $answer in *' 000 ' | *' 200 ') break ;; esac
    [ "$SECONDS" -le 3 ] || break
    sleep 1
  done
  printf '%s\t%s\t%s\n' "$1" "$2" "$answer"
}

# API_TARGETS holds one "TARGET URL" a line.
ask_all_ready() {
  command -v curl >/dev/null || return 127
  printf '%s\n' "$API_TARGETS" | xargs -r -P 16 -L 1 bash -c 'ask_ready "$@"' bash
}

# The API server is a static pod of kubeadm, or a service of systemd.
API_SERVER_FILE=/etc/kubernetes/manifests/kube-apiserver.yaml
[ -e "$API_SERVER_FILE" ] || API_SERVER_FILE=/etc/systemd/system/kube-apiserver.service

advertise_address() {
  grep -oE -m 1 -- '--advertise-address=[0-9a-fA-F.:]+' "$API_SERVER_FILE"
}

# Certificates are public; keys are not read. A kubeconfig holds one in base64, beside its key.
certificates() {
  local file
  for file in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt; do
    [ -e "$file" ] || continue
    echo "file=$file"
    openssl x509 -in "$file" -noout -enddate
    openssl x509 -in "$file" -noout -ext subjectAltName 2>/dev/null
  done
  for file in /etc/kubernetes/*.conf; do
    if grep -qs 'client-certificate-data:' "$file"; then
      echo "file=$file"
      sed -nE 's/^ +client-certificate-data: +//p' "$file" | base64 -d | openssl x509 -noout -enddate
    fi
  done
}

# The range that the controller manager hands out to nodes.
cluster_cidr() {
  cat /etc/kubernetes/manifests/kube-controller-manager.yaml /etc/systemd/system/kube-controller-manager.service 2>/dev/null |
    grep -oE -m 1 -- '--cluster-cidr=[0-9a-fA-F.:/,]+'
}

collect_api() {
  observe api-ready 12 100000 ask_all_ready &
  if [ -e "$API_SERVER_FILE" ]; then
    observe api-advertise-address 10 300 advertise_address
    observe api-cluster-cidr 10 300 cluster_cidr
    observe api-certificates 12 100000 certificates &
  fi
  wait
}
