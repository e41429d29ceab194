package io.millrace.transport.channel.socket;

import java.net.URI;

/** What {@code scheme://host:port} names; the host without the brackets of an IPv6 address. */
record HostAndPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    static HostAndPort of(final URI uri, final int lowestPort) {
        final String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException("no host, or not the name of one (letters, digits, hyphens, dots), want "
                    + uri.getScheme() + "://host:port: uri=" + uri);
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("no user belongs before the host: uri=" + uri);
        }
        final int port = uri.getPort();
        if (port < lowestPort || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be from " + lowestPort + " to " + MAX_PORT + ": uri=" + uri);
        }
        return new HostAndPort(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    /** For schemes that know of no path. */
    static void checkNothingElse(final URI uri) {
        if ((uri.getRawPath() != null && !uri.getRawPath().isEmpty())
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "nothing belongs behind the port, want " + uri.getScheme() + "://host:port: uri=" + uri);
        }
    }

    /** The same URI with a port. */
    static URI withUsualPort(final URI uri, final int port) {
        if (uri.getPort() >= 0 || uri.getHost() == null) {
            return uri;
        }
        return withPort(uri, port);
    }

    /** What is encoded stays so. */
    static URI withPort(final URI uri, final int port) {
        final String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        final String fragment = uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment();
        return URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port + uri.getRawPath() + query + fragment);
    }
}
