package io.millrace.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.IdleContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 5: a send from inside a receive, over WebSockets; and little copies of the faulty designs, which have to fail. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketSendFromReceiveTest {
    private static final long DEADLINE_S = 30;
    private static final int SENDERS = 8;
    private static final int MESSAGES = 2_000;

    /** Of one that answers a heartbeat, masked. */
    private static final int PONG_LENGTH = 14;

    private static final ByteBuffer PING = ByteBuffer.wrap(new byte[] {1, 2, 3});

    private static CompletableFuture<Void> inThread(final List<Thread> threads, final Interruptible body) {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        final Thread thread = new Thread(() -> {
            try {
                body.run();
                done.complete(null);
            } catch (final InterruptedException ex) {
                done.completeExceptionally(ex);
            }
        });
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return done;
    }

    @FunctionalInterface
    private interface Interruptible {
        void run() throws InterruptedException;
    }

    /** The TLS lock is held while the callback runs, and cannot be taken twice. */
    private static final class HeldWhileCalling {
        final List<Thread> threads = new ArrayList<>();
        private final Semaphore tlsLock = new Semaphore(1);

        /** A message comes, and its callback sends; done when that is sent. */
        CompletableFuture<Void> receive() {
            return inThread(threads, () -> {
                tlsLock.acquire();
                write();
                tlsLock.release();
            });
        }

        private void write() throws InterruptedException {
            tlsLock.acquire();
            tlsLock.release();
        }
    }

    /** The repair: a lock that can be taken twice; but sending takes the send lock first, and receiving the TLS lock. */
    private static final class TwoLocks {
        final List<Thread> threads = new ArrayList<>();
        private final ReentrantLock tlsLock = new ReentrantLock();
        private final ReentrantLock sendLock = new ReentrantLock();
        private final CountDownLatch bothHold = new CountDownLatch(2);

        /** A message comes, and its callback sends; done when that is sent. */
        CompletableFuture<Void> receive() {
            return inThread(threads, () -> takeBoth(tlsLock, sendLock));
        }

        /** Another thread sends, at the same time. */
        CompletableFuture<Void> send() {
            return inThread(threads, () -> takeBoth(sendLock, tlsLock));
        }

        private void takeBoth(final ReentrantLock first, final ReentrantLock second) throws InterruptedException {
            first.lockInterruptibly();
            try {
                bothHold.countDown();
                bothHold.await();
                second.lockInterruptibly();
                second.unlock();
            } finally {
                first.unlock();
            }
        }
    }

    /** A server that pings from inside its callback for each message, and a client. */
    private static final class Real implements AutoCloseable {
        private final Transport transport;
        private final AtomicInteger pongs = new AtomicInteger();
        private final CompletableFuture<CloseReport> serverClosed = new CompletableFuture<>();
        private final List<Thread> threads = new ArrayList<>();
        private final AtomicInteger received = new AtomicInteger();
        private final URI uri;
        private final SSLContext certificate = SelfSignedCertificate.sslContext();
        private WebSocket client;
        private volatile WebSocket server;

        Real(final String scheme, final IdleContext idle) throws GeneralSecurityException {
            transport = new Transport(new TransportContext()
                    .tlsContext(new TlsContext().sslContext(certificate))
                    .connectionContext(new ConnectionContext().idleContext(idle)));
            final int port = transport
                    .listen(URI.create(scheme + "://localhost:0"), new WebSocketContext(), Server::new)
                    .address()
                    .getPort();
            uri = URI.create(scheme + "://localhost:" + port);
        }

        Real connect() throws Exception {
            client = transport
                    .connect(uri, new ConnectionContext(), new WebSocketContext(), new WebSocketHandler() {
                        @Override
                        public void onBinary(
                                final WebSocket webSocket,
                                final ByteBuffer buffer,
                                final int offset,
                                final int length) {
                            received.incrementAndGet();
                        }
                    })
                    .get(DEADLINE_S, TimeUnit.SECONDS);
            Await.until(() -> server != null);
            return this;
        }

        private final class Server implements WebSocketHandler {
            @Override
            public void onOpen(final WebSocket webSocket) {
                server = webSocket;
            }

            @Override
            public void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
                if (webSocket.ping(PING) < 0) {
                    throw new IllegalStateException("no room for one ping");
                }
            }

            @Override
            public void onPong(
                    final WebSocket webSocket, final ByteBuffer payload, final int offset, final int length) {
                pongs.incrementAndGet();
            }

            @Override
            public void onClose(
                    final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
                serverClosed.complete(report);
            }
        }

        Socket bare(final String scheme) throws IOException {
            return scheme.equals("wss")
                    ? certificate.getSocketFactory().createSocket("localhost", uri.getPort())
                    : new Socket("localhost", uri.getPort());
        }

        /** A message comes, and its callback sends; done when that is sent. */
        CompletableFuture<Void> receive() {
            final int before = pongs.get();
            return inThread(threads, () -> {
                client.texts()
                        .send(ByteBuffer.wrap("ping, please".getBytes(StandardCharsets.UTF_8)), Long.MAX_VALUE / 4);
                Await.until(() -> pongs.get() > before);
            });
        }

        /** Another thread sends, at the same time. */
        CompletableFuture<Void> send() {
            final int before = received.get();
            return inThread(threads, () -> {
                for (int i = 0; i < MESSAGES; i++) {
                    server.binaries().send(ByteBuffer.allocate(100), TimeUnit.SECONDS.toNanos(DEADLINE_S));
                }
                Await.until(() -> received.get() == before + MESSAGES);
            });
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    private static void waitFor(final CompletableFuture<Void> done, final long timeoutMs) throws Exception {
        done.get(timeoutMs, TimeUnit.MILLISECONDS);
    }

    private static long[] deadlocked() {
        return ManagementFactory.getThreadMXBean().findDeadlockedThreads();
    }

    @Test
    void shouldDetectACallbackThatWaitsForItsCallersLock() {
        final HeldWhileCalling faulty = new HeldWhileCalling();

        assertThrows(TimeoutException.class, () -> waitFor(faulty.receive(), 200));
        faulty.threads.forEach(Thread::interrupt);
    }

    @Test
    void shouldDetectTwoLocksThatAreTakenInTwoOrders() {
        final TwoLocks faulty = new TwoLocks();
        final CompletableFuture<Void> receive = faulty.receive();
        final CompletableFuture<Void> send = faulty.send();
        try {
            Await.until(() -> deadlocked() != null);

            assertNotNull(deadlocked());
            assertFalse(receive.isDone() || send.isDone());
        } finally {
            faulty.threads.forEach(Thread::interrupt);
        }
        Await.until(() -> receive.isDone() && send.isDone());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void shouldBeAnsweredWithinASecondWhenAPingIsSentInsideTheReceiveCallback(final String scheme) throws Exception {
        try (Real real = new Real(scheme, new IdleContext()).connect()) {
            for (int i = 0; i < 100; i++) {
                waitFor(real.receive(), 1_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void shouldFinishBothWhenOneThreadSendsWhileACallbackSends(final String scheme) throws Exception {
        try (Real real = new Real(scheme, new IdleContext()).connect()) {
            for (int i = 0; i < 20; i++) {
                final CompletableFuture<Void> send = real.send();
                final CompletableFuture<Void> receive = real.receive();
                while (!send.isDone() || !receive.isDone()) {
                    assertNull(deadlocked());
                }
                waitFor(send, 1);
                waitFor(receive, 1);
            }
        }
    }

    /** An idle tick goes up as an empty message, and the reader above takes that for the end of the stream. */
    private static final class IdleAsEmptyMessage {
        private boolean open = true;

        void receive(final byte... read) {
            if (read.length == 0) {
                open = false;
            }
        }

        void idle() {
            receive();
        }
    }

    @Test
    void shouldDetectAnIdleTickThatIsReadAsTheEnd() {
        final IdleAsEmptyMessage faulty = new IdleAsEmptyMessage();
        faulty.receive((byte) 1);
        assertTrue(faulty.open);
        faulty.idle();

        assertFalse(faulty.open);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void shouldStayOpenAndPingWhenThreeIntervalsAreIdle(final String scheme) throws Exception {
        final IdleContext idle = new IdleContext()
                .heartbeatIntervalNs(TimeUnit.MILLISECONDS.toNanos(50))
                .idleTimeoutNs(TimeUnit.MILLISECONDS.toNanos(50));
        try (Real real = new Real(scheme, idle).connect()) {
            final Connection server = real.server.connection();
            final Connection client = real.client.connection();
            final long before = client.counters().bytesOut();
            // The client has no heartbeats of its own: all that it sends are answers.
            Await.until(() -> client.counters().bytesOut() - before >= 3 * PONG_LENGTH);
            Await.until(() -> real.server.roundTripNs() > 0);
            final long pings = server.counters().heartbeats();

            assertFalse(server.isClosed());
            assertTrue(pings >= 3, "pings=" + pings);
            assertEquals(0, server.counters().messagesIn(), "an idle tick is no message");
            waitFor(real.receive(), 1_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void shouldCloseWithThatReasonWhenThePingsOverTheLimitAreNotAnswered(final String scheme) throws Exception {
        final IdleContext idle = new IdleContext()
                .heartbeatIntervalNs(TimeUnit.MILLISECONDS.toNanos(50))
                .heartbeatMissedLimit(3);
        try (Real real = new Real(scheme, idle);
                Socket deaf = real.bare(scheme)) {
            deaf.getOutputStream()
                    .write(String.join(
                                    "\r\n",
                                    "GET / HTTP/1.1",
                                    "Host: h",
                                    "Upgrade: websocket",
                                    "Connection: Upgrade",
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                                    "Sec-WebSocket-Version: 13",
                                    "",
                                    "")
                            .getBytes(StandardCharsets.US_ASCII));
            final InputStream in = deaf.getInputStream();
            final StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            for (int i = 1; i <= 3; i++) {
                assertEquals(0x89, in.read(), "ping " + i);
                in.readNBytes(in.read());
            }
            assertEquals(0x88, in.read());
            in.read();
            assertEquals(1001, (in.read() << 8) | in.read());
            final CloseReport report = real.serverClosed.get(DEADLINE_S, TimeUnit.SECONDS);
            assertEquals(CloseReason.HEARTBEAT_LOST, report.reason(), report.detail());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void shouldCarryWholeMessagesOnceAndInOrderWhenEightSendAndOnePings(final String scheme) throws Exception {
        final int[] next = new int[SENDERS];
        final AtomicInteger received = new AtomicInteger();
        final AtomicInteger wrong = new AtomicInteger();
        final AtomicInteger pongs = new AtomicInteger();
        final List<Thread> threads = new ArrayList<>();
        try (Real real = new Real(scheme, new IdleContext()).connect()) {
            final int port = real.transport
                    .listen(
                            URI.create(scheme + "://localhost:0"),
                            new WebSocketContext().maxPingsPerSecond(Integer.MAX_VALUE),
                            () -> new WebSocketHandler() {
                                @Override
                                public void onBinary(
                                        final WebSocket webSocket,
                                        final ByteBuffer buffer,
                                        final int offset,
                                        final int length) {
                                    final int sender = buffer.getInt(offset);
                                    final int number = buffer.getInt(offset + 4);
                                    if (length != 8 + number % 300 || next[sender]++ != number) {
                                        wrong.incrementAndGet();
                                    }
                                    received.incrementAndGet();
                                }
                            })
                    .address()
                    .getPort();
            final WebSocket sending = real.transport
                    .connect(
                            URI.create(scheme + "://localhost:" + port),
                            new WebSocketContext(),
                            new WebSocketHandler() {
                                @Override
                                public void onPong(
                                        final WebSocket webSocket,
                                        final ByteBuffer payload,
                                        final int offset,
                                        final int length) {
                                    pongs.incrementAndGet();
                                }
                            })
                    .get(DEADLINE_S, TimeUnit.SECONDS);
            final List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int s = 0; s < SENDERS; s++) {
                final int sender = s;
                all.add(inThread(threads, () -> {
                    for (int i = 0; i < MESSAGES; i++) {
                        final ByteBuffer message = ByteBuffer.allocate(8 + i % 300)
                                .putInt(0, sender)
                                .putInt(4, i);
                        assertTrue(sending.binaries().send(message, TimeUnit.SECONDS.toNanos(DEADLINE_S)) > 0);
                    }
                }));
            }
            int pings = 0;
            while (!all.stream().allMatch(CompletableFuture::isDone)) {
                if (pongs.get() == pings && sending.ping(PING) > 0) {
                    pings++;
                }
                assertNull(deadlocked());
            }
            Await.until(() -> received.get() == SENDERS * MESSAGES);

            assertEquals(0, wrong.get());
        }
    }
}
