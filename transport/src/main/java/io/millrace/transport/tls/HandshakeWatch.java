package io.millrace.transport.tls;

import java.nio.ByteBuffer;

/**
 * What the two hellos of one handshake say, whichever side this is; once {@linkplain #settle() settled}, what is left to be asked
 * about them, without the hellos. The connection's thread.
 */
final class HandshakeWatch {
    private final boolean client;

    /** Both null once settled. */
    private HelloReader clientHello = new HelloReader(Hello.CLIENT);

    private HelloReader serverHello = new HelloReader(Hello.SERVER);

    private boolean answered;
    private boolean resumed;

    /** That the client's hello asked for; null if there was no such hello to be read. */
    private String serverName;

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
        look();
    }

    private void look() {
        final Hello asked = clientHello.hello();
        final Hello answer = serverHello.hello();
        answered = answer != null;
        resumed = answered && asked != null && (answer.hasPreSharedKey() || answer.resumesByIdOf(asked));
        serverName = asked == null ? null : asked.serverName();
    }

    /** The handshake is done: an idle connection need not keep what was said in it, tickets and certificates' names among it. */
    void settle() {
        clientHello = null;
        serverHello = null;
    }

    /** Whether the client's hello offered a session of TLS 1.3. Before it is settled. */
    boolean isTicketOffered() {
        return clientHello.hello() != null && clientHello.hello().hasPreSharedKey();
    }

    /** Whether the server has answered with its hello. */
    boolean isAnswered() {
        return answered;
    }

    boolean isResumed() {
        return resumed;
    }

    /** The name that the client's hello asked for; empty for none, null if no hello of a client could be read. */
    String serverName() {
        return serverName;
    }

    /** The client's hello, or null. Before it is settled, as the rest. */
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
