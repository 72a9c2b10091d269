# syntax=docker/dockerfile:1
# The only way out over TLS: Squid, which lets CONNECT through to listed hosts and nothing else.
# Squid is Debian's own, so security updates come by building anew; its version is the system's.
ARG BASE_IMAGE=debian:bookworm-slim
ARG BASE_DIGEST

FROM ${BASE_IMAGE}@${BASE_DIGEST}
ARG SOURCE_DATE_EPOCH
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends squid \
    && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/ldconfig
COPY infra/docker/egress.sh /usr/local/bin/egress
USER 10002:10002
EXPOSE 3128
HEALTHCHECK --interval=20s --timeout=3s --start-period=10s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/3128"]
ENTRYPOINT ["/usr/local/bin/egress"]
CMD ["/etc/okrug/egress.list"]
