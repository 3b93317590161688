FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /image/pacta ./cmd/pacta
# What a static program needs beside itself: certificates for neo4j+s, a place for large uploads and one for a graph.
RUN mkdir -p /image/etc/ssl/certs /image/data && install -d -m 1777 /image/tmp && \
    cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/

# Scratch, not distroless: one static program needs nothing from a base image, so there is none to trust or to patch.
FROM scratch
COPY --from=build --chown=65532:65532 /image /
USER 65532:65532
ENV PACTA_STORE=local:/data/pacta.db
EXPOSE 8080
ENTRYPOINT ["/pacta"]
CMD ["--help"]
