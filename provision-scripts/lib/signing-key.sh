# shellcheck shell=bash

# signing_key URL FINGERPRINT FILE: fetches a repository's public key and keeps it only when its full fingerprint is the
# expected one. The key is fetched each time, for its owner renews its date of expiry now and then.
signing_key() {
  local url fingerprint=$2 file=$3 folder found
  url=$(mirrored "$1")
  folder=$(mktemp -d)
  if ! retry 5 curl --fail --silent --show-error --location --connect-timeout 20 --output "$folder/key" "$url"; then
    rm -rf "$folder"
    if [ -s "$file" ]; then
      printf 'Keeping the key that is already there: %s\n' "$file" >&2
      return 0
    fi
    return 1
  fi
  found=$(gpg --homedir "$folder" --batch --with-colons --show-keys "$folder/key" 2>/dev/null |
    awk -F : '$1 == "pub" { key = 1 } $1 == "fpr" && key { print $10; key = 0 }')
  if [ "$found" != "$fingerprint" ]; then
    printf 'The key at %s is not the expected one:\n  expected %s\n  received %s\n' "$url" "$fingerprint" "$found" >&2
    rm -rf "$folder"
    return 1
  fi
  place_text 0644 "$file" <"$folder/key"
  rm -rf "$folder"
}
