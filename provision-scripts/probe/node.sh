# shellcheck shell=bash
# What the probe pod of this machine reaches. Its image holds no programs: this machine's own run in the pod's network.

# Process of a container whose network has the pod's address.
probe_process() {
  local pid
  for pid in $(network_processes); do
    if [ -n "$(nsenter --target "$pid" --net ip -4 -o address show to "$POD_ADDRESS/32" 2>/dev/null)" ]; then
      echo "$pid"
      return 0
    fi
  done
  return 1
}

in_pod() {
  nsenter --target "$POD_PROCESS" --net "$@"
}

# PEERS holds one "MACHINE ADDRESS" a line: the pods of the other machines.
ping_pods() {
  local mtu machine address packet
  mtu=$(in_pod ip -4 -o link show dev "$POD_DEVICE" | grep -oE 'mtu [0-9]+' | cut -d ' ' -f 2)
  while read -r machine address; do
    [ -n "$address" ] || continue
    for packet in 84 "${mtu:-1500}"; do
      echo "$POD_PROCESS $POD_ADDRESS $machine $address $packet"
    done
  done <<<"$PEERS" | xargs -r -P 64 -L 1 bash -c 'ping_packet "$@"' bash
}

# page URL [ARGUMENT OF CURL…]: what a server in the cluster or outside says, and its HTTP status.
page() {
  curl --silent --show-error --insecure --noproxy '*' --max-time 4 --max-filesize 10000 --write-out ' %{http_code}' "$@" 2>&1 |
    tr '\000\n\t' '   ' | head -c 300
}

# Asked twice where nobody answers: on a busy machine that takes a while.
ask_service() {
  local answer _
  for _ in 1 2; do
    answer=$(in_pod bash -c 'page "$@"' bash "$SERVICE_URL")
    [[ $answer == *' 000' ]] || break
  done
  echo "$answer"
}

# dns_packet SERVER QUESTION: the answer in hexadecimal digits. QUESTION is a packet as printf writes it (\xHH); bash itself speaks
# UDP, so that no program is needed.
dns_packet() {
  exec 3<>"/dev/udp/$1/53" || return
  # One write is one packet, and bash itself would write line by line.
  printf '%b' "$2" | dd bs=1500 iflag=fullblock status=none >&3
  timeout 2 dd bs=1500 count=1 status=none <&3 | od -An -v -tx1 | tr -d ' \n'
}

# ask_name NAME SERVER QUESTION: both, and the answer, or why there is none. A packet may be lost: asked twice.
ask_name() {
  local answer _
  for _ in 1 2; do
    answer=$(in_pod bash -c 'dns_packet "$@"' bash "$2" "$3" 2>&1 | tr '\n\t' '  ' | head -c 400)
    [ -z "$answer" ] || break
  done
  printf '%s\t%s\t%s\n' "$1" "$2" "$answer"
}

# QUESTIONS holds one "NAME SERVER QUESTION" a line.
ask_names() {
  local name server question
  while read -r name server question; do
    ask_name "$name" "$server" "$question" &
  done <<<"$QUESTIONS"
  wait
}

# resolve_here NUMBER NAME: the number and the name's address, where this machine resolves it.
resolve_here() {
  local address
  address=$(timeout 2 getent ahostsv4 "$2" | awk '{ print $1; exit }')
  [ -z "$address" ] || echo "$1 $address"
}

# OUTSIDE holds one "NAME QUESTION" a line: the first that this machine itself resolves is asked for in the pod; and when this
# machine gets there, the pod must, too.
ask_outside() {
  local -a hosts packets
  local name question number=0 address here there=-
  while read -r name question; do
    hosts+=("$name") packets+=("$question")
  done <<<"$OUTSIDE"
  read -r number address < <(
    for number in "${!hosts[@]}"; do resolve_here "$number" "${hosts[number]}" & done
    wait
  )
  [ -n "${address:-}" ] || return 0
  name=${hosts[number]}
  ask_name "$name" "$DNS_SERVER" "${packets[number]}" &
  here=$(page "https://$name/" --output /dev/null --resolve "$name:443:$address")
  [[ $here == *' 000' ]] || there=$(in_pod bash -c 'page "$@"' bash "https://$name/" --output /dev/null --resolve "$name:443:$address")
  printf 'way\t%s\t%s\n' "$name" "$there"
  wait
}

collect_node() {
  POD_PROCESS=$(probe_process) || POD_PROCESS=
  [ -n "$POD_PROCESS" ] || return 0
  POD_DEVICE=$(in_pod ip -4 -o address show to "$POD_ADDRESS/32" | awk '{ print $2; exit }')
  observe probe-pings 10 1000000 ping_pods &
  observe probe-service 10 2000 ask_service &
  observe probe-names 8 100000 ask_names &
  observe probe-outside 16 10000 ask_outside &
  wait
}
