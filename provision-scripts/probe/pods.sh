# shellcheck shell=bash
# A namespace of our own with a pod a node and a small workload, for as long as somebody listens on the other end of this
# connection: when that ends, however it ends, the namespace goes.

# tell NAME KIND [GROUP]: what the API knows of this kind in the namespace, on one line.
tell() {
  local answer
  answer=$(ask_api get --raw "/${3:-api/v1}/namespaces/$NAMESPACE/$2" 2>/dev/null | tr -d '\n') || return 0
  printf '%s %s %s\n' "$BOUNDARY" "$1" "$answer"
}

# Namespaces of runs that could not tidy up, as their machine lost its power: no run lasts as long as this.
remove_old() {
  local name created
  ask_api get namespaces --selector "$LABEL" \
    --output 'jsonpath={range .items[*]}{.metadata.name} {.metadata.creationTimestamp}{"\n"}{end}' |
    while read -r name created; do
      [ "$(($(date +%s) - $(date --date "$created" +%s)))" -lt 240 ] || ask_api delete namespace "$name" --wait=false
    done
}

# ready SECONDS RESOURCE CONDITION [SELECTOR…]: until all fulfil it, or one of the pods has stopped trying.
ready() {
  local end=$((SECONDS + $1)) resource=$2 condition=$3
  shift 3
  until ask_api wait "$resource" "$@" --namespace "$NAMESPACE" --for "condition=$condition" --timeout 4s --request-timeout 6s; do
    [ "$SECONDS" -lt "$end" ] || return 0
    ! ask_api get pods --namespace "$NAMESPACE" --output 'jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}' |
      grep -qE 'ErrImage|ImagePull|InvalidImage|CrashLoop|Create.*Error|RunContainerError' || return 0
    sleep 0.5
  done
}

# try_pod MACHINE VERB: the exit status and the words of `kubectl logs` for the pod of a machine, or of `kubectl exec`: its image's
# only program tells its version and ends. On a busy machine both may be late: tried twice.
try_pod() {
  local said status _
  local -a asked=(logs "probe-$1" --tail 5 --limit-bytes 1000)
  [ "$2" = logs ] || asked=(exec "probe-$1" -- /pause -v)
  for _ in 1 2; do
    # timeout can only end programs, so the function gets a shell of its own.
    # shellcheck disable=SC2016 # expanded by the inner shell
    said=$(
      timeout --kill-after=1 "$TRY_SECONDS" bash -c 'ask_api --namespace "$NAMESPACE" "$@"' bash "${asked[@]}" 2>&1 | head -c 1000
      exit "${PIPESTATUS[0]}"
    )
    status=$?
    [ "$status" -ne 0 ] || break
    sleep 1
  done
  printf '%s tried %s %s %s %s\n' "$BOUNDARY" "$1" "$2" "$status" "$(tr '\000\n\t' '   ' <<<"$said" | hide_secrets | cut -c -300)"
}

# Both, of every pod that runs, all at the same time.
try_pods() {
  ask_api get pods --namespace "$NAMESPACE" --selector "$LABEL=node" \
    --output 'jsonpath={range .items[?(@.status.phase=="Running")]}{.spec.nodeName} logs{"\n"}{.spec.nodeName} exec{"\n"}{end}' |
    xargs -r -P 16 -n 2 bash -c 'try_pod "$@"' bash
}

create() {
  ask_api create --filename - <<<"$MANIFEST" >/dev/null 2>"$WORK/refused" && return 0
  printf '%s refused %s\n' "$BOUNDARY" "$(tail -n 1 "$WORK/refused" | tr -c '[:print:]' ' ' | head -c 500)"
  return 1
}

# Short lines as soon as something is there; in the end, for the record, all that is known.
report() {
  ready "$POD_SECONDS" pods Ready --selector "$LABEL=node" >/dev/null
  ask_api get pods --namespace "$NAMESPACE" --selector "$LABEL=node" \
    --output "jsonpath={range .items[?(@.status.podIP)]}$BOUNDARY pod {.spec.nodeName} {.status.podIP}{\"\\n\"}{end}"
  echo "$BOUNDARY pods"
  try_pods &
  if [ -n "$WORKLOAD" ]; then
    ready "$WORKLOAD_SECONDS" "deployments/$WORKLOAD" Available >/dev/null
    ask_api get "services/$WORKLOAD" --namespace "$NAMESPACE" --output "jsonpath=$BOUNDARY port {.spec.ports[0].nodePort}{\"\\n\"}"
  fi
  wait
  tell deployments deployments apis/apps/v1
  tell events events
  tell objects pods
  echo "$BOUNDARY all"
}

hold() {
  local worker
  # Writing to a connection that has ended must not keep anything from being removed.
  trap '' PIPE HUP INT TERM
  WORK=$(mktemp -d -p /run k8slab-probe.XXXXXX 2>/dev/null || mktemp -d) || exit 1
  remove_old >/dev/null 2>&1 </dev/null &
  if create; then
    report </dev/null 2>/dev/null &
    worker=$!
    read -r -t "$HOLD_SECONDS" _
    kill -KILL "$worker" 2>/dev/null
  fi
  ask_api delete namespace "$NAMESPACE" --ignore-not-found --wait=false >/dev/null 2>&1 </dev/null
  rm -rf "$WORK"
}

# The script itself arrives on standard input, which then stays open.
hold
