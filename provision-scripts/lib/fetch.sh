# shellcheck shell=bash

# mirrored URL: prints where the URL is fetched from: itself, or its copy when the lab has a MIRROR.
mirrored() {
  if [ -n "$MIRROR" ]; then
    printf '%s/files/%s\n' "${MIRROR%/}" "${1#*://}"
  else
    printf '%s\n' "$1"
  fi
}

# has_sum SHA256 FILE: whether the file is there with exactly these contents.
has_sum() {
  [ -f "$2" ] && printf '%s  %s\n' "$1" "$2" | sha256sum --check --status -
}

# fetch URL SHA256 FILE: downloads a file and keeps it only when its checksum is the expected one. Does nothing when the
# file is already there.
fetch() {
  local url sum=$2 file=$3 part=$3.part attempt
  has_sum "$sum" "$file" && return 0
  url=$(mirrored "$1")
  mkdir -p "$(dirname "$file")"
  for attempt in 1 2 3 4 5; do
    [ "$attempt" = 1 ] || sleep $((2 ** attempt))
    if curl --fail --silent --show-error --location --connect-timeout 20 --speed-limit 1024 --speed-time 60 \
      --output "$part" "$url"; then
      if has_sum "$sum" "$part"; then
        mv -f "$part" "$file"
        return 0
      fi
      printf 'Wrong checksum of %s:\n  expected %s\n  received %s\n' \
        "$url" "$sum" "$(sha256sum "$part" | cut -d ' ' -f 1)" >&2
    fi
    rm -f "$part"
    printf 'Download failed, attempt %s of 5: %s\n' "$attempt" "$url" >&2
  done
  return 1
}

# architecture: prints this machine's processor as downloads name it.
architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    *)
      printf 'No download for the processor %s: only x86_64 and aarch64.\n' "$(uname -m)" >&2
      return 1
      ;;
  esac
}
