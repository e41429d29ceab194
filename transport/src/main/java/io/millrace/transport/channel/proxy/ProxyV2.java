package io.millrace.transport.channel.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The block of version 2, section 2.2 of the specification: whole, its signature checked.
 *
 * <pre>
 *  0          12            13              14     16
 *  signature  version (4)   family (4)      length addresses, then vectors: type (1) length (2) value
 *             command (4)   protocol (4)
 * </pre>
 */
final class ProxyV2 {
    private static final int COMMAND_AT = 12;
    private static final int FAMILY_AT = 13;
    private static final int ADDRESSES_AT = 16;
    private static final int VERSION = 2;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int UNSPEC = 0;
    private static final int INET = 1;
    private static final int INET6 = 2;
    private static final int UNIX = 3;
    private static final int DGRAM = 2;
    private static final int UNIX_LENGTH = 108;
    private static final int TLV_START_LENGTH = 3;
    private static final int CRC32C_TYPE = 3;
    private static final int CRC32C_LENGTH = 4;

    private ProxyV2() {}

    static ProxyHeader header(final byte[] bytes) {
        final int version = bytes[COMMAND_AT] >> 4 & 0xF;
        final int command = bytes[COMMAND_AT] & 0xF;
        if (version != VERSION || command > PROXY) {
            throw ProxyHeaderParser.malformed("version=" + version + " command=" + command);
        }
        if (command == LOCAL) {
            return ProxyHeader.withoutAddresses(VERSION);
        }
        final int family = bytes[FAMILY_AT] >> 4 & 0xF;
        final int protocol = bytes[FAMILY_AT] & 0xF;
        if (family > UNIX || protocol > DGRAM) {
            throw ProxyHeaderParser.malformed("family=" + family + " protocol=" + protocol);
        }
        if (family == UNSPEC || protocol == UNSPEC) {
            return ProxyHeader.withoutAddresses(VERSION);
        }
        return withAddresses(bytes, family);
    }

    private static ProxyHeader withAddresses(final byte[] bytes, final int family) {
        final int addressLength = family == INET ? 4 : family == INET6 ? 16 : UNIX_LENGTH;
        final int portLength = family == UNIX ? 0 : Short.BYTES;
        final int tlvsAt = ADDRESSES_AT + 2 * (addressLength + portLength);
        if (tlvsAt > bytes.length) {
            throw ProxyHeaderParser.malformed(
                    "too short for its family=" + family + ": length=" + (bytes.length - ADDRESSES_AT));
        }
        checkTlvs(bytes, tlvsAt);
        final ByteBuffer in = ByteBuffer.wrap(bytes, ADDRESSES_AT, bytes.length - ADDRESSES_AT);
        final byte[] source = new byte[addressLength];
        final byte[] destination = new byte[addressLength];
        in.get(source).get(destination);
        final ByteBuffer tlvs = ByteBuffer.wrap(Arrays.copyOfRange(bytes, tlvsAt, bytes.length));
        return family == UNIX
                ? new ProxyHeader(VERSION, unix(source), unix(destination), tlvs)
                : new ProxyHeader(VERSION, inet(source, in), inet(destination, in), tlvs);
    }

    private static Optional<SocketAddress> inet(final byte[] address, final ByteBuffer ports) {
        try {
            return Optional.of(
                    new InetSocketAddress(InetAddress.getByAddress(address), Short.toUnsignedInt(ports.getShort())));
        } catch (final UnknownHostException ex) {
            throw new IllegalStateException("an address has 4 or 16 bytes: bytes=" + address.length, ex);
        }
    }

    /** A path up to its NUL. An abstract name, which begins with one, has no address in Java. */
    private static Optional<SocketAddress> unix(final byte[] address) {
        int length = 0;
        while (length < address.length && address[length] != 0) {
            length++;
        }
        try {
            return Optional.of(UnixDomainSocketAddress.of(new String(address, 0, length, StandardCharsets.UTF_8)));
        } catch (final InvalidPathException ex) {
            throw ProxyHeaderParser.malformed("not a path: bytes=" + length);
        }
    }

    private static void checkTlvs(final byte[] bytes, final int tlvsAt) {
        int at = tlvsAt;
        while (at < bytes.length) {
            final int valueAt = at + TLV_START_LENGTH;
            final int end = valueAt > bytes.length
                    ? Integer.MAX_VALUE
                    : valueAt + ((bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF));
            if (end > bytes.length) {
                throw ProxyHeaderParser.malformed("a vector that is cut off: at=" + at);
            }
            if (bytes[at] == CRC32C_TYPE) {
                checkCrc32c(bytes, valueAt, end - valueAt);
            }
            at = end;
        }
    }

    private static void checkCrc32c(final byte[] bytes, final int valueAt, final int valueLength) {
        if (valueLength != CRC32C_LENGTH) {
            throw ProxyHeaderParser.malformed("CRC32C of another length: length=" + valueLength);
        }
        final CRC32C crc = new CRC32C();
        crc.update(bytes, 0, valueAt);
        crc.update(new byte[CRC32C_LENGTH]);
        crc.update(bytes, valueAt + CRC32C_LENGTH, bytes.length - valueAt - CRC32C_LENGTH);
        final int sent = ByteBuffer.wrap(bytes).getInt(valueAt);
        if ((int) crc.getValue() != sent) {
            throw ProxyHeaderParser.malformed("CRC32C is wrong: sent=" + Integer.toHexString(sent) + " computed="
                    + Long.toHexString(crc.getValue()));
        }
    }
}
