# shellcheck shell=bash
# The Kubernetes API as this machine reaches it, and on control planes what it says of itself.

# TARGET, URL and answer on one line. /livez may be asked without credentials (system:public-info-viewer).
ask_livez() {
  local answer
  answer=$(curl --silent --show-error --insecure --noproxy '*' --max-time 4 --max-filesize 10000 \
    --write-out ' %{http_code}' "$2" 2>&1 | tr '\000\n\t' '   ' | head -c 300)
  printf '%s\t%s\t%s\n' "$1" "$2" "$answer"
}

# API_TARGETS holds one "TARGET URL" a line.
ask_all_livez() {
  command -v curl >/dev/null || return 127
  printf '%s\n' "$API_TARGETS" | xargs -r -P 16 -L 1 bash -c 'ask_livez "$@"' bash
}

advertise_address() {
  grep -oE -m 1 -- '--advertise-address=[0-9a-fA-F.:]+' /etc/kubernetes/manifests/kube-apiserver.yaml
}

# Certificates are public; keys are not read.
certificates() {
  local file
  for file in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt; do
    [ -e "$file" ] || continue
    echo "file=$file"
    openssl x509 -in "$file" -noout -enddate
    openssl x509 -in "$file" -noout -ext subjectAltName 2>/dev/null
  done
}

collect_api() {
  observe api-livez 9 100000 ask_all_livez &
  if [ -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
    observe api-advertise-address 2 300 advertise_address
    observe api-certificates 8 100000 certificates &
  fi
  wait
}
