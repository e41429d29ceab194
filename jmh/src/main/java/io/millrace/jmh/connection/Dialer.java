package io.millrace.jmh.connection;

import java.io.IOException;

/** A server, and clients that connect to it, get one byte echoed, and go. */
interface Dialer extends AutoCloseable {
    /** From the connect to the first byte back; the caller's thread is one of several, known by its number. */
    void dial(int thread) throws Exception;

    @Override
    void close() throws IOException;

    static Dialer of(final String peer, final boolean resumes) throws Exception {
        return switch (peer) {
            case "baseline-socket" -> new SocketDialer(resumes);
            case "baseline-netty-nio" -> new NettyDialer(NettyTls.JDK, resumes);
            case "baseline-netty-nio-tcnative" -> new NettyDialer(NettyTls.TCNATIVE, resumes);
            case "millrace" -> new MillraceDialer(false, resumes);
            case "millrace-conscrypt" -> new MillraceDialer(true, resumes);
            default -> throw new IllegalArgumentException("no such peer: peer=" + peer);
        };
    }
}
