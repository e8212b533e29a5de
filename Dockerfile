# One image for shepherd, estimator and metrics; Compose chooses the entry point.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=optional --no-audit --no-fund
COPY . .
RUN node bin/build.mjs

# Optional packages are left out: the embedded PostgreSQL has no use where DATABASE_URL is set.
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
# `docker compose exec shepherd shepherd history`: the built command, without the installing and building of bin/shepherd.mjs.
RUN printf '#!/bin/sh\nexec node /app/dist/shepherd/cli/cliMain.js "$@"\n' > /usr/local/bin/shepherd && chmod 755 /usr/local/bin/shepherd
# A volume takes over whose it is.
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 5000 5001 9464
CMD ["node", "dist/shepherd/main.js"]
