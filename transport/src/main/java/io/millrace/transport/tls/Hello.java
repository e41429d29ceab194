package io.millrace.transport.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a ClientHello or ServerHello says that matters here (RFC 8446, sections 4.1.2, 4.1.3 and 4.2): both travel in the
 * clear, whatever the provider. Immutable.
 */
final class Hello {
    static final int CLIENT = 1;
    static final int SERVER = 2;

    private static final int RANDOM_LENGTH = 32;
    private static final int SERVER_NAME = 0;
    private static final int APPLICATION_PROTOCOLS = 16;
    private static final int PRE_SHARED_KEY = 41;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_13 = 0x0304;

    /** How the random of a HelloRetryRequest begins (RFC 8446, section 4.1.3). */
    private static final long RETRY = 0xCF21AD74E59A6111L;

    private final boolean client;
    private final int legacyVersion;
    private final boolean retryRequest;
    private final byte[] sessionId;
    private final List<Integer> suites = new ArrayList<>();
    private final List<Integer> versions = new ArrayList<>();
    private final List<String> applicationProtocols = new ArrayList<>();
    private String serverName = "";
    private byte[] ticket;
    private boolean preSharedKey;

    private Hello(final int type, final ByteBuffer body) {
        client = type == CLIENT;
        legacyVersion = u16(body);
        final int random = body.position();
        retryRequest = !client && body.getLong(random) == RETRY;
        body.position(random + RANDOM_LENGTH);
        sessionId = bytes(body, u8(body));
        final ByteBuffer ids = client ? slice(body, u16(body)) : slice(body, 2);
        while (ids.remaining() >= 2) {
            suites.add(u16(ids));
        }
        bytes(body, client ? u8(body) : 1);
        if (body.hasRemaining()) {
            final ByteBuffer extensions = slice(body, u16(body));
            while (extensions.hasRemaining()) {
                final int kind = u16(extensions);
                extension(kind, slice(extensions, u16(extensions)));
            }
        }
    }

    /** Reads a message's body; null if it is no whole hello. */
    static Hello read(final int type, final ByteBuffer body) {
        try {
            return new Hello(type, body);
        } catch (final BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException ex) {
            return null;
        }
    }

    private void extension(final int kind, final ByteBuffer body) {
        switch (kind) {
            case SERVER_NAME -> {
                if (body.hasRemaining()) {
                    body.position(3);
                    serverName = text(bytes(body, u16(body)));
                }
            }
            case APPLICATION_PROTOCOLS -> {
                final ByteBuffer names = slice(body, u16(body));
                while (names.hasRemaining()) {
                    applicationProtocols.add(text(bytes(names, u8(names))));
                }
            }
            case SUPPORTED_VERSIONS -> {
                final ByteBuffer list = client ? slice(body, u8(body)) : body;
                while (list.remaining() >= 2) {
                    versions.add(u16(list));
                }
            }
            case PRE_SHARED_KEY -> {
                preSharedKey = true;
                if (client) {
                    final ByteBuffer identities = slice(body, u16(body));
                    ticket = bytes(identities, u16(identities));
                }
            }
            default -> body.position(body.limit());
        }
    }

    private static int u8(final ByteBuffer buffer) {
        return buffer.get() & 0xFF;
    }

    private static int u16(final ByteBuffer buffer) {
        return buffer.getShort() & 0xFFFF;
    }

    private static byte[] bytes(final ByteBuffer buffer, final int length) {
        if (length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        final byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private static ByteBuffer slice(final ByteBuffer buffer, final int length) {
        return ByteBuffer.wrap(bytes(buffer, length));
    }

    private static String text(final byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    boolean isRetryRequest() {
        return retryRequest;
    }

    /** A client's offer to resume by TLS 1.3, or a server's consent. */
    boolean hasPreSharedKey() {
        return preSharedKey;
    }

    /** The first ticket offered by TLS 1.3; null for none. */
    byte[] ticket() {
        return ticket;
    }

    /**
     * By TLS 1.2 the server's answer is the client's own session id if it resumes (RFC 5246, section 7.4.1.3); by TLS 1.3 it
     * always is, and says nothing (RFC 8446, section 4.1.3).
     */
    boolean resumesByIdOf(final Hello clientHello) {
        return !versions.contains(TLS_13) && sessionId.length > 0 && Arrays.equals(sessionId, clientHello.sessionId);
    }

    String serverName() {
        return serverName;
    }

    List<String> applicationProtocols() {
        return List.copyOf(applicationProtocols);
    }

    /** Names of the versions, as far as they have one here. */
    List<String> versions() {
        return (versions.isEmpty() ? List.of(legacyVersion) : versions)
                .stream()
                        .filter(version -> version >> 8 == 3)
                        .map(Hello::versionName)
                        .toList();
    }

    private static String versionName(final int version) {
        return switch (version) {
            case 0x0300 -> "SSLv3";
            case 0x0301 -> "TLSv1";
            default -> "TLSv1." + ((version & 0xFF) - 1);
        };
    }

    /** The numbers of the cipher suites. */
    List<Integer> suites() {
        return List.copyOf(suites);
    }
}
