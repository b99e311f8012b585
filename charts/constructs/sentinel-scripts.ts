/** How long a server, or a sentinel, waits for what it must know before it starts; then it ends and is started again. */
const waitS = 120;

/** How long one question to another server may take. */
const askS = 2;

/**
 * Starts a server as what the sentinels say that it is, and not as what it was when it ended: an old primary that took
 * itself for one still would have writes that nobody else knows of, and could be chosen over copies that have more. What
 * two of three say holds; until two agree nothing starts. A server whose volume is empty does not start as primary over
 * copies that have data, which it would empty too: it stays away until another one is chosen.
 *
 * Of the environment: `NAME` (by which sentinels know the servers), `SELF`, `SERVERS`, `SENTINELS` (`host:port`, all of
 * them separated by spaces), `DATA` (the server's folder) and `ASK` (what `valkey-cli` needs to sign in). The program
 * with its arguments comes behind the script's name.
 */
export const startServer = `trap 'exit 143' TERM
ask() {
  at=$1; shift
  timeout ${askS} valkey-cli -h "\${at%:*}" -p "\${at##*:}" $ASK "$@" 2>/dev/null
}
told() {
  for each in $SENTINELS; do ask "$each" sentinel get-master-addr-by-name "$NAME" | paste -sd: -; done |
    sort | uniq -c | sed -n 's/^ *[23] //p'
}
others_have_data() {
  for each in $SERVERS; do
    if [ "$each" != "$SELF" ] && ask "$each" info keyspace | grep -q '^db'; then return 0; fi
  done
  return 1
}
tries=0
while :; do
  primary=$(told)
  case " $SERVERS " in
    *" \${primary:-nobody} "*)
      if [ "$primary" != "$SELF" ]; then
        exec "$@" --replicaof "\${primary%:*}" "\${primary##*:}"
      elif [ -e "$DATA/appendonlydir" ] || ! others_have_data; then
        exec "$@" --replicaof no one
      fi ;;
  esac
  tries=$((tries + 1))
  if [ "$tries" -ge ${waitS} ]; then
    echo "Cannot start: two sentinels must agree on a primary that has data: current value is \${primary:-none}" >&2
    exit 1
  fi
  sleep 1
done`;

/**
 * Starts a sentinel with what the files say now and with what it learnt: which server is the primary, since when, and who
 * else there is. Its own name follows from where it runs, so that one that has lost its volume is no other one.
 *
 * Of the environment: `NAME`, `SELF` (`host:port` of the server that it stands beside), `FIRST` (the primary of a new
 * deployment, `host port`), `STATE` (its folder) and `FILES` (the folder of `sentinel.conf` and `sentinel-logins.conf`).
 */
export const startSentinel = `trap 'exit 143' TERM
umask 077
mkdir -p "$STATE"
conf=$STATE/sentinel.conf
learnt=$(grep -E '^sentinel (monitor|config-epoch|leader-epoch|current-epoch|known-replica|known-sentinel) ' "$conf" 2>/dev/null)
tries=0
until [ -n "$learnt" ] || getent hosts "\${FIRST% *}" >/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -ge ${waitS} ]; then
    echo "Cannot start: the first primary must have an address: current value is \${FIRST% *}" >&2
    exit 1
  fi
  sleep 1
done
{
  cat "$FILES/sentinel.conf"
  echo "dir $STATE"
  echo "sentinel announce-ip \${SELF%:*}"
  echo "sentinel myid $(printf %s "$SELF" | sha1sum | cut -c1-40)"
  if [ -n "$learnt" ]; then echo "$learnt"; else echo "sentinel monitor $NAME $FIRST 2"; fi
  cat "$FILES/sentinel-logins.conf"
} > "$conf.new"
mv "$conf.new" "$conf"
exec valkey-server "$conf" --sentinel`;
