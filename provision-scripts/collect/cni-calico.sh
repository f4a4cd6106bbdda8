# shellcheck shell=bash
# Calico on this node: what it noted on disk, Felix's own account, and BIRD's sessions.

# BIRD's programs are in the image; its socket is in the pod's file system, where the process shows the way.
bird_sessions() {
  local pid
  pid=$(pgrep -o -x bird) || return 3
  chroot "/proc/$pid/root" birdcl -s /var/run/calico/bird.ctl show protocols all | awk '
    $2 == "BGP" { name = $1; state = $6; sub("^([^ ]+ +){6}", "") }
    $1 == "Neighbor" && $2 == "address:" { peer = $3 }
    $1 == "Last" && $2 == "error:" { sub("^ *Last error: *", ""); error = $0 }
    $1 == "BGP" && $2 == "state:" { state = $3 }
    name != "" && NF == 0 { print peer "\t" state "\t" error; name = peer = state = error = "" }
    END { if (name != "") print peer "\t" state "\t" error }'
}

# Peers that BIRD knocks at without an answer. Nobody else may: to the peer, a connection from here is this node's own session,
# and one that ends takes it back to its beginning.
unanswered() {
  ss -Hnt state syn-sent '( dport = :179 )' | awk '{ sub(":179$", "", $4); print $4 }'
}

# Felix answers 200 or 503 on this port, at /liveness and at /readiness.
ask_felix() {
  command -v curl >/dev/null || return 127
  local what
  for what in liveness readiness; do
    echo "$what $(curl --silent --noproxy '*' --max-time 8 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:9099/$what")"
  done
}

node_name() {
  [ ! -d /var/lib/calico ] || head -c 300 /var/lib/calico/nodename 2>/dev/null || echo
}

collect_cni_calico() {
  observe calico-bird 10 100000 bird_sessions &
  observe calico-unanswered 10 10000 unanswered &
  observe calico-felix 10 300 ask_felix &
  observe calico-node-name 10 300 node_name
  wait
}
