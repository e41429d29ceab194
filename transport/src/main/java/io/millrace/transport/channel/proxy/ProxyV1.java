package io.millrace.transport.channel.proxy;

import io.millrace.transport.Cidr;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The line of version 1, section 2.1 of the specification: whole, up to its LF. */
final class ProxyV1 {
    private static final int START = "PROXY ".length();
    private static final int FIELDS = 5;
    private static final int MAX_PORT = 65_535;

    private ProxyV1() {}

    static ProxyHeader header(final byte[] bytes, final int length) {
        if (bytes[length - 2] != '\r') {
            throw ProxyHeaderParser.malformed("a LF without its CR: at=" + (length - 1));
        }
        final String line = new String(bytes, START, length - START - 2, StandardCharsets.ISO_8859_1);
        if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
            return ProxyHeader.withoutAddresses(1);
        }
        final String[] fields = line.split(" ", -1);
        if (fields.length != FIELDS || !(fields[0].equals("TCP4") || fields[0].equals("TCP6"))) {
            throw ProxyHeaderParser.malformed("line=" + printable(line));
        }
        final boolean v6 = fields[0].equals("TCP6");
        return new ProxyHeader(
                1,
                Optional.of(address(v6, fields[1], fields[3])),
                Optional.of(address(v6, fields[2], fields[4])),
                ByteBuffer.allocate(0));
    }

    private static InetSocketAddress address(final boolean v6, final String host, final String port) {
        if (host.indexOf(':') >= 0 != v6) {
            throw ProxyHeaderParser.malformed("address of the other family: address=" + printable(host));
        }
        try {
            return new InetSocketAddress(Cidr.address(host), port(port));
        } catch (final IllegalArgumentException ex) {
            throw ProxyHeaderParser.malformed("address=" + printable(host));
        }
    }

    private static int port(final String text) {
        final boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
        final boolean canonical = text.equals("0") || !text.startsWith("0");
        if (!digits || !canonical || text.isEmpty() || text.length() > 5 || Integer.parseInt(text) > MAX_PORT) {
            throw ProxyHeaderParser.malformed("port=" + printable(text));
        }
        return Integer.parseInt(text);
    }

    /** What a peer sent must not reach a log as control characters. */
    private static String printable(final String text) {
        return text.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
