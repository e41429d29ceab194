package io.millrace.jmh.frame;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.tls.TlsEngineDriver;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to wrap content and to unwrap it at the other end, in memory and on one thread: {@link TlsEngineDriver}s beside
 * two bare engines of the JDK, called as seldom as can be. TLS 1.3, heap buffers. What arrives is compared with what was sent.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(3)
public class TlsCost {
    private static final int ROOM = 256 * 1024;

    /** Of the content, in bytes; the JDK puts up to 16,351 into a record. */
    @Param({"100", "1000", "16000", "64000"})
    public int length;

    private final ByteBuffer wire = ByteBuffer.allocate(ROOM);
    private final ByteBuffer received = ByteBuffer.allocate(ROOM);
    private ByteBuffer content;
    private long number;
    private SSLEngine client;
    private SSLEngine server;
    private TlsEngineDriver clientDriver;
    private TlsEngineDriver serverDriver;

    /**
     * Shakes hands twice, with the bare engines and with the drivers.
     *
     * @throws GeneralSecurityException if the JDK lacks an algorithm.
     * @throws SSLException             if the handshake fails.
     */
    @Setup
    public void shakeHands() throws GeneralSecurityException, SSLException {
        content = ByteBuffer.allocate(length);
        for (int i = Long.BYTES; i < length; i++) {
            content.put(i, (byte) i);
        }
        final SSLContext context = SelfSignedCertificate.sslContext();
        client = engine(context, true);
        server = engine(context, false);
        client.beginHandshake();
        server.beginHandshake();
        boolean moved = true;
        while (moved) {
            moved = turn(client, server);
            moved |= turn(server, client);
            received.clear();
        }
        clientDriver = new TlsEngineDriver(engine(context, true));
        serverDriver = new TlsEngineDriver(engine(context, false));
        clientDriver.begin();
        serverDriver.begin();
        moved = true;
        while (moved) {
            moved = turn(clientDriver, serverDriver);
            moved |= turn(serverDriver, clientDriver);
            received.clear();
        }
    }

    private static SSLEngine engine(final SSLContext context, final boolean isClient) {
        final SSLEngine engine = context.createSSLEngine("localhost", 1);
        engine.setUseClientMode(isClient);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        return engine;
    }

    private boolean turn(final SSLEngine from, final SSLEngine to) throws SSLException {
        wire.clear();
        runTasks(from);
        while (from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            from.wrap(ByteBuffer.allocate(0), wire);
            runTasks(from);
        }
        wire.flip();
        final boolean moved = wire.hasRemaining();
        while (wire.hasRemaining()) {
            to.unwrap(wire, received);
            runTasks(to);
        }
        return moved;
    }

    private static void runTasks(final SSLEngine engine) {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
        }
    }

    private boolean turn(final TlsEngineDriver from, final TlsEngineDriver to) throws SSLException {
        wire.clear();
        while (from.needsWrap()) {
            from.wrap(wire);
        }
        wire.flip();
        final boolean moved = wire.hasRemaining();
        while (wire.hasRemaining()) {
            to.unwrap(wire, received);
        }
        return moved;
    }

    /**
     * Bare engines.
     *
     * @throws SSLException if a record is broken.
     */
    @Benchmark
    public void baselineEngine() throws SSLException {
        content.clear().putLong(0, ++number);
        wire.clear();
        while (content.hasRemaining()) {
            require(client.wrap(content, wire));
        }
        wire.flip();
        received.clear();
        while (wire.hasRemaining()) {
            require(server.unwrap(wire, received));
        }
        check();
    }

    private static void require(final SSLEngineResult result) {
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new IllegalStateException("the engine stopped: " + result);
        }
    }

    /**
     * Ours.
     *
     * @throws SSLException if a record is broken.
     */
    @Benchmark
    public void millraceDriver() throws SSLException {
        content.clear().putLong(0, ++number);
        clientDriver.wrap(content, wire.clear());
        received.clear();
        serverDriver.unwrap(wire.flip(), received);
        check();
    }

    private void check() {
        if (content.hasRemaining() || !received.flip().equals(content.rewind())) {
            throw new IllegalStateException("not what was sent: content=" + content + " received=" + received);
        }
    }
}
