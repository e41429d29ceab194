package io.millrace.tests.websocket;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import javax.net.ssl.SSLContext;

/** An implementation of WebSocket in this JVM. */
interface Peer {
    /** A server that echoes. */
    interface Serving extends AutoCloseable {
        int port();

        @Override
        void close();
    }

    /** A client's open WebSocket. */
    interface Talking extends AutoCloseable {
        /** Fragments of one text come one after the other. */
        void text(String text, boolean last) throws Exception;

        void binary(ByteBuffer content) throws Exception;

        void ping(ByteBuffer payload) throws Exception;

        void end(int code, String reason) throws Exception;

        @Override
        void close();
    }

    /** A pong that came. */
    record Pong(String payload) {}

    /** How it ended. */
    record Closed(int code, String reason) {}

    /** Serves on any port of loopback; without TLS if there is no context. */
    Serving serve(SSLContext tls, boolean deflate) throws Exception;

    /** Connects; what comes goes into the queue: a text as a string, binary as a buffer, and the records above. */
    Talking talk(URI uri, SSLContext tls, boolean deflate, BlockingQueue<Object> events) throws Exception;
}
