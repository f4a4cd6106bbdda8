# shellcheck shell=bash
# Pings in sizes that fill a packet.

# ping_packet PID|- SOURCE MACHINE DESTINATION BYTES, from the network of a process, or of this machine. One line: source,
# destination, machine, packet size, exit status of ping, its words.
ping_packet() {
  local pid=$1 from=$2 machine=$3 to=$4 packet=$5 said status
  local -a inside=()
  if [ "$pid" != - ]; then inside=(nsenter --target "$pid" --net); fi
  # -M do: never fragment, so that a packet of the MTU's size shows whether it really passes.
  said=$("${inside[@]}" ping -n -c 2 -i 0.2 -W 1 -I "$from" -M "do" -s "$((packet - 28))" "$to" 2>&1)
  status=$?
  said=$(grep -iE 'packet loss|error|not found|unreachable|frag|invalid|denied' <<<"$said" | sort -u | tr '\n\t' '; ' | cut -c -300)
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$from" "$to" "$machine" "$packet" "$status" "$said"
}
