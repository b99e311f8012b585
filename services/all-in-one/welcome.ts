/** What to try first, once everything answers. */
export function welcome(
  ports: { readonly http: number; readonly grpc: number },
  dataDir: string,
): string {
  const base = `http://localhost:${ports.http}`;
  return `tweet-pipeline answers on ${base} and, for gRPC, on localhost:${ports.grpc}; its data is in ${dataDir}

  curl ${base}/clima --json '{"municipality":"guatemala","temperature":25,"humidity":60,"weather":"sunny"}'
  curl ${base}/api/clima-app/state
  curl ${base}/api/clima-app/ledger
  grpcurl -plaintext -d '{"municipality":2,"temperature":25,"humidity":60,"weather":1}' \\
    localhost:${ports.grpc} weathertweet.WeatherTweetService/SendTweet
  bun run load    (or npm run load)

Ctrl-C ends it; what was accepted stays.
`;
}
