# One image for bridge and worker; the command says which. No Alpine: Temporal's core is built for glibc.
ARG NODE_IMAGE=node:20.19.5-slim

# Builds and packs the product as npm would publish it: without emulators, tests and sources.
FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY packages packages
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json README.md CHANGELOG.md LICENSE ./
COPY scripts scripts
COPY docs docs
COPY src src
RUN npm run build && npm pack --pack-destination /tmp \
  && mkdir /app && tar --extract --file /tmp/bqtail-*.tgz --directory /app --strip-components=1 \
  && cp package-lock.json /app

# The product's own dependencies, in the versions of the lock file; --workspaces=false leaves out those of the emulators.
FROM ${NODE_IMAGE} AS install
WORKDIR /app
COPY --from=build /app/package.json /app/package-lock.json ./
RUN npm ci --omit=dev --workspaces=false --no-audit --no-fund

FROM ${NODE_IMAGE}
# The slim image has no certificates, and Temporal's core reads those of the system for TLS.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /app
COPY --from=install /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
COPY deploy/workerHealth.cjs deploy/
USER node
EXPOSE 8080
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["--help"]
