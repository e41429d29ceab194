package io.millrace.transport.tls;

import java.nio.ByteBuffer;

/** What the two hellos of one handshake say, whichever side this is. The connection's thread. */
final class HandshakeWatch {
    private final boolean client;
    private final HelloReader clientHello = new HelloReader(Hello.CLIENT);
    private final HelloReader serverHello = new HelloReader(Hello.SERVER);

    HandshakeWatch(final boolean client) {
        this.client = client;
    }

    void sent(final ByteBuffer wire, final int from, final int to) {
        read(client ? clientHello : serverHello, wire, from, to);
    }

    void received(final ByteBuffer wire, final int from, final int to) {
        read(client ? serverHello : clientHello, wire, from, to);
    }

    private void read(final HelloReader reader, final ByteBuffer wire, final int from, final int to) {
        reader.read(wire, from, to);
        if (reader == serverHello && reader.hello() != null && reader.hello().isRetryRequest()) {
            serverHello.again();
            clientHello.again();
        }
    }

    /** Whether the client's hello offered a session of TLS 1.3. */
    boolean isTicketOffered() {
        return clientHello.hello() != null && clientHello.hello().hasPreSharedKey();
    }

    /** Whether the server has answered with its hello. */
    boolean isAnswered() {
        return serverHello.hello() != null;
    }

    boolean isResumed() {
        final Hello asked = clientHello.hello();
        final Hello answered = serverHello.hello();
        return answered != null && asked != null && (answered.hasPreSharedKey() || answered.resumesByIdOf(asked));
    }

    /** The client's hello, or null. */
    Hello clientHello() {
        return clientHello.hello();
    }

    /** Looks at a record that the engine failed for. */
    void refused(final ByteBuffer wire, final int from) {
        (client ? serverHello : clientHello).readAlert(wire, from);
    }

    /** The fatal alert that the peer sent in the clear, or {@link HelloReader#NO_ALERT}. */
    int receivedAlert() {
        return (client ? serverHello : clientHello).alert();
    }

    /** The fatal alert that this side sent in the clear, or {@link HelloReader#NO_ALERT}. */
    int sentAlert() {
        return (client ? clientHello : serverHello).alert();
    }
}
