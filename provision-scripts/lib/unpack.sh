# shellcheck shell=bash

# unpack ARCHIVE FOLDER LAST [TAR OPTION...]: puts the files of an archive into a folder. Each is whole at any moment, and the one
# named LAST comes when the others are there: whoever finds it knows that an earlier run was not broken off half-way.
# --touch: so that a service is seen to be older than its program.
unpack() {
  local archive=$1 folder=$2 last=$3 new=$2/.k8slab-unpack
  rm -rf "$new"
  mkdir -p "$new"
  tar --extract --gzip --file "$archive" --directory "$new" --no-same-owner --touch "${@:4}"
  find "$new" -type f ! -name "$last" -exec mv -f -t "$folder" {} +
  mv -f "$new/$last" "$folder"
  rm -rf "$new"
}
