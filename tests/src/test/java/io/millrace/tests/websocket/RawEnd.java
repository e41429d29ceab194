package io.millrace.tests.websocket;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bare socket behind its opening handshake, as a client or as a server, that sends whatever it is told. */
final class RawEnd implements AutoCloseable {
    private static final long DEADLINE_S = 30;
    private static final String CRLF = "\r\n";
    private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (.*)\r\n");
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate" + CRLF;

    /** What a frame says, unmasked, and the key that it was masked by: 0 if it was not. */
    @SuppressWarnings("ArrayRecordComponent") // Read by whoever got it, compared by nobody.
    record Frame(int first, int key, byte[] payload) {
        int code() {
            return ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final boolean isClient;

    private RawEnd(final Socket socket, final boolean isClient) throws IOException {
        this.socket = socket;
        this.isClient = isClient;
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_S));
        // A header and its payload go out one after the other: by Nagle's rule the second waits 40 ms for the first.
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static RawEnd client(final int port) throws IOException {
        final RawEnd end = new RawEnd(new Socket("localhost", port), true);
        end.write(String.join(
                        CRLF,
                        "GET / HTTP/1.1",
                        "Host: h",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Version: 13",
                        DEFLATE,
                        "")
                .getBytes(StandardCharsets.US_ASCII));
        final String head = end.head();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException(head);
        }
        return end;
    }

    /** Waits for a client, and opens what it asks for; with compression if it offers that. */
    static RawEnd server(final ServerSocket listening) throws IOException, GeneralSecurityException {
        final RawEnd end = new RawEnd(listening.accept(), false);
        final String head = end.head();
        final Matcher key = KEY.matcher(head);
        if (!key.find()) {
            throw new IOException(head);
        }
        final byte[] digest =
                MessageDigest.getInstance("SHA-1").digest((key.group(1) + GUID).getBytes(StandardCharsets.US_ASCII));
        end.write(String.join(
                        CRLF,
                        "HTTP/1.1 101 Switching Protocols",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest),
                        head.contains("permessage-deflate") ? DEFLATE : "",
                        "")
                .getBytes(StandardCharsets.US_ASCII));
        return end;
    }

    private String head() throws IOException {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith(CRLF + CRLF)) {
            final int next = in.read();
            if (next < 0) {
                throw new IOException(head.toString(StandardCharsets.US_ASCII));
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    void write(final byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** A header with any length that is announced, masked as this end's have to be, by the key 0. */
    byte[] header(final int first, final long length) {
        final ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
        final int mask = isClient ? 0x80 : 0;
        if (length < 126) {
            header.put((byte) (mask | length));
        } else if (length < 65_536) {
            header.put((byte) (mask | 126)).putShort((short) length);
        } else {
            header.put((byte) (mask | 127)).putLong(length);
        }
        if (isClient) {
            header.putInt(0);
        }
        final byte[] bytes = new byte[header.position()];
        header.get(0, bytes);
        return bytes;
    }

    void send(final int first, final byte... payload) throws IOException {
        write(header(first, payload.length));
        write(payload);
    }

    /** The next frame; null at the end of the stream. */
    Frame receive() throws IOException {
        final int first = in.read();
        if (first < 0) {
            return null;
        }
        final int second = in.read();
        int length = second & 0x7F;
        if (length == 126) {
            length = ByteBuffer.wrap(in.readNBytes(2)).getShort() & 0xFFFF;
        } else if (length == 127) {
            length = (int) ByteBuffer.wrap(in.readNBytes(8)).getLong();
        }
        final int key =
                (second & 0x80) == 0 ? 0 : ByteBuffer.wrap(in.readNBytes(4)).getInt();
        final byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= (byte) (key >>> (24 - 8 * (i & 3)));
        }
        return new Frame(first, key, payload);
    }

    /** Nothing more is sent. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
