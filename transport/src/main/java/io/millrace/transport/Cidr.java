package io.millrace.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;

/**
 * A range of IP addresses: those that begin with the same bits (RFC 4632, RFC 4291 section 2.3). An IPv6 address that
 * holds an IPv4 one ({@code ::ffff:192.0.2.1}) is that IPv4 address, here and everywhere. Immutable; any thread; wait-free.
 */
public final class Cidr {
    private static final int V4_BITS = 32;
    private static final int MAPPED_BITS = 96;

    private final byte[] network;
    private final int prefixBits;

    private Cidr(final byte[] network, final int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /**
     * Parses a range. Nothing is ever looked up.
     *
     * @param text {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address without a slash.
     * @return the range.
     * @throws IllegalArgumentException if the text is something else, or has a bit set behind its prefix.
     */
    public static Cidr parse(final String text) {
        final int slash = text.indexOf('/');
        final String host = slash < 0 ? text : text.substring(0, slash);
        final byte[] network;
        try {
            network = address(host).getAddress();
        } catch (final IllegalArgumentException ex) {
            throw new IllegalArgumentException("not a range of addresses: cidr=" + text, ex);
        }
        final int mapped = host.indexOf(':') >= 0 && network.length * Byte.SIZE == V4_BITS ? MAPPED_BITS : 0;
        final int bits = network.length * Byte.SIZE;
        final int prefixBits = slash < 0 ? bits : prefix(text, slash + 1) - mapped;
        if (prefixBits < 0 || prefixBits > bits) {
            throw new IllegalArgumentException(
                    "prefix must be from " + mapped + " to " + (bits + mapped) + ": cidr=" + text);
        }
        final Cidr range = new Cidr(network, prefixBits);
        for (int bit = prefixBits; bit < bits; bit++) {
            if ((network[bit >> 3] & 0x80 >> (bit & 7)) != 0) {
                throw new IllegalArgumentException("a bit is set behind the prefix: cidr=" + text);
            }
        }
        return range;
    }

    private static int prefix(final String text, final int start) {
        final int length = text.length() - start;
        final boolean digits = text.chars().skip(start).allMatch(c -> c >= '0' && c <= '9');
        if (!digits || length < 1 || length > 3 || (length > 1 && text.charAt(start) == '0')) {
            throw new IllegalArgumentException("the prefix is not a number of bits: cidr=" + text);
        }
        return Integer.parseInt(text.substring(start));
    }

    /**
     * Parses one address, as four decimal numbers without leading zeros or in any form of RFC 4291 section 2.2. Names and
     * scopes are refused; nothing is ever looked up.
     *
     * @param text of the address.
     * @return the address.
     * @throws IllegalArgumentException if the text is something else.
     */
    public static InetAddress address(final String text) {
        Objects.requireNonNull(text, "address");
        try {
            if (text.indexOf(':') < 0) {
                return InetAddress.getByAddress(v4(text));
            }
            if (text.charAt(0) != '.'
                    && text.chars().allMatch(c -> c == ':' || c == '.' || (Character.digit(c, 16) >= 0 && c < 0x80))) {
                // The JDK never looks up what has a colon in it and begins with one, or a digit.
                return InetAddress.getByName(text);
            }
        } catch (final UnknownHostException ex) {
            throw new IllegalArgumentException("not an IP address: address=" + text, ex);
        }
        throw new IllegalArgumentException("not an IP address: address=" + text);
    }

    private static byte[] v4(final String text) {
        final byte[] bytes = new byte[4];
        final String[] parts = text.split("\\.", -1);
        boolean good = parts.length == bytes.length;
        for (int i = 0; good && i < parts.length; i++) {
            final String part = parts[i];
            good = !part.isEmpty()
                    && part.length() <= 3
                    && part.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (part.length() == 1 || part.charAt(0) != '0')
                    && Integer.parseInt(part) <= 255;
            bytes[i] = good ? (byte) Integer.parseInt(part) : 0;
        }
        if (!good) {
            throw new IllegalArgumentException("not an IP address: address=" + text);
        }
        return bytes;
    }

    /**
     * Whether an address lies within.
     *
     * @param address of either family.
     * @return false for one of the other family too.
     */
    public boolean contains(final InetAddress address) {
        return contains(address.getAddress());
    }

    boolean contains(final byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        final int whole = prefixBits >> 3;
        final int rest = prefixBits & 7;
        return Arrays.equals(address, 0, whole, network, 0, whole)
                && (rest == 0 || ((address[whole] ^ network[whole]) & 0xFF) >> (Byte.SIZE - rest) == 0);
    }

    /**
     * How many leading bits the addresses share: the longer, the more exact.
     *
     * @return bits, from 0 to 32 for IPv4, to 128 for IPv6.
     */
    public int prefixBits() {
        return prefixBits;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Cidr range && prefixBits == range.prefixBits && Arrays.equals(network, range.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefixBits;
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/" + prefixBits;
        } catch (final UnknownHostException ex) {
            throw new IllegalStateException("an address has 4 or 16 bytes: bytes=" + network.length, ex);
        }
    }
}
