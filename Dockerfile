# One of our services as an image: the program alone on glibc, no shell, no package manager, user 65532.
#   docker build --build-arg SERVICE=relay --tag tweet-pipeline/relay .
# `bun run images` builds all of them. They run with a read-only root file system; all-in-one keeps its files in /data.

FROM oven/bun:1.4.5 AS build
# Behind a proxy that signs TLS itself: --build-arg NODE_EXTRA_CA_CERTS=<file in the build> and a volume that brings it.
ARG NODE_EXTRA_CA_CERTS
WORKDIR /build
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile --production --ignore-scripts
COPY tsconfig.json ./
COPY gen gen
COPY lib lib
COPY pipelines pipelines
COPY services services
# Only from here on do the images differ.
ARG SERVICE
RUN test -f "services/$SERVICE/main.ts" || { echo "SERVICE must be one of: $(ls services | xargs): current value is \"$SERVICE\""; exit 1; }
# The same sources give the same bytes: the time of the files is not that of the build.
ARG SOURCE_DATE_EPOCH=315532800
RUN mkdir -p /out/data \
 && bun build --compile --minify --sourcemap "services/$SERVICE/main.ts" --outfile /out/service \
 && touch --no-create --date="@$SOURCE_DATE_EPOCH" /out/service /out/data

FROM gcr.io/distroless/cc-debian12:nonroot
ARG SERVICE
ARG VERSION
LABEL org.opencontainers.image.title="tweet-pipeline/$SERVICE" \
      org.opencontainers.image.description="Small events in over HTTP or gRPC, through Kafka and RabbitMQ, folded exactly once into Valkey." \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /out/service /service
COPY --from=build --chown=65532:65532 /out/data /data
ENV DATA_DIR=/data
USER 65532:65532
WORKDIR /
ENTRYPOINT ["/service"]
