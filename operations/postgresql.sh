#!/bin/sh
# Base backups and WAL archives of PostgreSQL, sealed to a key that is elsewhere, and a restore to any moment between them.
# docs/operating.md tells when to use it. Each command says what it did, or stops at the first thing that fails.
#
#   postgresql.sh archive FOLDER FILE NAME     for archive_command: 'postgresql.sh archive /second/wal %p %f'
#   postgresql.sh base    FOLDER               one base backup, while people go on filing (PG… variables say of what)
#   postgresql.sh restore FOLDER DATA [MOMENT] into an empty folder; MOMENT such as '2026-11-27 06:00:00+00', else the newest
#   postgresql.sh fetch   FOLDER NAME FILE     for restore_command, which `restore` writes
#   postgresql.sh forget  FOLDER DAYS          takes away what is older: wraps are in it, so it may not live longer than keys
#
# SEAL and OPEN are commands from standard input to standard output: by default age, for RECIPIENT (age1…), and with IDENTITY,
# the file of the private key, which is never on the machine of the database.
set -eu
umask 077

seal() { if [ -n "${SEAL:-}" ]; then sh -c "$SEAL"; else age -r "${RECIPIENT:?the public key, age1…}"; fi; }
open() { if [ -n "${OPEN:-}" ]; then sh -c "$OPEN"; else age -d -i "${IDENTITY:?the file of the private key}"; fi; }
stop() { echo "$*" >&2; exit 1; }

# Whole and on the disk, or not there: PostgreSQL forgets a segment as soon as this succeeds.
keep() {
  seal > "$1.part"
  [ -s "$1.part" ] || stop "nothing was sealed"
  sync "$1.part"
  mv "$1.part" "$1"
  sync "$(dirname "$1")"
}

command=${1:-}; [ $# -gt 0 ] && shift
case "$command" in
archive)
  [ -d "$1" ] || stop "$1 is not there: is its volume mounted?"
  [ ! -e "$1/$3.wal.age" ] || stop "$3 is archived already"
  keep "$1/$3.wal.age" < "$2"
  ;;
base)
  [ -d "$1" ] || stop "$1 is not there: is its volume mounted?"
  # One pipe: nothing in clear touches the disk. What fails before the end leaves no backup under its name.
  part=$(mktemp "$1/base.XXXXXX.part"); marker=$(mktemp)
  { pg_basebackup --pgdata=- --format=tar --wal-method=fetch --checkpoint=fast && echo whole > "$marker"; } | gzip -3 | seal > "$part"
  whole=$(cat "$marker"); rm -f "$marker"
  [ "$whole" = whole ] || { rm -f "$part"; stop "the base backup broke off"; }
  # Named by its end: it can go back to no moment before that.
  name="$1/$(date -u +%Y-%m-%dT%H%M%S.%3NZ).base.age"
  sync "$part"; mv "$part" "$name"; sync "$1"
  echo "$name"
  ;;
restore)
  [ ! -e "$2" ] || [ -z "$(ls -A "$2")" ] || stop "$2 is not empty: restore into an empty folder"
  newest=
  for found in "$1"/*.base.age; do
    [ -e "$found" ] || stop "no base backup in $1"
    made=$(basename "$found" .base.age | sed 's/T\(..\)\(..\)\(.*\)Z/ \1:\2:\3+00/')
    if [ -z "${3:-}" ] || [ "$(date -u -d "$made" +%s%3N)" -lt "$(date -u -d "$3" +%s%3N)" ]; then newest=$found; fi
  done
  [ -n "$newest" ] || stop "no base backup is older than $3"
  mkdir -p "$2"; chmod 700 "$2"
  open < "$newest" | gzip -dc | tar -xf - -C "$2"
  touch "$2/recovery.signal"
  me=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
  {
    echo "restore_command = '\"$me\" fetch \"$(cd "$1" && pwd)\" \"%f\" \"%p\"'"
    echo "archive_mode = off"
    if [ -n "${3:-}" ]; then
      echo "recovery_target_time = '$3'"
      echo "recovery_target_action = 'promote'"
    fi
  } >> "$2/postgresql.auto.conf"
  echo "$newest is unpacked in $2. Start PostgreSQL there; it asks for the archived WAL itself."
  ;;
fetch)
  [ -e "$1/$2.wal.age" ] || exit 1 # the usual end of the archive
  open < "$1/$2.wal.age" > "$3.part"
  mv "$3.part" "$3"
  ;;
forget)
  find "$1" -maxdepth 1 \( -name '*.base.age' -o -name '*.wal.age' \) -mtime "+$2" -print -delete
  ;;
*)
  sed -n '5,9s/^# *//p' "$0" >&2
  exit 2
  ;;
esac
