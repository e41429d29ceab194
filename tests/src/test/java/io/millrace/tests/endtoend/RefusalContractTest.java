package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.AddressFilter;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.RefusalReason;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a listener refuses for: that one socket is closed, that one reason counted, and who is there stays. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusalContractTest {
    private static final SSLContext SSL_CONTEXT = sslContext();

    /** For these the first is let in, and holds what the second one wants; for the others nobody is. */
    private static final Set<RefusalReason> OF_THE_SECOND = EnumSet.of(
            RefusalReason.TOO_MANY_CONNECTIONS,
            RefusalReason.TOO_MANY_FROM_ADDRESS,
            RefusalReason.TOO_FAST,
            RefusalReason.TOO_MANY_HANDSHAKES,
            RefusalReason.NO_HANDLER);

    private final AtomicBoolean handlersFail = new AtomicBoolean();
    private final Recorder first = new Recorder();

    private static SSLContext sslContext() {
        try {
            return SelfSignedCertificate.sslContext();
        } catch (final Exception ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** A process without descriptors or threads is another test's. */
    static Stream<Arguments> waysAndReasons() {
        return Ways.drivings()
                .flatMap(driving ->
                        EnumSet.complementOf(EnumSet.of(RefusalReason.NO_DESCRIPTOR, RefusalReason.OUT_OF_RESOURCES))
                                .stream()
                                .map(reason -> Arguments.of(driving, reason)));
    }

    private static ListenerContext settings(final RefusalReason reason) {
        final ListenerContext settings = new ListenerContext();
        return switch (reason) {
            case TOO_MANY_CONNECTIONS -> settings.maxConnections(1);
            case TOO_MANY_FROM_ADDRESS -> settings.maxConnectionsPerAddress(1);
            case TOO_FAST -> settings.acceptRate(1, 1);
            case TOO_MANY_HANDSHAKES -> settings.maxHandshakes(1);
            case ADDRESS_DENIED -> settings.addressFilter(AddressFilter.ALL.deny("127.0.0.0/8"));
            case NOT_A_PROXY -> settings.proxySources(AddressFilter.ALL.allow("192.0.2.1"));
            case NO_HANDLER, NO_DESCRIPTOR, OUT_OF_RESOURCES -> settings;
        };
    }

    private Recorder handler() {
        if (handlersFail.get()) {
            throw new IllegalStateException("deliberate");
        }
        return first;
    }

    private static Socket connect(final Listener listener) throws IOException {
        final Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Recorder.DEADLINE_S));
        return socket;
    }

    /** By its end, or by a reset. A socket that nobody closes lets the read time out, which is no {@link SocketException}. */
    private static void assertClosed(final Socket socket) throws IOException {
        try (socket) {
            assertEquals(-1, socket.getInputStream().read());
        } catch (final SocketException ignored) {
            // A reset.
        }
    }

    @ParameterizedTest
    @MethodSource("waysAndReasons")
    void shouldCloseTheSocketAndCountTheReason(final Driving driving, final RefusalReason reason) throws Exception {
        // A clock that stands still: nobody is let in again because some time is over.
        try (DrivenTransport driven = new DrivenTransport(new TransportContext()
                .driving(driving)
                .nanoClock(() -> 0)
                .tlsContext(new TlsContext().sslContext(SSL_CONTEXT)))) {
            final boolean secure = reason == RefusalReason.TOO_MANY_HANDSHAKES;
            final Listener listener = driven.transport.listen(
                    URI.create((secure ? "tls" : "tcp") + "://127.0.0.1:0"), settings(reason), this::handler);
            if (!OF_THE_SECOND.contains(reason)) {
                assertClosed(connect(listener));
                assertRefused(driven, listener, reason);
                return;
            }
            try (Socket living = connect(listener)) {
                awaitFirst(listener, !secure);
                handlersFail.set(reason == RefusalReason.NO_HANDLER);
                assertClosed(connect(listener));
                assertRefused(driven, listener, reason);
                assertEquals(1, listener.counters().connections());
                assertEquals(secure ? 1 : 0, listener.counters().handshakes());
                if (!secure) {
                    living.getOutputStream().write(new byte[] {0, 0, 0, 1, 42});
                    living.shutdownOutput();
                    first.awaitClose();
                    assertEquals(42, first.messages.element()[0]);
                }
            }
        }
    }

    private static void assertRefused(
            final DrivenTransport driven, final Listener listener, final RefusalReason reason) {
        assertEquals(1, listener.counters().refused(reason));
        assertEquals(1, driven.transport.counters().refused(reason));
        assertEquals(
                1,
                Arrays.stream(RefusalReason.values())
                        .mapToLong(listener.counters()::refused)
                        .sum());
    }

    /** Until the first is in, and open where it can be. */
    private static void awaitFirst(final Listener listener, final boolean opens) {
        final long startNs = System.nanoTime();
        while (listener.counters().connections() == 0
                || (opens && listener.counters().handshakes() > 0)) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S), "not in time");
            Thread.yield();
        }
    }
}
