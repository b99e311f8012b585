# One of our services as an image: the program alone on glibc, no shell, no package manager, user 65532.
#   docker build --build-arg SERVICE=relay --tag tweet-pipeline/relay .
# `bun run images` builds all of them. They run with a read-only root file system; all-in-one keeps its files in /data.

# The board's page, which is the same in every image that has it; it takes the packages of development.
FROM oven/bun:1.4.5 AS page
# Behind a proxy that signs TLS itself: --build-arg NODE_EXTRA_CA_CERTS=<file in the build> and a volume that brings it.
ARG NODE_EXTRA_CA_CERTS
WORKDIR /build
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile --ignore-scripts
COPY tsconfig.json ./
COPY lib/pipeline lib/pipeline
COPY services/board/web services/board/web
RUN bun --bun run web \
 && tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --file=/page.tar --directory=services/board/web/dist .

FROM oven/bun:1.4.5 AS build
ARG NODE_EXTRA_CA_CERTS
WORKDIR /build
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile --production --ignore-scripts
COPY tsconfig.json ./
COPY gen gen
COPY lib lib
COPY pipelines pipelines
COPY services services
COPY --from=page /page.tar page.tar
# Only from here on do the images differ.
ARG SERVICE
RUN test -f "services/$SERVICE/main.ts" || { echo "SERVICE must be one of: $(ls services | xargs): current value is \"$SERVICE\""; exit 1; }
# The same sources give the same bytes: the time of the files is not that of the build.
ARG SOURCE_DATE_EPOCH=315532800
# What follows the program's file is put into it: the page, where there is a board.
RUN mkdir -p /out/data \
 && case "$SERVICE" in board | all-in-one) page=page.tar ;; *) page= ;; esac \
 && bun build --compile --minify --sourcemap "services/$SERVICE/main.ts" $page --outfile /out/service \
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
